"""The real network, when it is there: a page of a stop fed by two sources, either of which dies; a journey known to all."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from lacydon.capabilities.mobility.actions.importing import put_in_force
from lacydon.capabilities.mobility.actions.live import asking, demand
from lacydon.capabilities.mobility.models import LiveSource, LiveTurn
from lacydon.capabilities.mobility.ports.journeys import Ask
from lacydon.capabilities.mobility.queries.gtfs import Given, gather
from lacydon.capabilities.mobility.queries.planning import planned_here
from lacydon.capabilities.mobility.queries.planning.points import spot_of
from lacydon.capabilities.mobility.queries.timetable import Timetable, opened, start_of
from tests.capabilities.mobility.servers import siri
from tests.capabilities.mobility.servers.messages import message, update
from tests.capabilities.mobility.servers.source import source

FEED = Path(__file__).parents[5] / "shared" / "data" / "marseille-rtm.gtfs.zip"
DAY = date(2026, 11, 25)
PLACE = "vieux-port-13055"
EIGHT = start_of(DAY) + 8 * 3600
pytestmark = pytest.mark.skipif(not FEED.exists(), reason="the feed of Marseille is not here")


@pytest.fixture
def marseille(db: None, tmp_path: Path, settings: Any) -> Timetable:
    settings.HOME = tmp_path
    made = gather([Given(path=FEED, id="rtm", prefix="RTM", name="RTM")], citycode_at=lambda _lon, _lat: "13055")
    put_in_force(table=made)
    return opened(made.content)


def next_departures(table: Timetable) -> list[tuple[int, int, int]]:
    """(planned moment, trip, quay) from the place from a quarter past eight to half past, the last stop of none."""
    running = table.running(DAY)
    found = []
    for quay in table.places[table.place_of_id[PLACE]].stops:
        for n in range(int(table.passage_first[quay]), int(table.passage_first[quay + 1])):
            trip, moment = int(table.passage_trip[n]), start_of(DAY) + int(table.passage_departure[n])
            last = int(table.passage_position[n]) == len(table.stops_of(int(table.trip_pattern[trip]))) - 1
            if EIGHT + 900 <= moment <= EIGHT + 1_800 and running[table.trip_service[trip]] and not last:
                found.append((moment, trip, quay))
    return sorted(found)


def test_from_vieux_port_to_la_timone_one_takes_the_metro(marseille: Timetable) -> None:
    one, other = (spot_of(marseille, marseille.place_of_id[id]) for id in (PLACE, "la-timone-13055"))
    answer = planned_here(Ask(origin=one, goal=other, when=datetime(2026, 11, 25, 7, tzinfo=UTC)))
    best = answer.journeys[0]
    assert [leg.line for leg in best.rides] == ["M1"]
    assert (best.rides[0].origin.name, best.rides[0].goal.name) == ("Vieux-Port", "La Timone")
    assert 4 * 60 <= best.rides[0].arrival - best.rides[0].departure <= 12 * 60
    assert best.rides[0].departure - EIGHT <= 8 * 60, "the next metro"


def test_two_sources_on_one_page_and_either_dies(
    marseille: Timetable, held: Any, server: Any, client: Any, settings: Any
) -> None:
    departures = next_departures(marseille)
    _moment, trip, _quay = departures[0]
    other = next(each for each in departures if marseille.route_of(each[1]).id != marseille.route_of(trip).id)
    id, line, quay = (
        each.partition(":")[2]
        for each in (marseille.trip_ids[trip], marseille.route_of(other[1]).id, marseille.stops[other[2]].id)
    )
    server.pages["/tu"] = lambda _handler: message(update(id, {"sequence": 1, "late": 180}, day=DAY), at=held())

    def visits(ref: str) -> list[str]:
        return (
            [siri.visit(ref, line=line, aimed=other[0], expected=other[0] + 420, at=held.epoch)] if ref == quay else []
        )

    def seen() -> tuple[str, set[tuple[str, str | None]]]:
        """The page, a while after somebody began to look; how sure its departures are, and who says so."""
        for _n in range(12):
            demand._noted.clear()
            client.get(f"/transports/arrets/{PLACE}")
            asking.ask_due(holder="test")
            held.forward(5)
        page = client.get(f"/transports/arrets/{PLACE}")
        assert len(page.content) <= 60_000
        told = client.get(f"/api/v1/mobility/stops/{PLACE}/departures?limit=400").json()["departures"]
        return page.content.decode().replace("\u00a0", " "), {(each["sureness"], each["source"]) for each in told}

    facts = {"prefixes": ["RTM"], "every": 5}
    LiveSource.objects.create(pk="rt", name="Temps réel", kind="gtfs_realtime", urls=[f"{server.url}/tu"], **facts)
    with source() as theirs:
        settings.PARTNER_HOSTS = (server.host, theirs.host)
        theirs.pages["*"] = siri.serving(visits, at=lambda: held.epoch)
        LiveSource.objects.create(
            pk="soap", name="SIRI", kind="siri", urls=[f"{theirs.url}/siri"], per_minute=8, position=1,
            options={"services": ["StopMonitoring"]}, **facts,
        )  # fmt: skip
        _page, sure = seen()
        assert {("predicted", "rt"), ("predicted", "soap")} <= sure
        theirs.kill()
        held.forward(120)
        page, sure = seen()
        assert ("predicted", "rt") in sure and ("predicted", "soap") not in sure
        assert LiveTurn.objects.get(source="soap").failures
        server.kill()
        held.forward(120)
        page, sure = seen()
        assert not any(how == "predicted" for how, _who in sure) and any(how == "source-down" for how, _who in sure)
        assert "ce sont les horaires prévus" in page and "ne répond pas depuis" in page
