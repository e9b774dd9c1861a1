"""The screens: each figure as the agenda says it, the public twin less what is kept inside, a link that ends."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lacydon.capabilities.agenda.actions.sharing import share_screen, token_of
from lacydon.capabilities.agenda.models import SharedScreen
from lacydon.capabilities.agenda.public import chart
from lacydon.capabilities.agenda.queries.dashboards.places import in_commune, led_by
from lacydon.capabilities.agenda.queries.dashboards.screen import screen
from lacydon.capabilities.trust.models import Entry, Organisation
from lacydon.kernel import clock
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import BadInput
from lacydon.kernel.ui import kept
from tests.capabilities.agenda.money.test_money import words
from tests.capabilities.agenda.plan.few import OWNER, TOWN, action, budget, made, milestone, plan, written
from tests.capabilities.trust.people import agent, organisation, signed_in, visitor
from tests.markup import read

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = NOON.date()


@pytest.fixture(autouse=True)
def at(small_territory, settings, monkeypatch):
    def hold(when: datetime) -> None:
        class Held(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:
                return when

        monkeypatch.setattr(clock, "datetime", Held)

    settings.SNAPSHOT_SECONDS = 0
    kept._forget()
    hold(NOON)
    return hold


def answered(text: str, due: date, done: date | None = None) -> dict:
    answer = {"answer": "acceptee", "reason": {"fr": "Oui."}, "due": due, "done": done}
    return {"id": text, "text": {"fr": f"Conseil {text}"}, "answer": answer}


def whole() -> None:
    written(
        *plan(),
        action(
            "portail", health="rouge", communes=[{"citycode": TOWN, "role": "pilote"}], confidence=40,
            dependencies=[{"action": "base"}], milestones=[milestone("tard", date(2025, 12, 1))],
            decisions=[{"title": {"fr": "Choisir"}, "by": date(2026, 2, 1)}, {"title": {"fr": "Plus tard"}, "by": date(2027, 1, 1)}],
            risks=[{"title": {"fr": "Départ d’un agent"}, "likelihood": 4, "gravity": 5}],
        ),
        action(
            "base", health="orange", planned={"end": date(2026, 1, 31)}, participation={"level": "concertation", "effect": {"fr": "Le guichet ouvre le samedi"}},
            milestones=[milestone("tenue", date(2025, 2, 1), actual=date(2025, 1, 1)), milestone("bientot", date(2026, 4, 1))],
        ),
        action("secrete", visibility="internal", health="rouge"),
        action("bien"),
        budget(),
        budget("internes", of="secrete", authorisation={"kind": "AE", "code": "AE-9", "voted": 5_000_000, "act": "vote"}, years=[]),
        made("indicator", id="part", definition={"fr": "…"}, kind="resultat", unit={"fr": "%"}, title={"fr": "Part en ligne"},
             baseline={"value": 62, "date": date(2019, 12, 19), "estimate": True, "source": "Délibération"}),
        made("axis", id="services", agenda="numerique", order=1, ambition={"fr": "…"}, outcomes=["part"], title={"fr": "Les services"}),
        made(
            "evaluation", id="bilan", agenda="numerique", kind="en-cours", questions=[{"fr": "?"}], evaluator="Cabinet",
            independent=True, method={"fr": "…"}, published=date(2025, 6, 1), title={"fr": "Bilan"},
            recommendations=[answered("a", date(2025, 12, 31)), answered("b", date(2026, 12, 31)), answered("c", DAY, DAY),
                             {"id": "d", "text": {"fr": "Conseil d"}}],
        ),
        made(
            "evaluation", id="prevue", agenda="numerique", kind="finale", questions=[{"fr": "?"}], evaluator="Cabinet",
            independent=True, method={"fr": "…"}, due=date(2026, 1, 1), title={"fr": "Évaluation finale"},
        ),
        made("experience", id="essai", commune=TOWN, title={"fr": "Un essai au guichet"}),
    )  # fmt: skip


def test_the_screen_puts_first_what_goes_worst_with_what_is_asked():
    whole()
    found = screen(chart(), DAY)
    assert [each.action.id for each in found.stuck] == ["portail", "secrete", "base"]
    worst = found.stuck[0]
    assert (worst.slip, [each.id for each in worst.waits_for], worst.asked.title.fr) == (90, ["base"], "Choisir")
    assert worst.unspent == 0
    assert [(each.id, one.title.fr) for each, one in found.decisions] == [
        ("portail", "Choisir"),
        ("portail", "Plus tard"),
    ]
    assert (found.tally.kept, found.tally.missed) == (1, 1)
    assert found.levels == {"concertation": 1, "": 3}
    assert [each.id for each in found.results] == ["part"]


def test_credits_that_wait_are_counted_against_the_time_of_their_figures():
    whole()
    late = [{"year": 2026, "voted": 730, "engaged": 0, "paid": 18, "as_of": date(2026, 1, 30)}]
    written(budget(years=late))
    assert screen(chart(), DAY).stuck[0].unspent == Decimal(42)


def test_lessons_that_wait_are_told():
    whole()
    found = screen(chart(), DAY).learning
    assert (found.published, [each.id for each in found.due], found.late) == (1, ["prevue"], 1)
    assert ([one.id for _each, one in found.idle], found.idle_late) == (["a", "b"], 1)
    assert [one.id for _each, one in found.waiting] == ["d"]


def test_the_public_twin_has_the_same_less_what_is_inside_which_it_lists(client):
    whole()
    told = words(client, "/agenda/tableau-de-bord")
    for each in (
        "Action portail",
        "Choisir",
        "Part en ligne",
        "1 action, encore à usage interne",
        "Sont des estimations :",
        "1 action dit ce que la participation y a changé. Concertation : Le guichet ouvre le samedi",
    ):
        assert each in told, each
    assert "Action secrete" not in told and "5 M€" not in told
    keeper = signed_in(client, agent(organisation=_place(), roles=("agenda.steward",)), organisation=OWNER)
    inside = words(keeper, "/agents/agenda/tableau-de-bord")
    assert "Action secrete" in inside and "5 M€" in inside
    page = keeper.get("/agents/agenda/tableau-de-bord").content.decode()
    assert "/agenda/actions/secrete" not in page and 'href="/agenda/actions/portail"' in page


def _place() -> Organisation:
    return Organisation.objects.get(id=OWNER)


def test_what_changed_since_a_committee_is_compared_with_that_day(client, at):
    whole()
    before = words(client, "/agenda/tableau-de-bord?depuis=2024-12-31")
    assert "rien n’était encore enregistré ici : on compare ce qui porte une date" in before
    assert "1 promesse tenue" in before and "Promesse tenue – Action base 1er janvier 2025" in before
    assert "pas encore voté : rien à comparer" in words(client, "/agenda/tableau-de-bord?depuis=2001-01-01")
    at(NOON + timedelta(days=40))
    written(action("nouvelle"), action("bien", status="realisee"))
    told = words(client, f"/agenda/tableau-de-bord?depuis={NOON.date()}")
    assert "1 action ajoutée, 1 changée" in told and "Action nouvelle" in told
    assert "n’est pas une date" in words(client, "/agenda/tableau-de-bord?depuis=demain")


def test_a_link_opens_the_screen_until_it_ends_or_is_taken_back(client, at):
    whole()
    shared = share_screen(label="Comité de mars", days=14, actor=MACHINE)
    address = f"/agenda/partage/{token_of(shared)}"
    answer = visitor().get(address)
    assert answer["Cache-Control"] == "private, no-store" and answer["Referrer-Policy"] == "no-referrer"
    assert "Action secrete" in words(client, address) and "Comité de mars" in words(client, address)
    words(client, address[:-1] + ("a" if address[-1] != "a" else "b"), status=404)
    words(client, "/agenda/partage/n-importe-quoi", status=404)
    at(NOON + timedelta(days=15))
    words(client, address, status=404)
    for label, days in (("", 5), ("Comité", 0), ("Comité", 91)):
        with pytest.raises(BadInput):
            share_screen(label=label, days=days, actor=MACHINE)


def test_the_keeper_makes_a_link_and_takes_it_back(client):
    whole()
    keeper = signed_in(client, agent(organisation=_place(), roles=("agenda.steward",)), organisation=OWNER)
    assert "120 signes" in words_of_post(keeper, {"label": "", "days": "5"}, status=422)
    assert keeper.post("/agents/agenda/partages", {"label": "Conseil", "days": "5"}).status_code == 302
    shared = SharedScreen.objects.get()
    told = words(keeper, "/agents/agenda/partages")
    assert "Conseil" in told and f"/agenda/partage/{token_of(shared)}" in told
    keeper.post(f"/agents/agenda/partages/{shared.pk}/reprendre")
    assert visitor().get(f"/agenda/partage/{token_of(shared)}").status_code == 404
    assert set(Entry.objects.filter(object=f"screen:{shared.pk}").values_list("action", flat=True)) == {
        "agenda.share", "agenda.unshare",
    }  # fmt: skip


def test_who_decides_sees_and_shares_the_screen_and_writes_nothing(client):
    whole()
    decider = signed_in(client, agent(organisation=_place(), roles=("agenda.decider",)), organisation=OWNER)
    told = words(decider, "/agents/agenda/tableau-de-bord")
    assert "Action secrete" in told and "Tableau de bord" in told
    assert decider.post("/agents/agenda/partages", {"label": "Conseil", "days": "5"}).status_code == 302
    for address in ("/agents/agenda", "/agents/agenda/plan", "/agents/agenda/argent", "/agent/agenda/indicateurs"):
        words(decider, address, status=403)


@pytest.mark.parametrize("role", ["agenda.steward", "agenda.decider"])
def test_the_role_held_in_another_house_opens_nothing_of_this_one(client, role):
    whole()
    elsewhere = organisation("commune-ailleurs")
    other = signed_in(client, agent(organisation=elsewhere, roles=(role,)), organisation=elsewhere.id)
    for address in ("tableau-de-bord", "partages", "argent"):
        words(other, f"/agents/agenda/{address}", status=403)
    words(other, "/agent/agenda/indicateurs", status=403)
    assert other.post("/agents/agenda/partages", {"label": "Conseil", "days": "5"}).status_code == 403
    assert other.post("/agent/agenda/indicateurs/mesurer").status_code == 403
    assert not SharedScreen.objects.exists()


def words_of_post(client, said: dict[str, str], status: int) -> str:
    answer = client.post("/agents/agenda/partages", said)
    assert answer.status_code == status
    return read(answer.content.decode()).words.replace("\u00a0", " ")


def test_who_leads_projects_sees_theirs(client):
    whole()
    found = led_by(chart(), OWNER, DAY)
    assert [each.milestone.id for each in found.late] == ["tard"]
    assert [each.milestone.id for each in found.next] == ["bientot"]
    assert found.risks[0][1:] == (20, "Départ d’un agent")
    writer = signed_in(client, agent(organisation=_place(), roles=("agenda.writer",)), organisation=OWNER)
    told = words(writer, "/agents/agenda/mes-projets")
    for each in ("Promesse tard", "Promesse bientot", "Départ d’un agent", "Choisir"):
        assert each in told, each
    page = writer.get("/agents/agenda/mes-projets").content.decode()
    assert 'href="/agents/agenda/actions/portail"' in page
    words(writer, "/agents/agenda/actions/portail")


def test_a_commune_sees_what_is_done_there_and_what_is_for_all(client):
    whole()
    found = in_commune(chart(), TOWN, DAY)
    assert [each.id for each, _role in found.here] == ["portail"]
    assert {each.id for each in found.for_all} == {"base", "secrete", "bien"}
    told = words(client, f"/agenda/communes/{TOWN}")
    assert "Un essai au guichet" in told and "Promesse tard" in told and "Action secrete" not in told
    assert "Aucune action ne nomme cette commune" in words(client, "/agenda/communes/97002")
    words(client, "/agenda/communes/00000", status=404)


def test_the_screen_takes_the_same_number_of_questions_whatever_it_holds(client, django_assert_max_num_queries):
    whole()
    client.get("/agenda/tableau-de-bord")
    with django_assert_max_num_queries(12) as few:
        client.get("/agenda/tableau-de-bord")
        asked = len(few)
    written(*(action(f"a{n}", milestones=[milestone("m", date(2026, 1, 1))]) for n in range(30)))
    client.get("/agenda/tableau-de-bord")
    with django_assert_max_num_queries(asked):
        client.get("/agenda/tableau-de-bord")
