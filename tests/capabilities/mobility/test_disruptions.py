"""Disruptions: taken in once whoever says them, joined to lines, stops and communes, shown now, soon and afterwards."""

from datetime import UTC, datetime, timedelta

import pytest

from lacydon.capabilities.mobility.actions.disruptions import take_in
from lacydon.capabilities.mobility.models import Disruption
from lacydon.capabilities.mobility.queries import disruptions as asked
from lacydon.capabilities.mobility.queries.live.alerts import Alert, Cause, Effect, Named, Severity
from lacydon.kernel.clock import now
from tests.markup import read

from .networks import network_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def network(tmp_path, settings):
    settings.HOME = tmp_path
    settings.SNAPSHOT_SECONDS = 0
    return network_in_force(tmp_path)


def seconds(hours: float) -> int:
    return int((now() + timedelta(hours=hours)).timestamp())


def alert(id: str = "a1", source: str = "rt", **changes) -> Alert:
    facts = {
        "said_at": seconds(0),
        "periods": ((seconds(-1), seconds(5)),),
        "cause": Cause.CONSTRUCTION,
        "effect": Effect.DETOUR,
        "severity": Severity.WARNING,
        "routes": (Named(id="AMP:2"),),
        "header": {"fr": "Ligne 2 déviée", "en": "Line 2 diverted"},
        "description": {"fr": "Travaux rue de l’Anse."},
    }
    return Alert(id=id, source=source, **(facts | changes))


def ids(found) -> list[int]:
    return [each.id for each in found]


def test_an_alert_is_found_by_its_line_and_by_the_communes_of_its_stops() -> None:
    take_in(
        source="rt",
        alerts=[alert(), alert("a2", routes=(), stops=(Named(id="AMP:hdv2"),), header={"fr": "Quai fermé"})],
    )
    on_two, quay = asked.on_line("AMP:2"), asked.on_place("hotel-de-ville-13055")
    assert [each.title["fr"] for each in on_two] == ["Ligne 2 déviée"]
    assert [each.title["fr"] for each in quay] == ["Quai fermé"] and [each.ref for each in quay[0].stops] == [
        "AMP:hdv2"
    ]
    assert len(asked.in_commune("13055")) == 2 and asked.in_commune("13001") == ()
    assert asked.on_line("AMP:1") == ()


def test_the_same_alert_of_two_sources_is_one_until_neither_says_it() -> None:
    take_in(source="rt", alerts=[alert()])
    take_in(
        source="siri", alerts=[alert("S:9", "siri", periods=((seconds(-1) + 20, seconds(5)),), cause=Cause.UNKNOWN)]
    )
    (one,) = asked.current()
    assert one.sources == ("rt", "siri") and one.cause == Cause.CONSTRUCTION
    take_in(source="rt", alerts=[])
    assert ids(asked.current()) == [one.id]
    take_in(source="siri", alerts=[])
    assert asked.current() == () and asked.past(q="deviee").count == 1
    assert asked.past(q="deviee", route="AMP:1").count == 0


def test_what_one_source_says_otherwise_becomes_another() -> None:
    take_in(source="rt", alerts=[alert()])
    take_in(source="siri", alerts=[alert("S:9", "siri")])
    take_in(source="rt", alerts=[alert(header={"fr": "Ligne 2 coupée"})])
    take_in(source="siri", alerts=[alert("S:9", "siri")])
    assert {each.title["fr"] for each in asked.current()} == {"Ligne 2 coupée", "Ligne 2 déviée"}


def test_the_same_again_changes_nothing_and_riders_are_told_only_of_what_matters(django_assert_max_num_queries) -> None:
    given = alert()
    assert take_in(source="rt", alerts=[given]) == 1
    with django_assert_max_num_queries(1):
        assert take_in(source="rt", alerts=[given]) == 0
    take_in(source="rt", alerts=[alert(periods=given.periods, description={"fr": "Travaux rue de l’Anse, encore."})])
    row = Disruption.objects.get()
    assert (row.revision, row.news) == (2, 1)
    take_in(source="rt", alerts=[alert(periods=given.periods, effect=Effect.NO_SERVICE)])
    assert Disruption.objects.get().news == 2


def test_an_alert_of_a_network_or_of_a_mode_is_on_its_lines(network) -> None:
    agency = network.agencies[0].id
    take_in(
        source="rt",
        alerts=[
            alert("grève", routes=(), agencies=(Named(id=agency),), header={"fr": "Grève"}),
            alert("mer", routes=(), route_types=(4,), header={"fr": "Mer agitée"}),
        ],
    )
    assert {each.title["fr"] for each in asked.on_line("AMP:bac")} == {"Grève", "Mer agitée"}
    assert [each.title["fr"] for each in asked.on_line("AMP:1")] == ["Grève"]


def test_periods_of_a_week_are_now_soon_and_over() -> None:
    periods = tuple((seconds(24 * n - 1), seconds(24 * n + 1)) for n in range(3))
    take_in(source="rt", alerts=[alert(periods=periods)])
    (view,) = asked.current()
    assert view.running() and not view.running(now() + timedelta(hours=3))
    running, coming = asked.now_and_soon([view], now() + timedelta(hours=3))
    assert (running, coming) == ([], [view])
    assert asked.current(now() + timedelta(days=3)) == ()
    assert view.next(now() + timedelta(hours=3)).begin == datetime.fromtimestamp(periods[1][0], UTC)


def test_the_pages_say_it_and_teach_when_there_is_nothing(client) -> None:
    empty = read(client.get("/transports/perturbations").content.decode()).words
    assert "Aucune perturbation connue" in empty
    take_in(
        source="rt",
        alerts=[alert(), alert("a2", periods=((seconds(30), seconds(50)),), header={"fr": "Travaux à venir"})],
    )
    here = read(client.get("/transports/perturbations").content.decode()).words
    assert "Ligne 2 déviée" in here and "Itinéraire dévié" in here and "Travaux à venir" not in here
    assert "Travaux à venir" in read(client.get("/transports/perturbations?quand=bientot").content.decode()).words
    other = read(client.get("/transports/perturbations?ligne=AMP:1").content.decode()).words
    assert "Ligne 2 déviée" not in other
    (view,) = (each for each in asked.current() if each.title["fr"] == "Ligne 2 déviée")
    one = client.get(f"/transports/perturbations/{view.id}")
    assert one.status_code == 200 and "Travaux rue de l’Anse." in read(one.content.decode()).words
    assert "Line 2 diverted" in client.get(f"/en/transports/perturbations/{view.id}").content.decode()
    assert client.get("/transports/perturbations/999999").status_code == 404
