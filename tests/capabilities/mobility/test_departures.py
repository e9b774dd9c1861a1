"""The board of a stop: the same as a slow, obvious computation; then each rule by itself."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from lacydon.capabilities.mobility.queries.departures import Departure, Sureness, departures
from lacydon.capabilities.mobility.queries.gtfs import Given, gather
from lacydon.capabilities.mobility.queries.live import (
    CallTime,
    LiveState,
    SourceHealth,
    SourceStatus,
    TripNow,
    TripState,
    Vehicle,
    Visit,
)
from lacydon.capabilities.mobility.queries.timetable import Timetable, moment, start_of
from tests.capabilities.mobility import obvious
from tests.capabilities.mobility.networks import small_network

FRIDAY = date(2026, 11, 27)
MARSEILLE = Path(__file__).parents[4] / "shared" / "data" / "marseille-rtm.gtfs.zip"
EMPTY = LiveState(taken_at=int(moment(FRIDAY, 8 * 3600).timestamp()))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Timetable:
    return small_network(tmp_path_factory.mktemp("network"))


def _how(row: Departure) -> str:
    return "cancelled" if row.cancelled else "skipped" if row.skipped else str(row.sureness)


def _same(table: Timetable, live: LiveState, day: date, stops: Sequence[int]) -> None:
    low, high = start_of(day), start_of(day) + 26 * 3600
    slow = obvious.by_stop(table, live, around=day, wanted=set(stops))
    for stop in stops:
        found = departures(
            table=table, live=live, stops=[stop], at=datetime.fromtimestamp(low, UTC), limit=None,
            window=timedelta(seconds=high - low),
        )  # fmt: skip
        ours = [
            (row.when, table.trip_ids[row.trip], row.day, row.position, row.planned, row.expected, _how(row))
            for row in found
        ]
        assert sorted(ours) == sorted(row for row in slow.get(stop, []) if low <= row[0] < high), table.stops[stop].id
        assert [row.when for row in found] == sorted(row.when for row in found)


@pytest.mark.parametrize(
    "day",
    [FRIDAY, date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25), date(2026, 12, 25)],
    ids=str,
)
def test_every_stop_of_a_day_is_as_a_slow_and_obvious_computation_says(table: Timetable, day: date) -> None:
    stops = range(len(table.stops))
    _same(table, EMPTY, day, stops)
    _same(table, obvious.some_state(table, day, seed=day.toordinal()), day, stops)


@pytest.mark.skipif(not MARSEILLE.exists(), reason="the real feed is not on this machine")
def test_and_of_a_real_network(tmp_path: Path) -> None:
    table = gather([Given(path=MARSEILLE, id="rtm", prefix="RTM")], citycode_at=lambda lon, lat: "13055")
    live = obvious.some_state(table, FRIDAY, seed=1)
    _same(table, live, FRIDAY, range(0, len(table.stops), 150))


def at(seconds: int, day: date = FRIDAY) -> datetime:
    return moment(day, seconds)


def board(table: Timetable, live: LiveState, stop: str, when: datetime, limit: int = 3, **more) -> list[Departure]:
    stops = [table.stop_of_id[f"AMP:{each}"] for each in stop.split()]
    return list(departures(table=table, live=live, stops=stops, at=when, limit=limit, **more))


def state(*trips: TripNow, **more) -> LiveState:
    return LiveState(
        taken_at=EMPTY.taken_at,
        trips={(each.trip, each.day): each for each in trips if each.trip >= 0},
        added=tuple(each for each in trips if each.trip < 0),
        **more,
    )


def trip_now(table: Timetable, id: str, *calls: CallTime, state: TripState = TripState.SCHEDULED, **more) -> TripNow:
    given = {"source": "essai", "said_at": EMPTY.taken_at - 20, "day": FRIDAY, **more}
    return TripNow(trip=table.trip(f"AMP:{id}"), state=state, calls=calls, **given)


def call(table: Timetable, stop: str, position: int, late: int | None = None, *, planned: int = 0, **more) -> CallTime:
    departure = None if late is None else start_of(FRIDAY) + planned + late
    return CallTime(position=position, stop=table.stop_of_id[f"AMP:{stop}"], departure=departure, **more)


def test_a_trip_of_yesterday_past_midnight_is_there_in_the_night(table: Timetable) -> None:
    rows = board(table, EMPTY, "car", at(24 * 3600 + 60))
    assert [(row.day, row.planned) for row in rows[:2]] == [
        (FRIDAY, start_of(FRIDAY) + 24 * 3600 + 900),
        (FRIDAY, start_of(FRIDAY) + 24 * 3600 + 1800),
    ]
    assert rows[2].day == FRIDAY + timedelta(days=1)


def test_a_stop_served_on_saturdays_only_shows_the_next_one_days_before(table: Timetable) -> None:
    (row,) = board(table, EMPTY, "anse", at(20 * 3600, date(2026, 11, 25)), limit=200)[-1:]
    assert row.day is not None
    boat = [each for each in board(table, EMPTY, "anse", at(22 * 3600), limit=2) if each.headsign == "Île"]
    assert boat
    assert boat[0].planned == start_of(date(2026, 11, 28)) + 9 * 3600


def test_where_a_trip_ends_one_does_not_leave_but_arrives(table: Timetable) -> None:
    assert all(row.headsign == "Carénage" for row in board(table, EMPTY, "pla", at(8 * 3600)))
    assert all(row.headsign == "Plateau" for row in board(table, EMPTY, "pla", at(8 * 3600), arrivals=True))


def test_a_late_vehicle_is_waited_for_after_its_time_and_an_early_one_is_gone(table: Timetable) -> None:
    late = trip_now(table, "1-aller-10", call(table, "car", 0, 1500, planned=27_900))  # 07:45, 25 minutes late
    gone = trip_now(table, "1-aller-12", call(table, "car", 0, -300, planned=29_700))  # 08:15, left at 08:10
    rows = board(table, state(late, gone), "car", at(8 * 3600 + 660), limit=2)
    assert [table.trip_ids[row.trip] for row in rows] == ["AMP:1-aller-13", "AMP:1-aller-14"]
    rows = board(table, state(late, gone), "car", at(8 * 3600 + 1), limit=2)
    assert [(table.trip_ids[row.trip], row.delay) for row in rows] == [
        ("AMP:1-aller-10", 1500), ("AMP:1-aller-12", -300),
    ]  # fmt: skip


def test_a_change_of_quay_is_told_at_both_quays_and_once_for_the_place(table: Timetable) -> None:
    moved = trip_now(table, "1-aller-11", call(table, "hdv2", 1, 60, planned=29_100, platform="B"))
    when = at(8 * 3600)
    for stop in ("hdv1", "hdv2", "hdv1 hdv2"):
        rows = [row for row in board(table, state(moved), stop, when, limit=9) if row.trip == moved.trip]
        assert len(rows) == 1, stop
        assert rows[0].moved
        assert table.stops[rows[0].stop].id == "AMP:hdv2"
        assert rows[0].platform == "B"


def test_an_added_trip_is_there_but_where_it_ends(table: Timetable) -> None:
    line = table.route_of_id["AMP:1"]
    calls = (call(table, "car", 0, 0, planned=29_000), call(table, "pla", 1, 0, planned=30_000))
    live = state(TripNow(trip=-1, day=FRIDAY, state=TripState.ADDED, source="x", said_at=1, calls=calls, route=line))
    rows = board(table, live, "car", at(8 * 3600))
    added = [row for row in rows if row.trip < 0]
    assert [(row.state, row.headsign, row.planned, row.route) for row in added] == [
        (TripState.ADDED, "Plateau", None, line)
    ]
    assert all(row.trip >= 0 for row in board(table, live, "pla", at(8 * 3600)))


def test_a_replaced_trip_calls_where_it_says_and_nowhere_else(table: Timetable) -> None:
    calls = (
        call(table, "car", 0, 120, planned=28_800), call(table, "anse", 1, 600, planned=28_800),
        call(table, "pla", 2, 1500, planned=28_800),
    )  # fmt: skip
    other = trip_now(table, "1-aller-11", *calls, state=TripState.REPLACED)
    assert board(table, state(other), "car", at(8 * 3600))[0].delay == 120
    skipped = next(row for row in board(table, state(other), "gare", at(8 * 3600), limit=9) if row.trip == other.trip)
    assert skipped.skipped
    there = next(row for row in board(table, state(other), "anse", at(8 * 3600), limit=9) if row.trip == other.trip)
    assert there.expected == start_of(FRIDAY) + 28_800 + 600
    assert there.planned is None


def test_the_silence_of_a_source_is_told_with_its_reason_but_not_for_tonight(table: Timetable) -> None:
    down = SourceHealth(
        id="temps-reel", name="Temps réel", kind="siri", status=SourceStatus.DOWN, reason="Le serveur ne répond pas.",
        answered_at=datetime.fromtimestamp(EMPTY.taken_at - 600, UTC), prefixes=("AMP",),
    )  # fmt: skip
    spoken = trip_now(table, "1-aller-11", call(table, "car", 0, 60, planned=28_800))
    first, second = board(table, state(spoken, sources=(down,)), "car", at(8 * 3600), limit=2)
    assert (first.sureness, first.reason) == (Sureness.PREDICTED, "")
    assert (second.sureness, second.reason, second.said_at) == (
        Sureness.SOURCE_DOWN, "Le serveur ne répond pas.", EMPTY.taken_at - 600,
    )  # fmt: skip
    (evening,) = board(table, state(sources=(down,)), "car", at(20 * 3600), limit=1)
    assert evening.sureness is Sureness.THEORETICAL


def test_a_vehicle_that_stands_at_the_stop_makes_the_row_measured(table: Timetable) -> None:
    now = trip_now(table, "1-aller-11", call(table, "car", 0, 60, planned=28_800))
    there = Vehicle(
        id="v", lon=0, lat=0, source="essai", said_at=EMPTY.taken_at, trip=now.trip, day=FRIDAY, stopped=True,
        stop=table.stop_of_id["AMP:car"],
    )  # fmt: skip
    assert board(table, state(now), "car", at(8 * 3600))[0].sureness is Sureness.PREDICTED
    assert board(table, state(now, vehicles=(there,)), "car", at(8 * 3600))[0].sureness is Sureness.MEASURED


def visit(table: Timetable, stop: str, *, aimed: int | None, expected: int | None, **more) -> Visit:
    base = start_of(FRIDAY)
    given = {"headsign": "Plateau", "source": "siri", "said_at": EMPTY.taken_at - 10, **more}
    return Visit(
        stop=table.stop_of_id[f"AMP:{stop}"], route=table.route_of_id["AMP:1"],
        aimed=None if aimed is None else base + aimed, expected=None if expected is None else base + expected, **given,
    )  # fmt: skip


def visits(*some: Visit) -> dict[int, tuple[Visit, ...]]:
    return {stop: tuple(each for each in some if each.stop == stop) for stop in {each.stop for each in some}}


def test_what_a_stop_says_joins_the_planned_row_it_is(table: Timetable) -> None:
    live = state(visits=visits(visit(table, "car", aimed=28_800 + 20, expected=29_100)))
    rows = board(table, live, "car", at(8 * 3600))
    assert [(row.planned, row.expected, row.sureness) for row in rows[:2]] == [
        (start_of(FRIDAY) + 28_800, start_of(FRIDAY) + 29_100, Sureness.PREDICTED),
        (start_of(FRIDAY) + 29_700, None, Sureness.THEORETICAL),
    ]
    without_aimed = state(visits=visits(visit(table, "car", aimed=None, expected=29_100)))
    assert board(table, without_aimed, "car", at(8 * 3600))[0].planned == start_of(FRIDAY) + 28_800


def test_what_a_stop_says_and_nobody_planned_is_a_row_of_its_own_once(table: Timetable) -> None:
    extra = visit(table, "car", aimed=29_200, expected=29_260, journey="J1")
    twice = visit(table, "car", aimed=29_200, expected=29_240, journey="K9", source="autre", said_at=EMPTY.taken_at)
    rows = board(table, state(visits=visits(extra, twice)), "car", at(8 * 3600), limit=9)
    assert [(row.source, row.when - start_of(FRIDAY)) for row in rows if row.trip < 0] == [("autre", 29_240)]


def test_of_two_sources_the_surer_wins_then_the_fresher(table: Timetable) -> None:
    said = trip_now(table, "1-aller-11", call(table, "car", 0, 60, planned=28_800))
    older = visit(table, "car", aimed=28_800, expected=29_100, said_at=EMPTY.taken_at - 90)
    fresher = visit(table, "car", aimed=28_800, expected=29_100, said_at=EMPTY.taken_at - 5)
    surer = visit(table, "car", aimed=28_800, expected=29_100, said_at=EMPTY.taken_at - 90, measured=True)
    for one, source in ((older, "essai"), (fresher, "siri"), (surer, "siri")):
        assert board(table, state(said, visits=visits(one)), "car", at(8 * 3600))[0].source == source


def test_vehicles_every_so_often_are_one_row(tmp_path: Path) -> None:
    calls = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nf,07:00:00,07:00:00,car,1\nf,07:05:00,07:05:00,gare,2\n"
    files = {
        "trips.txt": "route_id,service_id,trip_id,trip_headsign\n1,tous,f,Gare\n",
        "stop_times.txt": calls,
        "frequencies.txt": "trip_id,start_time,end_time,headway_secs,exact_times\nf,07:00:00,09:00:00,600,0\n",
    }
    table = small_network(tmp_path, files)
    if len(table.trip_pattern) < 2:
        pytest.skip("frequencies.txt is not read yet")
    (row,) = board(table, EMPTY, "car", at(7 * 3600 + 60), window=timedelta(hours=1))
    assert (row.headway, row.planned) == (600, start_of(FRIDAY) + 7 * 3600 + 600)
    assert row.until == start_of(FRIDAY) + 8 * 3600 + 3000
