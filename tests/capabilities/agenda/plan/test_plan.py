"""The public pages of the plan: readable on any day, comparing what was voted with what is, keeping back what is inside."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from defusedxml.ElementTree import fromstring

from lacydon.capabilities.agenda.public import chart, freeze
from lacydon.capabilities.agenda.queries.nouns import SHAPES, Action
from lacydon.capabilities.agenda.queries.plan.differences import differences
from lacydon.capabilities.agenda.queries.plan.fields import FIELDS, PARTS
from lacydon.capabilities.agenda.queries.plan.listing import documents
from lacydon.capabilities.agenda.queries.plan.moments import moment
from lacydon.capabilities.agenda.queries.plan.promises import judged, promises, quarters, tally
from lacydon.capabilities.agenda.queries.writing.fields import Field, fields_of
from lacydon.kernel import clock
from lacydon.kernel.access import MACHINE
from lacydon.kernel.ui import kept
from tests.capabilities.agenda.plan.few import OWNER, TOWN, action, budget, gone, milestone, plan, written
from tests.capabilities.trust.people import actor, agent, organisation
from tests.markup import read

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def a_territory_read_afresh(small_territory, settings):
    settings.SNAPSHOT_SECONDS = 0
    kept._forget()


@pytest.fixture(autouse=True)
def at(monkeypatch):
    def hold(when: datetime) -> None:
        class Held(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:
                return when

        monkeypatch.setattr(clock, "datetime", Held)

    hold(NOON)
    return hold


def shown(client, address: str, status: int = 200) -> str:
    """The words of a page, read strictly."""
    answer = client.get(address)
    assert answer.status_code == status, address
    return read(answer.content.decode()).words.replace("\u00a0", " ").replace("\u202f", " ")


def whole() -> None:
    """Something of everything."""
    written(
        *plan(),
        action(
            health="rouge", health_reason={"fr": "Il manque du monde."}, parties=[{"organisation": OWNER, "role": "pilote"}],
            communes=[{"citycode": TOWN, "role": "pilote"}], dependencies=[{"action": "base"}],
            milestones=[
                milestone("tot", date(2025, 1, 1), actual=date(2024, 12, 1)),
                milestone("tard", date(2025, 1, 1), actual=date(2025, 6, 1), forecast=date(2025, 6, 1)),
                milestone("jamais", date(2025, 6, 30), forecast=date(2026, 9, 1)),
            ],
            risks=[{"title": {"fr": "Un risque"}, "likelihood": 4, "gravity": 4}],
            decisions=[{"title": {"fr": "Choisir"}, "by": date(2026, 1, 1)}], participation={"level": "decision"},
            revised=[{"decided": date(2024, 6, 27), "end": date(2027, 6, 30), "act": "revision", "reason": "Révisée"}],
        ),
        action("base", status="realisee", actual={"start": date(2020, 1, 1), "end": date(2022, 1, 1)}),
        budget(),
    )  # fmt: skip


PAGES = (
    "/agenda", "/agenda/axes/services", "/agenda/leviers/donnee", "/agenda/plans", "/agenda/actes/vote",
    "/agenda/actes/revision", "/agenda/actions", "/agenda/actions/portail", "/agenda/promesses", "/agenda/calendrier",
    "/agenda/carte", "/agenda/changements", "/agenda/historique/action/portail",
)  # fmt: skip


def test_each_page_is_read_now_and_on_a_past_day(client, at):
    whole()
    at(NOON + timedelta(days=40))
    for address in PAGES:
        assert "tel qu’il était connu" not in shown(client, address)
        assert "L’agenda tel qu’il était connu le 15 mars 2026" in shown(client, f"{address}?le=2026-03-15"), address
    for address in ("/agenda/actions/nowhere", "/agenda/axes/nowhere", "/agenda/historique/action/nowhere"):
        shown(client, address, status=404)
    assert "n’est pas une date" in shown(client, "/agenda/promesses?le=demain", status=422)


def test_an_action_says_each_commitment_with_its_act(client):
    whole()
    page = shown(client, "/agenda/actions/portail")
    for words in (
        "Il manque du monde.", "1/19/CM", "jusqu’au 30 juin 2027", "2/24/CM, Révisée", "la date est passée",
        "risque élevé", "1 000 € votés", "100 € demandés, 80 € accordés, 40 € reçus", "vient après Action base",
        "Date passée, pas encore tenue", "Tenue à l’heure", "Décision par les habitants",
    ):  # fmt: skip
        assert words in page, words


def test_nothing_voted_yet(client):
    assert "Aucun agenda n’est encore voté ici." in shown(client, "/agenda")
    for address in ("/agenda/actions", "/agenda/promesses", "/agenda/calendrier", "/agenda/carte", "/agenda/plans"):
        shown(client, address)


DAY = date(2026, 3, 1)
VERDICTS = {
    "kept": ({"baseline": DAY, "actual": date(2026, 2, 1)}, {}, -28),
    "late": ({"baseline": date(2026, 1, 1), "actual": date(2026, 2, 1)}, {}, 31),
    "missed": ({"baseline": date(2026, 2, 1)}, {}, 28),
    "slipping": ({"baseline": date(2026, 4, 1), "forecast": date(2026, 5, 1)}, {}, 30),
    "coming": ({"baseline": date(2026, 4, 1)}, {}, 0),
    "dropped": ({"baseline": date(2026, 2, 1)}, {"status": "abandonnee"}, 0),
}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_promise_is_judged_by_the_date_that_was_voted(verdict):
    said, more, slip = VERDICTS[verdict]
    found = action(milestones=[milestone("a", **said)], **more)
    assert isinstance(found, Action)
    told = judged(found, found.milestones[0], DAY)
    assert (told.verdict, told.slip) == (verdict, slip)


def test_what_was_due_is_counted_by_quarter_with_its_median_slip(client):
    whole()
    found = promises(moment().chart, DAY)
    counted = tally(found)
    assert (counted.kept, counted.late, counted.missed, counted.share) == (1, 1, 1, 33)
    assert counted.slip == 151
    assert [(each.year, each.number, each.tally.due) for each in quarters(found, date(2025, 8, 1))] == [
        (2024, 4, 0), (2025, 1, 2), (2025, 2, 1), (2025, 3, 0),
    ]  # fmt: skip
    page = shown(client, "/agenda/promesses?verdict=missed")
    assert "Promesse jamais" in page and "Promesse tard" not in page
    assert "2 promesses tenues sur 3 arrivées à leur date, dont 1 à l’heure." in page


def test_a_past_day_shows_what_was_known_and_a_day_before_any_record_is_rebuilt(client, at):
    whole()
    at(NOON + timedelta(days=30))
    written(action(title={"fr": "Action portail"}, status="abandonnee", status_reason={"fr": "Sans suite."}))
    assert "Abandonnée" in shown(client, "/agenda/actions/portail")
    assert "Abandonnée" not in shown(client, "/agenda/actions/portail?le=2026-03-10")
    before = shown(client, "/agenda/actions/base?le=2021-06-01")
    assert "reconstitué" in before and "Réalisée" not in before
    assert "Rien n’était encore voté ce jour-là." in shown(client, "/agenda?le=2019-12-18")
    assert "Rien n’était" not in shown(client, "/agenda?le=2019-12-19")
    shown(client, "/agenda/actions/base?le=2019-12-01", status=404)


def test_a_frozen_version_is_compared_with_what_is(client, at):
    whole()
    freeze(agenda="numerique", act="vote", actor=MACHINE)
    at(NOON + timedelta(days=10))
    more = {"kind": "AP", "code": "AP-1", "voted": 1000, "act": "vote"} | {
        "revisions": [{"decided": date(2026, 3, 5), "reason": "Prix", "amount": 1500, "act": "revision"}]
    }
    written(
        action(milestones=[milestone("jamais", date(2025, 6, 30), forecast=date(2027, 9, 1))], health="rouge"),
        action("neuve"), budget(authorisation=more),
    )  # fmt: skip
    same = shown(client, "/agenda/promesses?version=1&le=2026-03-01")
    assert "2 actions sont comme elles furent votées" in same
    gone("base")
    page = shown(client, "/agenda/promesses?version=1")
    for words in (
        "1 action a changé ; 1 action a été ajoutée ; 1 action a été retirée.",
        "1 000 € alors, 1 500 € maintenant", "1 an plus tard", "+ 500 €", "2/24/CM, Prix", "Action neuve",
    ):  # fmt: skip
        assert words in page, words


def test_what_is_kept_inside_is_nowhere_and_is_counted(client, at):
    written(
        *plan(), action(confidence=40), action("secrete", title={"fr": "Discrète"}, visibility="internal"),
        budget("sous", of="secrete", title={"fr": "Discrète"}),
    )  # fmt: skip
    at(NOON + timedelta(days=2))
    written(
        action(confidence=90, priority=1),
        action("secrete", title={"fr": "Discrète"}, visibility="internal", priority=1),
    )
    front = shown(client, "/agenda")
    assert "1 action, encore à usage interne" in front and "1 ligne de crédits, encore" in front
    assert "La confiance de qui conduit l’action" in front
    for address in (
        *PAGES,
        "/agenda/actions?q=discrète",
        "/agenda/changements.atom",
        "/sitemap.xml",
        "/agenda?le=2026-03-02",
    ):
        answer = client.get(address).content.decode()
        assert "Discr" not in answer.replace('value="discrète"', "") and "secrete" not in answer, address
    for address in ("/agenda/actions/secrete", "/agenda/historique/action/secrete", "/agenda/historique/budget/sous"):
        shown(client, address, status=404)
    assert client.get("/agenda/changements.atom?objet=action:secrete").status_code == 404
    assert {each.id for each in documents()} == {"portail"}
    told = shown(client, "/agenda/historique/action/portail")
    assert "Priorité" in told and "40" not in told and "90" not in told


def test_history_says_the_office_and_never_the_person(client, at):
    whole()
    at(NOON + timedelta(days=1))
    roles = ("agenda.steward", "trust.manager")
    person = agent(organisation=organisation(OWNER), roles=roles)
    who = actor(person, organisation=OWNER, roles=frozenset(roles))
    written(action(health="orange", communes=[]), actor=who, reason="Comité de mars", act="revision")
    page = shown(client, "/agenda/historique/action/portail")
    for words in (
        "Responsable de l’agenda",
        "Comité de mars",
        "2/24/CM",
        "En difficulté À surveiller",
        "La plateforme",
    ):
        assert words in page, words
    assert str(person.pk) not in page and "Responsable de l’agenda." in page
    feed = fromstring(client.get("/agenda/changements.atom").content)
    assert len(feed.findall(f"{ATOM}entry")) == 2
    assert "Comité de mars" in "".join(feed.find(f"{ATOM}entry").itertext())
    one = fromstring(client.get("/agenda/changements.atom?objet=action:portail").content)
    assert one.find(f"{ATOM}entry/{ATOM}title").text == "Changement : Action portail"


def test_actions_are_found_by_words_and_choices(client):
    written(
        *plan(), action("velos", title={"fr": "Compter les vélos"}, communes=[{"citycode": TOWN, "role": "pilote"}]),
        action("fibre", title={"fr": "La fibre partout"}, health="rouge"),
        *(action(f"n{n}", title={"fr": f"Numéro {n}"}, status="realisee") for n in range(12)),
    )  # fmt: skip
    assert "1 action " in shown(client, "/agenda/actions?q=velo")
    assert "Compter les vélos" in shown(client, "/agenda/actions?q=compter+les+vélso")
    assert "La fibre partout" in shown(client, "/agenda/actions?sante=rouge")
    assert "Compter les vélos" not in shown(client, "/agenda/actions?sante=rouge")
    assert "Compter les vélos" in shown(client, f"/agenda/actions?commune={TOWN}")
    assert "14 actions" in shown(client, "/agenda/actions") and "Page 1 sur 2" in shown(client, "/agenda/actions")
    assert "Aucune action ne répond" in shown(client, "/agenda/actions?commune=nowhere")


def test_pages_cost_the_same_whatever_there_is(client, at, settings, django_assert_max_num_queries):
    settings.SNAPSHOT_SECONDS = 60
    written(*plan(), *(action(f"n{n}") for n in range(60)), *(budget(f"b{n}", of=f"n{n}") for n in range(60)))
    at(NOON + timedelta(days=40))
    for address, most in (("/agenda", 12), ("/agenda/promesses", 12), ("/agenda?le=2026-03-10", 12)):
        shown(client, address)
        kept._forget()
        with django_assert_max_num_queries(most):
            shown(client, address)


def test_an_action_says_its_sensors_calls_consultations_and_what_it_commits_to(client):
    call = {
        "id": "un",
        "title": {"fr": "La fraîcheur"},
        "kind": "hackathon",
        "opens": date(2026, 3, 2),
        "closes": date(2026, 5, 29),
    }
    written(
        *plan(),
        action(
            sensors=["sonde-1", "https://capteurs.example/v1.1/Things(2)"], calls=[call],
            participation={"level": "consultation", "processes": ["https://avis.example/rue"]},
            privacy={"basis": "Mission d’intérêt public", "assessment": "https://aipd.example/a"},
            footprint={"tonnes": "38.5", "method": "Base Empreinte"},
        ),
    )  # fmt: skip
    page = shown(client, "/agenda/actions/portail")
    for words in (
        "sonde-1 capteur", "capteurs.example capteur", "La fraîcheur Hackathon · ouvert le 2 mars 2026 · jusqu’au 29 mai 2026",
        "avis.example consultation", "Mission d’intérêt public · analyse d’impact", "38,5 tonnes équivalent CO₂ (Base Empreinte)",
    ):  # fmt: skip
        assert words in page, words
    for wrong in ("javascript:alert(1)", "data:text/html,x", "//ailleurs.example"):
        with pytest.raises(ValueError, match="pattern"):
            action(calls=[call | {"url": wrong}])


def test_a_date_announced_that_passed_too_is_said_to_have(client):
    late = milestone("tard", date(2025, 6, 1), forecast=date(2026, 1, 31))
    written(*plan(), action(milestones=[late, milestone("plus-tard", date(2025, 6, 1), forecast=date(2099, 1, 31))]))
    page = shown(client, "/agenda/promesses")
    assert "Annoncée ensuite pour le 31 janvier 2026, date passée elle aussi." in page
    assert "Annoncée aujourd’hui pour le 31 janvier 2099." in page


def test_no_change_is_told_by_the_name_of_a_field_in_the_code():
    def inside(fields: tuple[Field, ...]) -> Iterator[str]:
        for each in fields:
            yield each.name
            yield from inside(each.inner)

    for kind in SHAPES:
        fields = fields_of(kind)
        assert {each.name for each in fields} - set(FIELDS) == set(), kind
        assert {name for each in fields for name in inside(each.inner)} - set(PARTS) - {"", "id"} == set(), kind
    stages = [{"stage": "etude", "date": "2026-01-01"}]
    [one] = differences({}, {"stages": stages}, kind="adoption", among=chart())
    assert (one.what, one.after.replace("\u00a0", " ")) == (
        "Étapes, 1er janvier 2026", "étape : À l’étude ; date : 1er janvier 2026",
    )  # fmt: skip
