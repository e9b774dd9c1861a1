"""An operator's agent writes a disruption: search, pattern, preview, publish, undo; two agents do not overwrite."""

from datetime import timedelta

import pytest

from lacydon.capabilities.mobility.models import Disruption
from lacydon.capabilities.mobility.queries import disruptions as asked
from lacydon.kernel.clock import LOCAL, now
from tests.capabilities.trust import people
from tests.capabilities.trust.people import signed_in, visitor
from tests.markup import read

from .networks import network_in_force

pytestmark = pytest.mark.django_db
DESK = "/agents/transports/perturbations"


@pytest.fixture(autouse=True)
def network(tmp_path, settings):
    settings.HOME = tmp_path
    settings.SNAPSHOT_SECONDS = 0
    return network_in_force(tmp_path)


@pytest.fixture
def agent():
    body = people.organisation("exploitant-exemple", kind="operator")
    person = people.agent(organisation=body, roles=("mobility.operator",))
    return signed_in(visitor(), person, organisation=body.pk)


def local(hours: float) -> str:
    return (now() + timedelta(hours=hours)).astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M")


def typed(**changes) -> dict:
    facts = {
        "line": ["AMP:2"], "title_fr": "Ligne 2 déviée", "title_en": "Line 2 diverted", "effect": "detour",
        "severity": "warning", "cause": "construction", "begin_1": local(-1), "end_1": local(4), "rows": "1",
        "shown": "now", "revision": "0",
    }  # fmt: skip
    return facts | changes


def published(agent, **changes) -> Disruption:
    answer = agent.post(f"{DESK}/nouvelle", typed(faire="publier", **changes))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return Disruption.objects.latest("pk")


def test_only_agents_of_an_operator_write(client) -> None:
    assert client.get(DESK).status_code in (302, 401, 403)
    body = people.organisation("commune-97001")
    clerk = signed_in(visitor(), people.agent(organisation=body, roles=("requests.clerk",)), organisation=body.pk)
    assert clerk.get(DESK).status_code == 403


def test_it_is_found_by_search_named_by_a_pattern_seen_before_it_is_published(agent) -> None:
    page = agent.post(
        f"{DESK}/nouvelle", typed(line=[], faire="chercher", find_line="2", find_place="hotel de ville", title_fr="")
    )
    boxes = read(page.content.decode()).all("input", type="checkbox")
    assert {"AMP:2", "hotel-de-ville-13055"} <= {each.attributes["value"] for each in boxes}
    page = agent.post(f"{DESK}/nouvelle", typed(place=["hotel-de-ville-13055"], faire="modele", pattern="arret"))
    assert (
        read(page.content.decode()).one("input", id="title_fr").attributes["value"]
        == "Arrêt Hôtel de Ville non desservi"
    )
    page = agent.post(f"{DESK}/nouvelle", typed(faire="apercu"))
    assert "Ce que verront les voyageurs" in read(page.content.decode()).words and not Disruption.objects.exists()
    published(agent)
    assert [each.title["en"] for each in asked.on_line("AMP:2")] == ["Line 2 diverted"]


def test_what_is_missing_is_said_beside_each_field_and_nothing_typed_is_lost(agent) -> None:
    page = agent.post(
        f"{DESK}/nouvelle", typed(line=[], title_fr="", text_fr="Prenez la 1.", end_1=local(-5), faire="publier")
    )
    said = read(page.content.decode())
    assert page.status_code == 422 and "Prenez la 1." in said.words
    links = {each.attributes["href"] for each in said.all("a") if each.attributes.get("href", "").startswith("#")}
    assert {"#title_fr", "#lines", "#end_1"} <= links
    assert (
        agent.post(f"{DESK}/nouvelle", typed(line=[], title_fr="", begin_1="", end_1="", faire="brouillon")).status_code
        == 302
    )
    assert Disruption.objects.get().state == "draft" and asked.current() == ()


def test_two_agents_on_the_same_one_do_not_overwrite(agent) -> None:
    row = published(agent)
    mine = typed(revision=str(row.revision), title_fr="Ligne 2 coupée", faire="publier")
    assert agent.post(f"{DESK}/{row.pk}", mine).status_code == 302
    other = agent.post(
        f"{DESK}/{row.pk}", typed(revision=str(row.revision), title_fr="Ligne 2 ralentie", faire="publier")
    )
    assert other.status_code == 409 and "Ligne 2 ralentie" in other.content.decode()
    assert Disruption.objects.get().title["fr"] == "Ligne 2 coupée"


def test_end_undo_withdraw_copy(agent) -> None:
    row = published(agent)
    act = f"{DESK}/{row.pk}/faire"

    def press(verb: str) -> Disruption:
        agent.post(act, {"faire": verb, "revision": str(Disruption.objects.get(pk=row.pk).revision)})
        return Disruption.objects.get(pk=row.pk)

    press("terminer")
    assert asked.current() == () and asked.past().count == 1
    press("annuler")
    assert len(asked.on_line("AMP:2")) == 1
    assert press("retirer").state == "withdrawn" and asked.on_line("AMP:2") == ()
    page = read(visitor().get(f"/transports/perturbations/{row.pk}").content.decode())
    assert "Retirée" in page.words
    agent.post(act, {"faire": "copier", "revision": "1"})
    copy = Disruption.objects.exclude(pk=row.pk).get()
    assert copy.state == "draft" and copy.title == row.title and copy.periods == []


def test_a_publication_foreseen_is_shown_at_its_hour_only(agent, client) -> None:
    row = published(agent, shown="later", shown_from=local(2))
    assert asked.current() == () and client.get(f"/transports/perturbations/{row.pk}").status_code == 404
    assert [each.id for each in asked.current(now() + timedelta(hours=3))] == [row.pk]


def test_nobody_touches_those_of_another_operator(agent) -> None:
    row = published(agent)
    body = people.organisation("autre-exploitant", kind="operator")
    other = signed_in(visitor(), people.agent(organisation=body, roles=("mobility.operator",)), organisation=body.pk)
    assert other.get(f"{DESK}/{row.pk}").status_code == 404
    other.post(f"{DESK}/{row.pk}/faire", {"faire": "retirer", "revision": str(row.revision)})
    assert Disruption.objects.get().state == "published"
