"""A clerk describes a dataset, sends its file, corrects what was guessed, publishes, goes back: without JavaScript."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lacydon.capabilities.data.models import Arrival, Dataset, Series, Version
from lacydon.capabilities.data.queries import arrivals as sent
from lacydon.capabilities.data.queries.roles import PUBLISHER
from lacydon.kernel.jobs import work
from tests.capabilities.data.harbour import published
from tests.capabilities.trust import people
from tests.markup import read

pytestmark = pytest.mark.django_db

CSV = "Code INSEE;Nom;Étals\n13055;Plaine;12\n13001;Prado;douze\n" + "13055;Autre;3\n" * 20


@pytest.fixture
def clerk(client):
    organisation = people.organisation("ville")
    person = people.agent(organisation=organisation, roles=(PUBLISHER,))
    return people.signed_in(client, person, organisation="ville")


def created(clerk) -> Dataset:
    answer = clerk.post(
        "/agent/donnees/nouveau",
        {
            "title": "Marchés forains",
            "description": "Où et quand.",
            "licence": "lov2",
            "access": "public",
            "themes": ["ECON"],
            "keywords": "marché, commerce",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    return Dataset.objects.get()


def posted(clerk, row: Dataset, content: bytes, name: str = "marches.csv"):
    return clerk.post(f"/agent/donnees/{row.pk}/envoyer", {"file": SimpleUploadedFile(name, content)})


def shown(answer, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2_000]
    html = answer.content.decode()
    read(html)
    return html


def test_from_nothing_to_a_version_and_back(clerk):
    shown(clerk.get("/agent/donnees"))
    shown(clerk.get("/agent/donnees/nouveau"))
    row = created(clerk)
    assert (row.pk, row.licence, row.themes) == ("marches-forains", "lov2", ["ECON"])
    shown(clerk.get(f"/agent/donnees/{row.pk}"))
    answer = posted(clerk, row, CSV.encode("cp1252"))
    assert answer.status_code == 303
    columns = answer["Location"]
    html = shown(clerk.get(columns))
    assert html.index("name-3") < html.index("name-1")  # the doubtful one first
    assert "douze" in html
    form = {
        "kept-1": "1", "label-1": "Code INSEE", "name-1": "code_insee", "type-1": "text", "kind-1": "citycode",
        "kept-2": "1", "label-2": "Nom", "name-2": "code_insee", "type-2": "text", "kind-2": "",
        "kept-3": "1", "label-3": "Étals", "name-3": "etals", "type-3": "integer", "kind-3": "",
    }  # fmt: skip
    assert "des noms différents" in shown(clerk.post(columns, form), 422)
    answer = clerk.post(columns, {**form, "name-2": "nom"})
    assert answer.status_code == 303, answer.content.decode()
    preview = answer["Location"]
    html = shown(clerk.get(preview))
    assert "douze" in html and "Prado" in html
    assert "pourquoi" in shown(clerk.post(preview, {"reason": ""}), 422)
    assert clerk.post(preview, {"reason": "première fois"})["Location"] == columns
    html = shown(clerk.get(columns))
    version = Version.objects.get()
    assert (version.number, version.rows, version.ordered_by) == (1, 22, ["code_insee"])
    assert {each["name"]: each["type"] for each in version.columns} == {
        "code_insee": "text", "nom": "text", "etals": "integer",
    }  # fmt: skip

    answer = posted(clerk, row, b"Code INSEE;Nom\n13055;Seul\n")
    form = {name: value for name, value in form.items() if not name.endswith("-3")} | {"name-2": "nom"}
    preview = clerk.post(answer["Location"], form)["Location"]
    clerk.post(preview, {"reason": "moins"})
    versions = f"/agent/donnees/{row.pk}/versions"
    html = shown(clerk.get(versions))
    assert "première fois" in html and "etals" in html
    assert f'href="/donnees/{row.pk}/versions/2"' in html
    clerk.post(f"{versions}/1/reprendre", {"reason": "c’était mieux"})
    assert Version.objects.get(number=3).rows == 22
    clerk.post(versions, {"keep": "5"})
    assert Dataset.objects.get().keep == 5
    shown(clerk.post(versions, {"keep": "tout"}), 422)


def test_what_is_wrong_is_said_beside_the_field(clerk):
    html = shown(clerk.post("/agent/donnees/nouveau", {"title": "", "description": "", "licence": "x"}), 422)
    assert "Donnez un titre" in html
    row = created(clerk)
    assert "Choisissez un fichier" in shown(clerk.post(f"/agent/donnees/{row.pk}/envoyer", {}), 422)
    answer = clerk.post(f"/agent/donnees/{row.pk}/adresse", {"url": "http://127.0.0.1/a.csv"})
    assert "pas sur Internet" in shown(answer, 502)
    answer = posted(clerk, row, b"%PDF-1.7", name="a.pdf")
    assert "PDF" in shown(clerk.get(answer["Location"]))


def test_another_organisation_sees_nothing_of_it(clerk, client):
    row = created(clerk)
    columns = posted(clerk, row, CSV.encode())["Location"]
    other = people.agent(organisation=people.organisation("autre"), roles=(PUBLISHER,))
    people.signed_in(client, other, organisation="autre")
    for address in (f"/agent/donnees/{row.pk}", columns, f"/agent/donnees/{row.pk}/versions"):
        assert client.get(address).status_code == 404
    assert posted(client, row, CSV.encode()).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_large_file_is_read_by_a_job_while_the_page_says_how_far(clerk, monkeypatch):
    monkeypatch.setattr(sent, "QUICK", 5)
    row = created(clerk)
    columns = posted(clerk, row, b"a;b\n1;x\n")["Location"]
    html = shown(clerk.get(columns))
    assert 'http-equiv="refresh"' in html and "<progress" in html
    work(once=True)
    assert Arrival.objects.get().state == Arrival.State.READ
    form = {"kept-1": "1", "name-1": "a", "label-1": "a", "type-1": "integer", "kind-1": ""}
    preview = clerk.post(columns, form)["Location"]
    assert 'http-equiv="refresh"' in shown(clerk.get(preview))
    work(once=True)
    shown(clerk.get(preview))
    assert Arrival.objects.get().report["rows"] == 1


def test_another_separator_and_giving_up(clerk):
    row = created(clerk)
    columns = posted(clerk, row, b"a|b;c\n1|2;3\n4|5;6\n")["Location"]
    clerk.post(f"{columns}/lire", {"separator": "|"})
    assert sent.inspection_of(Arrival.objects.get()).separator == "|"
    clerk.post(f"{columns}/abandonner")
    assert not Arrival.objects.exists()


def test_people_in_the_file_are_told_before_it_is_published(clerk):
    row = created(clerk)
    people_in_it = "nom;prenom;email\n" + "".join(f"Durand{n};Anne;anne{n}@exemple.fr\n" for n in range(30))
    columns = posted(clerk, row, people_in_it.encode())["Location"]
    form = {f"{field}-{n}": value for n, name in ((1, "nom"), (2, "prenom"), (3, "email"))
            for field, value in (("kept", "1"), ("name", name), ("label", name), ("type", "text"))}  # fmt: skip
    preview = clerk.post(columns, form)["Location"]
    assert "parlent de personnes" in shown(clerk.get(preview))
    assert clerk.post(preview, {"reason": "x"}).status_code == 422
    assert not Version.objects.exists()


def test_a_category_of_high_value_and_a_series_are_chosen_and_shown(clerk):
    Series.objects.create(pk="marches", title={"fr": "Marchés, année après année"}, description={"fr": "x"})
    row = created(clerk)
    address = f"/agent/donnees/{row.pk}/decrire"
    said = {"title": "Marchés", "description": "x", "licence": "lov2", "access": "public"}
    assert clerk.post(address, said | {"hvd": "mobility", "series": "marches"}).status_code == 302
    row.refresh_from_db()
    assert (row.hvd, row.series_id) == ("mobility", "marches")
    form = read(clerk.get(address).content.decode())
    chosen = {each.attributes["value"] for each in form.all("option") if "selected" in each.attributes}
    assert {"mobility", "marches"} <= chosen
    assert clerk.post(address, said | {"hvd": "rien", "series": "rien"}).status_code == 302
    row.refresh_from_db()
    assert (row.hvd, row.series_id) == ("", None), "what is not on the list is not kept"


def test_addresses_of_places_are_confirmed_in_one_choice(clerk):
    row = created(clerk)
    sent = "lieu;adresse\n" + "".join(f"Parking {n};{n} avenue du Prado\n" for n in range(1, 40))
    columns = posted(clerk, row, sent.encode())["Location"]
    form = {f"{field}-{n}": value for n, name in ((1, "lieu"), (2, "adresse"))
            for field, value in (("kept", "1"), ("name", name), ("label", name), ("type", "text"))}  # fmt: skip
    preview = clerk.post(columns, form)["Location"]
    page = clerk.get(preview)
    assert "39 lignes, 2 colonnes." in shown(page) and "1 colonne est à confirmer" in shown(page)
    assert "parle de personnes\u00a0:" not in shown(page)
    people_in_it = re.search(r"/donnees/publier/[^/]+/donnees-personnelles", page.content.decode())[0]
    assert "Garder\u00a0: ce ne sont pas des données de personnes" in shown(clerk.get(people_in_it))
    assert clerk.post(people_in_it, {"kind-lieu": "nobody"}).status_code == 422, "only where it is likely"
    assert clerk.post(people_in_it, {"kind-adresse": "nobody"}).status_code == 302
    assert "Ce ne sont pas des données de personnes." in shown(clerk.get(people_in_it))
    assert clerk.post(preview, {"reason": "x"}).status_code == 303
    assert Version.objects.get().rows == 39


def test_what_its_schema_finds_faulty_is_published_only_by_who_says_so(clerk, settings):
    shelf = Path(settings.HOME) / "schemas"
    shelf.mkdir(parents=True, exist_ok=True)
    (shelf / "etals.json").write_text(
        '{"title": "Étals", "fields": [{"name": "Code INSEE"}, {"name": "Nom"}, {"name": "Étals", "type": "integer"}]}'
    )
    row = created(clerk)
    assert 'value="etals"' in shown(clerk.get(f"/agent/donnees/{row.pk}/decrire"))
    Dataset.objects.filter(pk=row.pk).update(schema="etals")
    columns = posted(clerk, row, CSV.encode())["Location"]
    form = {f"{field}-{n}": value for n in (1, 2, 3) for field, value in (("kept", "1"), ("name", f"c{n}"))}
    preview = clerk.post(columns, form)["Location"]
    assert "Ligne 3" in shown(clerk.get(preview))
    html = shown(clerk.post(preview, {"reason": "ainsi"}), 422)
    assert 'aria-describedby="anyway-trouble"' in html and not Version.objects.exists()
    assert clerk.post(preview, {"reason": "ainsi", "anyway": "1"}).status_code == 303
    assert Version.objects.get().checks == {"schema": "Étals", "valid": False, "faults": 1}
    assert "1 erreur par rapport au schéma" in shown(clerk.get(f"/agent/donnees/{row.pk}/versions"))
    assert "Pas conforme au schéma" in clerk.get(f"/donnees/{row.pk}").content.decode()
    assert clerk.get(f"{columns}/rapport").status_code == 404
    (shelf / "etals.json").unlink()


def test_a_derived_dataset_begins_from_the_page_of_another(clerk):
    row = created(clerk)
    assert f"/donnees/{row.pk}/recette" in shown(clerk.get(f"/agent/donnees/{row.pk}"))
    answer = clerk.post(posted(clerk, row, b"Code INSEE;Nom\n13055;Seul\n")["Location"], {})
    clerk.post(answer["Location"], {"reason": "essai"})
    page = read(clerk.get(f"/agent/donnees/{row.pk}").content.decode())
    begin = next(each.attributes["href"] for each in page.all("a") if each.words == "Faire un jeu dérivé")
    assert row.pk in shown(clerk.get(begin))
    said = {"title": "Marchés de la ville", "description": "Un extrait.", "licence": "lov2", "access": "public"}
    recipe = shown(clerk.get(clerk.post(begin, said)["Location"]))
    assert f'FROM "{row.pk}"' in unescape(recipe) and "Seul" in recipe


def test_one_false_siret_puts_its_column_first(clerk):
    row = created(clerk)
    sirets = "".join(f"Fournisseur {n};21130055300016\n" for n in range(9))
    columns = posted(clerk, row, f"nom;siret\n{sirets}Dernier;21130055300017\n".encode())["Location"]
    html = shown(clerk.get(columns))
    assert html.index("name-2") < html.index("name-1")
    assert "clé fausse" in html and "21130055300017" in html


def test_one_row_is_one_row(clerk):
    published("ligne", "SELECT 1 AS a", point=None)
    published("lignes", "SELECT 1 AS a UNION ALL SELECT 2", point=None)
    page = read(shown(clerk.get("/agent/donnees"))).words
    assert ", 1 ligne " in page + " " and ", 2 lignes" in page and "1 lignes" not in page
