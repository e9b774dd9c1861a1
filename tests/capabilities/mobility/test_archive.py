"""Observed passages: never predictions, each once, on the disk at each beat; punctuality that anybody computes again."""

import re
from datetime import date, datetime, timedelta

import pytest

from lacydon.capabilities.data.public import dataset
from lacydon.capabilities.mobility.actions import archive as acts
from lacydon.capabilities.mobility.actions.archive import opening
from lacydon.capabilities.mobility.queries.archive import archive, asking, days_kept
from lacydon.capabilities.mobility.queries.archive.engine import table_of
from lacydon.capabilities.mobility.queries.live import CallTime, LiveState, TripNow, TripState, Vehicle
from lacydon.capabilities.mobility.queries.live.nouns import Visit
from lacydon.capabilities.mobility.queries.punctuality import Wish, figures
from lacydon.capabilities.mobility.queries.timetable import start_of
from tests.capabilities.data import harbour
from tests.capabilities.trust.people import visitor
from tests.markup import read

from .networks import network_in_force

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 27)
MONTH = "2026-11"


@pytest.fixture(autouse=True)
def network(tmp_path, settings, monkeypatch):
    settings.HOME = tmp_path
    settings.SNAPSHOT_SECONDS = 0
    harbour.organisation()
    monkeypatch.setattr(opening, "publisher", lambda: "ville")
    return network_in_force(tmp_path)


@pytest.fixture
def recorder():
    made = acts.Recorder()
    yield made
    made.close()


def planned(table, trip: str, position: int) -> int:
    return int(table.departure[table.calls_of(table.trip(trip)).start + position]) + start_of(DAY)


def state(table, *seen: tuple[str, int, int], at: int = 0, **call) -> LiveState:
    """Trips measured at a position, so many seconds after their time."""
    trips = {}
    for trip, position, delay in seen:
        n, moment = table.trip(trip), planned(table, trip, position) + delay
        stop = int(table.stops_of(int(table.trip_pattern[n]))[position])
        facts = {"arrival": moment, "departure": moment, "measured": True} | call
        before = trips.get((n, DAY))
        trips[n, DAY] = TripNow(
            trip=n, day=DAY, state=TripState.SCHEDULED, source="rt", said_at=at or max(moment, before.said_at if before else 0),
            calls=(*(before.calls if before else ()), CallTime(position=position, stop=stop, **facts)),
        )  # fmt: skip
    return LiveState(taken_at=at, trips=trips)


def rows(*columns: str) -> list[tuple]:
    files = [archive() / DAY.isoformat() / "passages.parquet"]
    with asking() as base:
        return base.execute(f"SELECT {', '.join(columns)} FROM {table_of(files)} ORDER BY ALL").fetchall()


def test_predictions_are_never_kept(network, recorder) -> None:
    assert recorder.record(state(network, ("AMP:1-aller-10", 1, 60), measured=False), network) == 0
    late = planned(network, "AMP:1-aller-10", 1) + 600
    ahead = state(network, ("AMP:1-aller-10", 1, 0), at=late - 500, arrival=None, departure=late)
    recorder.record(ahead, network)
    acts.close_day(day=DAY)
    assert rows("ecart_s") == [(100,)], "it was there when the source spoke: what it foresees is not believed"


def test_a_vehicle_that_stands_at_a_stop_is_one_passage_from_first_to_last_sight(network, recorder) -> None:
    trip = network.trip("AMP:1-aller-10")
    stop = int(network.stops_of(int(network.trip_pattern[trip]))[1])
    begin = planned(network, "AMP:1-aller-10", 1)
    for after in (20, 35, 50, 52):
        seen = Vehicle(
            id="v",
            lon=5.37,
            lat=43.29,
            source="gps",
            said_at=begin + after,
            trip=trip,
            day=DAY,
            stop=stop,
            stopped=True,
        )
        guessed = Vehicle(
            id="w",
            lon=5.37,
            lat=43.29,
            source="gps",
            said_at=begin + after,
            trip=trip,
            day=DAY,
            stop=stop,
            stopped=True,
            estimated=True,
        )
        recorder.record(LiveState(taken_at=begin + after, vehicles=(seen, guessed)), network)
    assert len(list((archive() / DAY.isoformat()).glob("part-*.parquet"))) == 3, "two seconds more are nothing new"
    again = acts.Recorder()
    assert again.record(LiveState(taken_at=begin, vehicles=(seen,)), network) == 0, "another process records"
    acts.close_day(day=DAY)
    assert rows("date_diff('second', arrive, observe)", "ecart_s", "arret", "code_insee", "source") == [
        (30, 50, "Hôtel de Ville", "13055", "gps")
    ]


def visit(network, moment: int, **changes) -> LiveState:
    """A bus of the line 1 at Hôtel de Ville, that no planned trip explains."""
    stop = network.stop_of_id["AMP:hdv1"]
    facts = {
        "stop": stop, "route": network.route_of_id["AMP:1"], "headsign": "Dépôt", "aimed": moment - 40,
        "expected": moment, "source": "soap", "said_at": moment + 5, "measured": True, "journey": "x9",
    }  # fmt: skip
    return LiveState(taken_at=moment + 5, visits={stop: (Visit(**(facts | changes)),)})


def test_a_vehicle_seen_that_no_planned_trip_explains_is_kept_and_told_apart(network, recorder) -> None:
    at = planned(network, "AMP:1-aller-10", 1) + 420
    assert recorder.record(visit(network, at, measured=False), network) == 0, "what is foreseen is not kept"
    assert recorder.record(visit(network, at, cancelled=True), network) == 0
    assert recorder.record(visit(network, at), network) == 1
    assert recorder.record(visit(network, at), network) == 0, "once"
    recorder.record(visit(network, at + 30, aimed=at - 40), network)
    ahead = visit(network, at + 900, journey="", aimed=None, route=-1, said_at=at + 600)
    recorder.record(ahead, network)
    recorder.record(state(network, ("AMP:1-aller-10", 1, 0)), network)
    acts.close_day(day=DAY)
    told = rows("rang", "course_id", "ligne", "arret", "ecart_s", "prevu IS NULL", "horaire = ''")
    assert told[0][0] == -1 and told[0][1].startswith("hors-horaire:soap:-1@")
    assert told[0][2:] == ("", "Hôtel de Ville", None, True, True)
    assert told[1] == (-1, "hors-horaire:soap:x9", "1", "Hôtel de Ville", 70, False, True)
    assert told[2][:2] == (1, "AMP:1-aller-10")
    assert rows("epoch(observe)")[-1] == (at + 600,), "no later than the moment when the source spoke"
    assert [each.departures for each in figures(Wish(MONTH), by="tout").rows] == [1], (
        "punctuality is that of the timetable"
    )


def test_a_day_is_closed_once_it_is_over_and_what_comes_late_is_joined(network, recorder) -> None:
    recorder.record(state(network, ("AMP:1-aller-10", 0, 0), ("AMP:1-aller-10", 3, 90)), network)
    night = datetime.fromtimestamp(start_of(DAY), tz=None).astimezone() + timedelta(hours=27)
    assert acts.close_days(when=night) == [] and days_kept() == []
    assert acts.close_days(when=night + timedelta(hours=3)) == [DAY]
    first = rows("course_id", "rang", "terminus", "ecart_s")
    assert [each[1:] for each in first] == [(0, False, 0), (3, True, 90)]
    recorder.record(state(network, ("AMP:1-aller-11", 0, 0)), network)
    acts.close_day(day=DAY)
    acts.close_day(day=DAY)
    assert len(rows("rang")) == 3


def test_the_gap_with_the_departure_before_is_known_only_when_both_were_seen(network, recorder) -> None:
    recorder.record(
        state(network, ("AMP:1-aller-10", 1, 0), ("AMP:1-aller-11", 1, 120), ("AMP:1-aller-13", 1, 0)), network
    )
    acts.close_day(day=DAY)
    assert rows("course_id", "intervalle_prevu_s", "intervalle_s") == [
        ("AMP:1-aller-10", 900, None),
        ("AMP:1-aller-11", 900, 1020),
        ("AMP:1-aller-13", 900, None),
    ]


def seen_all_day(network, recorder) -> None:
    delays = [0, 30, -61, 300, 301, 600, -60]
    recorder.record(
        state(network, *((f"AMP:1-aller-{n:02d}", p, delays[(n + p) % 7]) for n in range(40) for p in range(4))),
        network,
    )
    recorder.record(state(network, *((f"AMP:2-aller-{n:02d}", 0, 400) for n in range(5))), network)
    acts.close_day(day=DAY)


def test_each_figure_is_computed_again_from_the_open_dataset(network, recorder) -> None:
    seen_all_day(network, recorder)
    assert acts.publish_month(month=MONTH) and acts.publish_month(month=MONTH)
    open_data = dataset("passages-observes-2026-11")
    assert open_data.version.number == 1 and open_data.version.rows == 165
    for by in ("ligne", "heure", "tout"):
        ours = figures(Wish(MONTH), by=by)
        answer = visitor().get("/api/v1/data/sql", {"q": ours.sql})
        assert answer.status_code == 200, answer.content
        theirs = answer.json()["rows"]
        assert [list(each.values()) if isinstance(each, dict) else each for each in theirs], theirs
        told = [tuple(each.values()) if isinstance(each, dict) else tuple(each) for each in theirs]
        assert [each[2:] for each in told] == [
            (r.departures, r.on_time, r.early, r.late, r.median, r.gaps, r.regular) for r in ours.rows
        ]
    (line1, line2) = figures(Wish(MONTH), by="ligne").rows
    expected = sum(-60 <= [0, 30, -61, 300, 301, 600, -60][(n + p) % 7] <= 300 for n in range(40) for p in range(3))
    assert (line1.departures, line1.on_time) == (120, expected) and (line2.departures, line2.on_time) == (5, 0)


def test_the_page_shows_the_method_the_numbers_and_greys_what_is_small(network, recorder, client) -> None:
    empty = read(client.get("/transports/ponctualite").content.decode()).words
    assert "Rien n’a encore été observé" in empty
    seen_all_day(network, recorder)
    page = read(client.get("/transports/ponctualite").content.decode())
    words = page.words.replace("\u202f", " ").replace("\xa0", " ")
    assert "125 départs observés" in words and "trop peu" in words and "1 minute" in words and "5 minutes" in words
    assert page.all("svg") and page.all("table")
    one = read(client.get("/transports/ponctualite?ligne=AMP:1").content.decode())
    assert "Hôtel de Ville" in one.words and "passages-observes-2026-11" in one.words
    assert client.get("/transports/ponctualite?mois=1999-01").status_code == 200
    assert re.search("FROM", one.words)
