"""Personal data before publication: found, refused until handled, treated, counted."""

from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from lacydon.capabilities.data.actions import treatments
from lacydon.capabilities.data.errors import NotPublishable
from lacydon.capabilities.data.models import Arrival
from lacydon.capabilities.data.queries import arrived
from lacydon.capabilities.data.queries.anonymity import Protection, anonymity, small_cells
from lacydon.capabilities.data.queries.columns import Column
from lacydon.capabilities.data.queries.lake import type_of
from lacydon.capabilities.data.queries.personal_data import iban_holds, nir_holds, personal_data
from lacydon.capabilities.data.queries.treating import Treatment
from lacydon.capabilities.data.queries.unhandled import must_be_handled
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput
from tests.capabilities.trust import people
from tests.markup import read

from .harbour import described

PEOPLE = """
    SELECT 'Dupont' AS nom, 'Marie' AS prenom, DATE '1980-01-02' + i::INTEGER * 40 AS date_naissance,
        'marie.dupont' || i || '@example.org' AS courriel, '06 12 34 56 7' || (i % 10) AS tel,
        '12 rue Paradis' AS adresse, 5.3 + i / 1000.0 AS lon, 43.2 AS lat, '255081416802538' AS numero,
        CASE WHEN i = 3 THEN 'rappeler au 0612345678 svp merci' ELSE 'rien' END AS remarques,
        CASE WHEN i % 5 = 0 THEN '13055' ELSE '13005' END AS commune, CASE WHEN i = 0 THEN 'F' ELSE 'M' END AS sexe,
        i + 1 AS _row
    FROM range(20) t(i)
"""


def parquet(folder: Path, sql: str) -> Path:
    file = folder / "rows.parquet"
    folder.mkdir(parents=True, exist_ok=True)
    duckdb.connect().execute(f"COPY ({sql}) TO '{file}' (FORMAT parquet)")
    return file


def rows(file: Path, asked: str = "*") -> list[tuple[object, ...]]:
    return duckdb.connect().execute(f"SELECT {asked} FROM '{file}' ORDER BY _row").fetchall()


def columns(file: Path) -> tuple[Column, ...]:
    told = duckdb.connect().execute(f"DESCRIBE SELECT * FROM '{file}'").fetchall()
    return tuple(Column(name=row[0], label=row[0], type=type_of(row[1])) for row in told if row[0][0] != "_")


def found(folder: Path, sql: str) -> dict[str, tuple[str, bool]]:
    return {each.column: (each.category, each.confirm) for each in personal_data(parquet(folder, sql))}


def test_people_are_found_by_headings_and_by_values(tmp_path: Path) -> None:
    told = {each.column: each for each in personal_data(parquet(tmp_path, PEOPLE))}
    assert {name: each.category for name, each in told.items()} == {
        "nom": "person-name", "prenom": "person-name", "date_naissance": "birth", "courriel": "email", "tel": "phone",
        "adresse": "address", "lon": "position", "lat": "position", "numero": "nir", "remarques": "free-text",
        "sexe": "sex",
    }  # fmt: skip
    assert (told["numero"].sure, told["remarques"].rows, told["remarques"].share) == ("sure", 1, 0.05)
    shown = " ".join(cell for each in told.values() for cell in each.evidence)
    assert "•" in shown and "dupont" not in shown.lower() and "255081" not in shown


def test_offices_and_things_are_to_be_confirmed_or_left_alone(tmp_path: Path) -> None:
    assert found(
        tmp_path,
        "SELECT 'École Jean Jaurès' AS nom, '12 rue Paradis' AS adresse, '0491000000' AS telephone, "
        "'mairie@ville.example' AS mail, 'Syndicat mixte' AS syndicat_mixte, 12 AS nb_habitants",
    ) == {"adresse": ("address", True), "telephone": ("phone", True), "mail": ("email", True)}
    assert found(
        tmp_path, "SELECT 'Amicale' AS \"nomBeneficiaire\", '12345678900011' AS \"idBeneficiaire_siret\", 10 AS montant"
    ) == {"nomBeneficiaire": ("person-name", True)}
    sirets = "CASE WHEN i = 3 THEN '5520813' ELSE '552081317665' || (10 + i) END AS titulaire_id"
    assert found(tmp_path, f"SELECT {sirets}, 'DALKIA' AS titulaire_denomination FROM range(20) t(i)") == {
        "titulaire_denomination": ("person-name", True)
    }
    named = "SELECT CASE WHEN i % 2 = 0 THEN 'M. Paul Rossi' ELSE 'Mme Durand' END AS responsable, '12 rue X' AS adresse_siege"
    assert not found(tmp_path, f"{named}, 'Amicale' AS nom_association FROM range(9) t(i)")["responsable"][1]
    assert found(tmp_path, "SELECT '0012' AS agent_id") == {"agent_id": ("person-name", False)}


def test_what_article_9_protects_is_told(tmp_path: Path) -> None:
    made = personal_data(parquet(tmp_path, "SELECT 'CGT' AS syndicat, 'aucune' AS allergies, 'x' AS parc"))
    assert [(each.column, each.special) for each in made] == [("syndicat", True), ("allergies", True)]


@pytest.mark.parametrize(
    ("holds", "cell", "right"),
    [
        (nir_holds, "2 55 08 14 168 025 38", True),
        (nir_holds, "255081416802539", False),
        (nir_holds, "1 84 12 2A 451 089 " + "46", False),
        (iban_holds, "FR14 2004 1010 0505 0001 3M02 606", True),
        (iban_holds, "FR1420041010050500013M02607", False),
    ],
)
def test_keys_of_numbers(holds, cell, right):
    assert holds(cell) is right


def test_columns_are_treated(tmp_path: Path) -> None:
    file, to = parquet(tmp_path / "from", PEOPLE), tmp_path / "to.parquet"
    said = (
        Treatment(column="nom", kind="remove"),
        Treatment(column="courriel", kind="pseudonymise"),
        Treatment(column="date_naissance", kind="generalise", to="years:10"),
        Treatment(column="commune", kind="generalise", to="departement"),
        Treatment(column="lon", kind="generalise", to="metres:1000"),
        Treatment(column="remarques", kind="mask"),
    )
    made = treatments.treat(file, to=to, dataset="x", columns=columns(file), treatments=said)
    asked = "courriel, date_naissance, commune, lon, remarques"
    pseudonym, born, commune, _lon, _remark = rows(to, asked)[0]
    assert (len(pseudonym), born, commune) == (20, "1980-1989", "13")  # type: ignore[arg-type]
    assert len({row[3] for row in rows(to, asked)}) < 5
    assert rows(to, asked)[3][4] == "rappeler au […] svp merci"
    assert "nom" not in {each.name for each in made.columns} and made.rows == 20
    again, other = tmp_path / "again.parquet", tmp_path / "other.parquet"
    treatments.treat(file, to=again, dataset="x", columns=columns(file), treatments=said)
    treatments.treat(file, to=other, dataset="y", columns=columns(file), treatments=said)
    assert rows(again, "courriel") == rows(to, "courriel") != rows(other, "courriel")


def test_a_pseudonym_is_an_hmac(tmp_path: Path) -> None:
    import hashlib
    import hmac

    from lacydon.capabilities.data.queries import treating

    ((told,),) = duckdb.connect().execute(f"SELECT {treating.pseudonym(chr(39) + 'é' + chr(39), key=b'k')}").fetchall()
    assert told == hmac.new(b"k", "é".encode(), hashlib.sha256).hexdigest()[:20]


def test_a_position_that_is_rounded_stays_nowhere_else(tmp_path: Path) -> None:
    sql = (
        "SELECT unhex('010100000000000000000014400000000000804540') AS place, 5.0 AS _lon, 43.0 AS _lat, 1 AS _row "
        "UNION ALL SELECT unhex('010100000000000000000014400000000000804540'), 5.001, 43.001, 2"
    )
    file, to = parquet(tmp_path / "from", sql), tmp_path / "to.parquet"
    place = (Column(name="place", label="Lieu", type="point"), Column(name="n", label="N", type="integer"))[:1]
    said = (Treatment(column="place", kind="generalise", to="metres:1000"),)
    treatments.treat(file, to=to, dataset="x", columns=place, treatments=said)
    assert len({row[:3] for row in rows(to, "place, _lon, _lat")}) == 1
    wide = parquet(tmp_path / "from", sql.replace("1 AS _row", "1 AS _row, 7 AS n").replace(", 2", ", 2, 8"))
    both = (*place, Column(name="n", label="N", type="integer"))
    treatments.treat(wide, to=to, dataset="x", columns=both, treatments=(Treatment(column="place", kind="remove"),))
    assert set(duckdb.connect().execute(f"SELECT name FROM parquet_schema('{to}')").fetchall()) == {
        ("duckdb_schema",), ("n",), ("_row",)
    }  # fmt: skip


def test_how_well_people_hide_is_counted(tmp_path: Path) -> None:
    file = parquet(tmp_path, PEOPLE)
    told = anonymity(file, protection=Protection(quasi=("commune", "sexe"), k=4, sensitive="tel"))
    assert (told.smallest, told.alone, told.below, told.groups, told.rows) == (1, 1, 4, 3, 20)
    assert (told.holds, told.diversity) == (False, 1)
    assert [each[2:] for each in told.sizes] == [(1, 1), (1, 3), (0, 0), (1, 16), (0, 0)]


def test_small_counts_are_masked_with_what_would_give_them_back(tmp_path: Path) -> None:
    cells = "('a','x',5,1),('a','y',40,2),('a','z',25,3),('b','x',30,4),('b','y',18,5),('b','z',60,6),('c','x',0,7),('c','y',90,8),('c','z',70,9)"
    file, to = (
        parquet(tmp_path / "from", f"SELECT * FROM (VALUES {cells}) t(lieu, age, n, _row)"),
        tmp_path / "to.parquet",
    )
    told = small_cells(file, counts="n", by=("lieu", "age"))
    # 5 alone gives itself away on its line and in its column: one goes with it on each; these two are then alone on their
    # other lines, where the cell they share hides both.
    assert (told.small, told.cells, told.found_again) == (1, 9, 0)
    said = (Treatment(column="n", kind="small-cells"),)
    made = treatments.treat(file, to=to, dataset="x", columns=columns(file), treatments=said)
    left = [n for (n,) in rows(to, "n")]
    assert made.figures()["small"] == [{"column": "n", "threshold": 11, "small": 1, "second": 3, "found_again": 0}]
    table = [left[at : at + 3] for at in (0, 3, 6)]
    assert all(line.count(None) != 1 for line in (*table, *zip(*table, strict=True)))
    assert [n for n in left if n is not None] == [40, 18, 0, 90, 70]


@pytest.mark.parametrize("seed", range(4))
def test_no_total_gives_a_small_count_back(tmp_path: Path, seed: int) -> None:
    sql = f"""SELECT 'l' || (i // 30) AS lieu, 'a' || (i // 6 % 5) AS age, 's' || (i % 6) AS sorte,
        CASE WHEN hash(i + {seed * 1000}) % 9 = 0 THEN 1 + hash(i) % 10 ELSE hash(i * 7) % 300 END AS n, i AS _row
        FROM range(120) t(i)"""
    told = small_cells(parquet(tmp_path, sql), counts="n", by=("lieu", "age", "sorte"))
    assert told.small > 3
    assert told.found_again == 0
    assert 0 < len(told.second) < 90


def test_a_small_count_that_has_no_other_on_its_line_is_told(tmp_path: Path) -> None:
    told = small_cells(parquet(tmp_path, "SELECT 'a' AS lieu, 3 AS n, 1 AS _row"), counts="n", by=("lieu",))
    assert (told.small, told.second, told.found_again) == (1, (), 0)


@pytest.fixture
def arrival(db: None) -> Arrival:
    described("usagers")
    return arrived_with(PEOPLE)


def arrived_with(sql: str) -> Arrival:
    made = Arrival.objects.create(
        id=uuid4(), dataset_id="usagers", organisation_id="ville", way="upload", name="x.csv", bytes=1, content="0" * 64,
        received_at=now(), state="read",
    )  # fmt: skip
    file = parquet(arrived.rows_of(made).parent, sql)
    made.corrected = {"columns": [each.as_json() for each in columns(file)]}
    made.save()
    treatments.look_for_personal_data(arrival=made)
    return made


@pytest.fixture
def clerk(db: None):
    place = people.organisation("ville")
    return people.actor(people.agent(organisation=place, roles=("data.publisher",)), organisation="ville")


REMOVED = tuple(
    Treatment(column=name, kind="remove")
    for name in ("nom", "prenom", "date_naissance", "tel", "adresse", "lon", "lat", "numero", "remarques")
)


def test_publication_is_refused_until_each_finding_is_handled(arrival, clerk, tmp_path):
    to = tmp_path / "to.parquet"
    with pytest.raises(NotPublishable, match="« nom »"):
        treatments.treated_rows(arrival, to=to)
    treatments.handle(actor=clerk, arrival=arrival, treatments=REMOVED)
    assert [each.column for each in must_be_handled(arrival)] == ["courriel", "sexe"]
    named = (*REMOVED, Treatment(column="courriel", kind="pseudonymise"))
    treatments.handle(actor=clerk, arrival=arrival, treatments=named)
    # Still personal, so not for everybody; and the sex is not compared with anything yet.
    assert [each.column for each in must_be_handled(arrival)] == ["courriel", "sexe"]
    protection = Protection(quasi=("commune", "sexe"), k=4)
    told = treatments.handle(actor=clerk, arrival=arrival, treatments=named, protection=protection)
    assert told.after and told.after.below == 4
    assert must_be_handled(arrival)
    protection = Protection(quasi=("commune", "sexe"), k=4, suppress=True)
    told = treatments.handle(actor=clerk, arrival=arrival, treatments=named, protection=protection)
    assert told.after and (told.after.smallest, told.removed) == (16, 4)
    assert must_be_handled(Arrival.objects.get(pk=arrival.pk)) == []
    made = treatments.treated_rows(arrival, to=to)
    assert (made.rows, len(rows(to))) == (16, 16)


def test_what_is_kept_says_who_and_why(arrival, clerk):
    with pytest.raises(BadInput):
        treatments.handle(actor=clerk, arrival=arrival, treatments=(Treatment(column="tel", kind="keep", why="oui"),))
    said = (
        Treatment(column="tel", kind="keep", why="Numéros publics des élus"),
        Treatment(column="numero", kind="keep", why="Numéros publics des élus"),
    )
    treatments.handle(actor=clerk, arrival=arrival, treatments=said)
    left = {each.column for each in must_be_handled(arrival)}
    assert "tel" not in left and "numero" in left, "a social security number is published under no reason"
    kept = arrival.personal["treatments"]["tel"]
    assert (kept["by"], kept["why"]) == (clerk.person, "Numéros publics des élus")
    assert Entry.objects.filter(action="arrival.treat").count() == 1


def test_nobody_else_decides(arrival):
    other = people.organisation("autre")
    stranger = people.actor(people.agent(organisation=other, roles=("data.publisher",)), organisation="autre")
    with pytest.raises(Exception, match="pas ouvert"):
        treatments.handle(actor=stranger, arrival=arrival, treatments=REMOVED)


def test_the_page_shows_what_was_found_and_what_becomes_of_it(arrival):
    place = people.organisation("ville")
    client = people.signed_in(
        people.visitor(), people.agent(organisation=place, roles=("data.publisher",)), organisation="ville"
    )
    address = f"/donnees/publier/{arrival.pk}/donnees-personnelles"
    page = client.get(address)
    told = read(page.content.decode()).words
    assert "11 colonnes attendent une décision" in told and "marie.dupont0@example.org" in told
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {f"kind-{each.column}": "remove" for each in REMOVED} | {
        "csrfmiddlewaretoken": token, "kind-courriel": "pseudonymise", "quasi": ["commune", "sexe"], "k": "4",
    }  # fmt: skip
    assert client.post(address, form | {"k": "cinq"}).status_code == 422
    assert client.post(address, form).status_code == 302
    shown = read(client.get(address).content.decode()).words
    assert "k = 1 :" in shown and "4 lignes sont dans des groupes de moins de 4" in shown
    assert client.post(address, form | {"suppress": "1"}).status_code == 302
    shown = read(client.get(address).content.decode()).words
    assert "Rien ne s’oppose à la publication" in shown and "k = 16 :" in shown
    other = people.agent(organisation=people.organisation("autre"), roles=("data.publisher",))
    assert people.signed_in(people.visitor(), other, organisation="autre").get(address).status_code == 404


def test_the_page_shows_rows_that_have_a_place_and_says_yes_or_no(db):
    described("usagers")
    made = arrived_with(
        "SELECT 'Marie Dupont' AS nom, true AS ouvert, unhex('0101000000' || repeat('00', 16)) AS lieu, 1 AS _row"
    )
    made.corrected["columns"][2] |= {"type": "point"}
    made.save()
    place = people.organisation("ville")
    client = people.signed_in(
        people.visitor(), people.agent(organisation=place, roles=("data.publisher",)), organisation="ville"
    )
    page = client.get(f"/donnees/publier/{made.pk}/donnees-personnelles")
    assert page.status_code == 200
    cells = page.content.decode().split("<tbody>")[-1]
    assert "<td>oui</td>" in cells and "True" not in cells


def test_what_was_decided_of_a_version_holds_for_the_next(arrival, clerk):
    said = (
        *(each for each in REMOVED if each.column != "tel"),
        Treatment(column="tel", kind="keep", why="Numéros publics des élus"),
        Treatment(column="courriel", kind="pseudonymise"),
    )
    protection = Protection(quasi=("commune", "sexe"), k=4, suppress=True)
    treatments.handle(actor=clerk, arrival=arrival, treatments=said, protection=protection)
    assert must_be_handled(arrival) == []
    Arrival.objects.filter(pk=arrival.pk).update(state=Arrival.State.PUBLISHED)
    assert must_be_handled(arrived_with(PEOPLE)) == []
    other = PEOPLE.replace("'06 12 34 56 7' || (i % 10) AS tel", "'jean' || i || '@example.org' AS tel")
    assert [each.column for each in must_be_handled(arrived_with(other))] == ["tel"], "it holds something else"
