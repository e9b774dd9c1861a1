"""Money: whatever the cut the sum is the whole; files are taken whole or refused line by line; annexed documents agree."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lacydon.capabilities.agenda.actions.money import annex, load_budget, load_grants
from lacydon.capabilities.agenda.errors import RefusedLines
from lacydon.capabilities.agenda.models import State
from lacydon.capabilities.agenda.public import chart
from lacydon.capabilities.agenda.queries.money import BY, gaps, grouped, shares, whole, years
from lacydon.capabilities.agenda.queries.nouns import Budget
from lacydon.capabilities.trust.models import Organisation
from lacydon.kernel import clock
from lacydon.kernel.access import MACHINE
from lacydon.kernel.ui import kept
from tests.capabilities.agenda.plan.few import OWNER, action, budget, made, plan, written
from tests.capabilities.trust.people import agent, signed_in
from tests.markup import read

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEAD = (
    "BGT_NATDEC;BGT_ANNEE;BGT_SIRET;BGT_NOM;BGT_CONTNAT;BGT_CONTNAT_LABEL;BGT_NATURE;BGT_NATURE_LABEL;BGT_FONCTION;"
    "BGT_OPERATION;BGT_SECTION;BGT_OPBUDG;BGT_CODRD;BGT_MTREAL;BGT_MTPREV;BGT_CREDOUV;BGT_MTRAR3112"
)
SIRET = "20005480700017"
GRANTS = (
    "nomAttribuant,idAttribuant,dateConvention,referenceDecision,nomBeneficiaire,idBeneficiaire,objet,montant,nature,"
    "conditionsVersement,datesPeriodeVersement"
)
REGION = "Région,23130002100012"


@pytest.fixture(autouse=True)
def a_territory_read_afresh(small_territory, settings, monkeypatch):
    class Held(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return NOON

    monkeypatch.setattr(clock, "datetime", Held)
    settings.SNAPSHOT_SECONDS = 0
    kept._forget()


def whole_plan() -> None:
    allowed = {"kind": "AE", "code": "AE-2", "voted": Decimal("1000.01"), "act": "vote"}
    written(
        *plan(),
        made("axis", id="donnees", agenda="numerique", order=2, ambition={"fr": "…"}, title={"fr": "Les données"}),
        made("policy", id="voirie", title={"fr": "Voirie"}, m57_function="84"),
        action(axes=[{"axis": "services", "weight": Decimal("33.33")}, {"axis": "donnees", "weight": Decimal("66.67")}]),
        action("autre"),
        budget(),
        budget(
            "deux", policy="voirie", section="fonctionnement", nature="611", authorisation=allowed,
            years=[
                {"year": 2025, "voted": 300, "engaged": Decimal("99.99"), "paid": Decimal("33.33"), "as_of": date(2025, 12, 31)},
                {"year": 2026, "voted": 400, "revised": 500, "engaged": 0, "paid": 0, "as_of": date(2026, 2, 1)},
            ],
        ),
        budget("trois", of="autre", authorisation={"kind": "AP", "code": "AP-3", "voted": 7, "act": "vote"}, years=[], funding=[]),
    )  # fmt: skip


def row(stage="compte administratif", year="2026", **said: str) -> str:
    cells = {
        "siret": SIRET, "account": "2051", "function": "020", "operation": "AP-1", "section": "investissement", "real": "réel",
        "way": "dépense", "paid": "", "voted": "", "open": "", "left": "",
    } | said  # fmt: skip
    return ";".join(
        (
            stage, year, cells["siret"], "Métropole", cells["account"], "Logiciels", "20", "Immobilisations", cells["function"],
            cells["operation"], cells["section"], cells["real"], cells["way"], cells["paid"], cells["voted"], cells["open"],
            cells["left"],
        )
    )  # fmt: skip


def sent(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *rows)).encode()


def refused(*rows: str, head: str = HEAD) -> dict[tuple[int, str], tuple[str, str]]:
    before = State.objects.count()
    with pytest.raises(RefusedLines, match="Rien n’a été chargé") as refusal:
        load_budget(content=sent(*rows, head=head), name="budget.csv", actor=MACHINE)
    assert State.objects.count() == before
    return {(each.line, each.column): (each.found, each.expected) for each in refusal.value.facts["lines"]}


def test_whatever_the_cut_the_sum_is_the_whole_to_the_cent():
    whole_plan()
    all_ = whole(chart())
    assert (all_.voted, all_.engaged, all_.paid) == (Decimal("2007.01"), Decimal("599.99"), Decimal("433.33"))
    for by in BY:
        groups = grouped(chart(), by)
        for name in ("voted", "engaged", "paid", "credits", "granted", "received"):
            assert sum(getattr(each.money, name) for each in groups) == getattr(all_, name), (by, name)
    by_axis = {each.key: each.money.voted for each in grouped(chart(), "axe")}
    assert by_axis == {"services": Decimal("673.60"), "donnees": Decimal("1333.41")}
    assert {each.key for each in grouped(chart(), "fonction")} == {"0", "84"}


def test_a_year_is_compared_with_the_time_that_its_figures_speak_of():
    whole_plan()
    before, now = years(chart())
    assert (before.year, before.elapsed, before.share) == (2025, 100, 11)
    assert (now.credits, now.paid, now.as_of, now.elapsed) == (1100, 400, date(2026, 2, 1), 9)
    assert [(each.funder, each.asked, each.granted, each.received) for each in shares(chart())] == [
        ("Etat", 200, 160, 80)
    ]


def test_a_budget_is_loaded_stage_by_stage_and_the_same_again_changes_nothing():
    whole_plan()
    rows = (
        row("budget primitif", "2027", voted="100,50"),
        row("budget primitif", "2027", operation="", account="64111", voted="1"),
        row("décision modificative", "2027", open="90"),
        row(paid="1 00,00", left="20"), row(paid="50"),
        row(paid="9", way="recette"), row(paid="8", real="ordre"),
    )  # fmt: skip
    read_ = load_budget(content=sent(*rows), name="ca.csv", actor=MACHINE, as_of=date(2027, 6, 30), source="budget@2")
    assert (read_.taken, read_.left, len(read_.budgets)) == (4, 3, 1)
    then = {each.year: each for each in chart().one(Budget, "credits").years}
    assert (then[2027].voted, then[2027].revised, then[2027].source) == (Decimal("100.50"), 90, "budget@2")
    assert (then[2026].voted, then[2026].paid, then[2026].engaged) == (600, 150, 170)
    count = State.objects.count()
    load_budget(content=sent(*rows).decode().encode("cp1252"), name="ca.csv", actor=MACHINE, as_of=date(2027, 7, 1))
    assert State.objects.count() == count


def test_a_budget_is_refused_line_by_line_in_words_and_nothing_is_written():
    whole_plan()
    told = refused(
        row("compte final", paid="1"), row(paid="douze"), row(siret="21130055300016", paid="1"), row(account="611", paid="1"),
        row(section="fonctionnement", paid="1"), row(year="26", paid="2"), row(), row(paid="3,001"), row(paid="5"), row(paid="5"),
    )  # fmt: skip
    assert told[2, "BGT_NATDEC"][0] == "« compte final »"
    assert told[3, "BGT_MTREAL"] == ("« douze »", "un montant en euros, comme 12500,00")
    assert "200054807" in told[4, "BGT_SIRET"][1]
    assert told[5, "BGT_CONTNAT"][1].startswith("2051")
    assert told[6, "BGT_SECTION"][1] == "« investissement »"
    assert told[7, "BGT_ANNEE"][1] == "un nombre entier de 2000 à 2100"
    assert told[8, "BGT_MTREAL"][0] == "rien"
    assert told[9, "BGT_MTREAL"][1] == "deux décimales au plus"
    assert told[11, ""][0] == "la même ligne que la ligne 10"
    assert len(told) == 9


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ([row(paid="601")], (2, "BGT_MTREAL")),
        ([row("budget primitif", "2027", voted="500")], (2, "BGT_CREDOUV")),
        ([row(paid="-1")], (2, "BGT_MTREAL")),
    ],
    ids=["more paid than the credits of the year", "more credits than authorised", "less than nothing"],
)
def test_what_breaks_a_rule_of_public_money_is_refused_at_its_line(rows, where):
    whole_plan()
    assert where in refused(*rows)


def test_a_file_that_is_no_table_says_so():
    whole_plan()
    assert (0, "") in refused(head="")
    assert (1, "BGT_CODRD") in refused(row(), head=HEAD.replace("BGT_CODRD", "SENS"))
    assert (1, "BGT_ANNEE") in refused(row(), head=HEAD.replace("BGT_NOM", "BGT_ANNEE"))


def test_grants_of_a_funder_replace_what_it_granted():
    whole_plan()
    rows = (
        f"{REGION},2026-01-05,AP-1,Métropole,{SIRET},Portail,200,aide en numéraire,unique,2026-02-01",
        f"{REGION},2026-01-05,,Métropole,{SIRET},Suite (AP-1),50,aide en numéraire,unique,2026-02-01",
        f"{REGION},2026-01-05,,Une association,44229377500031,Fête,9,aide en numéraire,unique,2026-02-01",
    )
    found = load_grants(content=sent(*rows, head=GRANTS), name="s.csv", funder="Etat", actor=MACHINE)
    assert (found.taken, found.left) == (2, 1)
    [fund] = chart().one(Budget, "credits").funding
    assert (fund.asked, fund.granted, fund.received) == (250, 250, 40)
    wrong = (
        f"{REGION},5 janvier,AP-1,Métropole,{SIRET},Portail,200,aide en numéraire,unique,2026",
        f"{REGION},2026-01-05,,Métropole,{SIRET},Portail,200,aide en numéraire,unique,2026",
        f"État,11004601800013,2026-01-05,AP-1,Métropole,{SIRET},Portail,2,aide en numéraire,unique,2026",
    )
    with pytest.raises(RefusedLines) as refusal:
        load_grants(content=sent(*wrong, head=GRANTS), name="s.csv", funder="Etat", actor=MACHINE)
    places = [(each.line, each.column) for each in refusal.value.facts["lines"]]
    assert places == [(2, "dateConvention"), (3, "objet"), (4, "idAttribuant")]
    with pytest.raises(RefusedLines) as refusal:
        small = f"{REGION},2026-01-05,AP-1,Métropole,{SIRET},Portail,39,aide en numéraire,unique,2026-02-01"
        load_grants(content=sent(small, head=GRANTS), name="s.csv", funder="Etat", actor=MACHINE)
    assert [(each.line, each.column) for each in refusal.value.facts["lines"]] == [(2, "montant")]


def annexed(*rows: str) -> bytes:
    return "\n".join(("politique;code;montant", *rows)).encode()


def test_the_agenda_is_compared_with_the_document_that_was_voted_line_by_line(client):
    whole_plan()
    annex(
        act="vote",
        content=annexed("usagers;AP-1;1 000", "Voirie;AE-2;1000,01", "usagers;AP-3;7"),
        name="a.csv",
        actor=MACHINE,
    )
    [compared] = gaps(chart())
    assert compared.equal and compared.gap == 0
    assert "égaux, ligne par ligne" in words(client, "/agenda/budget/annexes/vote")
    annex(
        act="vote",
        content=annexed("usagers;AP-1;900", "usagers;AE-2;1000,01", "usagers;AP-9;5"),
        name="b.csv",
        actor=MACHINE,
    )
    [compared] = gaps(chart())
    assert (compared.wrong, compared.annexed, compared.ours) == (4, Decimal("1905.01"), Decimal("2007.01"))
    told = words(client, "/agenda/budget/annexes/vote")
    for each in (
        "écart de + 100 €",
        "sous une autre politique dans l’agenda : Voirie",
        "absente de l’agenda",
        "absente du document",
    ):
        assert each in told
    with pytest.raises(RefusedLines) as refusal:
        annex(act="vote", content=annexed("nulle part;X;1", "usagers;Y;1", "usagers;Y;2"), name="c.csv", actor=MACHINE)
    assert [(each.line, each.column) for each in refusal.value.facts["lines"]] == [(2, "politique"), (4, "code")]


def words(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return read(answer.content.decode()).words.replace("\u00a0", " ").replace("\u202f", " ")


def test_each_figure_leads_to_its_lines_and_each_line_to_its_act(client):
    whole_plan()
    board = words(client, "/agenda/budget")
    for each in ("2 007,01 €", "Relation aux usagers", "36 % des crédits de l’année"):
        assert each in board
    for by in BY:
        words(client, f"/agenda/budget?par={by}")
    lines = words(client, "/agenda/budget/lignes?par=axe&cle=donnees")
    assert "1 333,41 € votés" in lines and "66,67 % de la ligne compte ici" in lines
    assert "1/19/CM" in words(client, "/agenda/budget/lignes/deux")
    assert "Aucun crédit ici" in words(client, "/agenda/budget?le=2010-01-01")
    assert "n’est pas une date" in words(client, "/agenda/budget?le=hier", status=422)
    words(client, "/agenda/budget/lignes/nulle-part", status=404)


def test_the_keeper_of_the_agenda_looks_then_loads(client):
    whole_plan()
    place = Organisation.objects.get(id=OWNER)
    desk = "/agents/agenda/argent"
    keeper = signed_in(client, agent(organisation=place, roles=("agenda.steward",)), organisation=OWNER)
    words(keeper, desk)

    def post(what: str, content: bytes, **said: str):
        return keeper.post(desk, {"quoi": what, "file": SimpleUploadedFile("b.csv", content), **said})

    wrong = post("budget", sent(row(paid="trop")), faire="charger")
    assert wrong.status_code == 422
    assert "« trop »" in read(wrong.content.decode()).words.replace("\u00a0", " ")
    looked = post("budget", sent(row(paid="450", left="10")), faire="verifier", as_of="2026-06-30")
    assert "changerait 1 ligne" in read(looked.content.decode()).words.replace("\u00a0", " ")
    assert chart().one(Budget, "credits").years[0].paid == 400
    assert post("budget", sent(row(paid="450", left="10")), faire="charger", as_of="2026-06-30").status_code == 302
    assert chart().one(Budget, "credits").years[0].paid == 450
    assert post("annexe", annexed("usagers;AP-1;1000"), faire="charger", act="vote").status_code == 302
    assert post("subventions", b"", faire="charger").status_code == 422
