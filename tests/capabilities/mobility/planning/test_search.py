"""The planner agrees with the oracle, which rides every trip: on arrival, on vehicles and, where it is asked, on foot."""

import os
import random
import zipfile
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacydon.capabilities.mobility.queries.gtfs import Given, gather
from lacydon.capabilities.mobility.queries.live import LiveState, TripNow, TripState
from lacydon.capabilities.mobility.queries.live.nouns import CallTime
from lacydon.capabilities.mobility.queries.planning.days import Day
from lacydon.capabilities.mobility.queries.planning.engine import PLAIN, Engine, compiled
from lacydon.capabilities.mobility.queries.planning.network import network
from lacydon.capabilities.mobility.queries.planning.now import alive
from lacydon.capabilities.mobility.queries.planning.planned import planned
from lacydon.capabilities.mobility.queries.planning.search import Chain, End, searched
from lacydon.capabilities.mobility.queries.planning.walking import Access
from lacydon.capabilities.mobility.queries.timetable import Timetable, start_of
from tests.capabilities.mobility.networks import small_network, times
from tests.capabilities.mobility.planning.oracle import Oracle

TUESDAY = date(2026, 11, 24)
MARSEILLE = Path(__file__).parents[5] / "shared" / "data" / "marseille-rtm.gtfs.zip"
PAIRS = int(os.environ.get("LACYDON_ORACLE", "1"))
"""Random pairs of stops of the real network: `LACYDON_ORACLE=1000` is the full comparison, half an hour long."""
ANY = 10**6
"""Slack: nothing is left out for being late."""


def ends(day: Day, stop: int, *, towards: bool = False) -> list[End]:
    paths = day.network.back if towards else day.network.paths
    found = [End(stop, 0)]
    for place in range(int(paths.first[stop]), int(paths.first[stop + 1])):
        if paths.to[place] != stop:
            seconds = int(paths.seconds[place])
            found.append(End(int(paths.to[place]), seconds, seconds))
    return found


def asked(day: Day, one: int, other: int, at: int, *, used: Engine = PLAIN, slack: int = ANY, rounds: int = 5) -> list[Chain]:  # fmt: skip
    return searched(day, ends(day, one), ends(day, other, towards=True), at=at, rounds=rounds, slack=slack, used=used)


def by_vehicles(found: list[Chain], rounds: int) -> list[int | None]:
    return [min((each.arrive for each in found if len(each.rides) <= k), default=None) for k in range(1, rounds + 1)]


def check(day: Day, oracle: Oracle, one: int, other: int, at: int, *, everything: bool = True) -> None:
    found = asked(day, one, other, at)
    assert by_vehicles(found, 5) == oracle.earliest(one, other, at, vehicles=5)
    if everything:
        told = {(each.arrive, len(each.rides), each.walk) for each in found}
        wanted = oracle.every(one, other, at, vehicles=5)
        assert told == wanted
    for chain in found:
        sound(day, chain, at)


def sound(day: Day, chain: Chain, at: int) -> None:
    """One can really do it: every vehicle is reached in time, boarded and left where that is allowed."""
    lines, paths = day.lines, day.network.paths
    assert chain.leave >= at
    assert chain.rides[0].departure >= chain.leave + chain.begin.seconds
    for ride in chain.rides:
        first = int(lines.first[ride.line])
        assert ride.on < ride.off
        assert lines.boards[first + ride.on] and lines.alights[first + ride.off]
    for before, after in pairwise(chain.rides):
        its = slice(int(paths.first[before.to_node]), int(paths.first[before.to_node + 1]))
        ways = dict(zip(paths.to[its].tolist(), paths.ready[its].tolist(), strict=True))
        assert before.arrival + ways[after.from_node] <= after.departure
    assert chain.arrive == chain.rides[-1].arrival + chain.end.seconds


def test_every_pair_of_a_small_network_is_as_the_oracle_says(tmp_path: Path) -> None:
    table = small_network(tmp_path)
    day = planned(network(table), TUESDAY)
    oracle = Oracle(table, TUESDAY)
    for one in range(len(table.stops)):
        for other in range(len(table.stops)):
            if one != other and other not in oracle.walks(one):
                for at in (5 * 3600, 8 * 3600 + 61, 24 * 3600 + 300):
                    check(day, oracle, one, other, at)


def test_to_arrive_by_an_hour_is_to_leave_as_late_as_one_can(tmp_path: Path) -> None:
    table = small_network(tmp_path)
    day = planned(network(table), TUESDAY)
    one, other = table.stop_of_id["AMP:car"], table.stop_of_id["AMP:poi"]
    by = searched(
        day, ends(day, one), ends(day, other, towards=True), at=9 * 3600, backwards=True, slack=ANY, used=PLAIN
    )
    latest = max(each.leave for each in by)
    assert all(each.arrive <= 9 * 3600 for each in by)
    # Leaving then, one is there by then; leaving a second later, one is not.
    assert min(each.arrive for each in asked(day, one, other, latest)) <= 9 * 3600
    assert min(each.arrive for each in asked(day, one, other, latest + 1)) > 9 * 3600


def test_a_window_holds_what_each_of_its_minutes_would_find(tmp_path: Path) -> None:
    table = small_network(tmp_path)
    day = planned(network(table), TUESDAY)
    one, other = table.stop_of_id["AMP:car"], table.stop_of_id["AMP:poi"]
    at, window = 8 * 3600, 3600
    whole = searched(day, ends(day, one), ends(day, other, towards=True), at=at, window=window, slack=ANY, used=PLAIN)
    told = {(each.leave, each.arrive) for each in whole}
    for since in range(at, at + window, 600):
        best = min(each.arrive for each in asked(day, one, other, since))
        assert min(arrive for leave, arrive in told if leave >= since) == best


def _network(draw: st.DrawFn) -> dict[str, str]:
    """Five stops, some of them near each other; a few lines, one by frequency; some trips run after midnight."""
    count = draw(st.integers(3, 6))
    stops = ["stop_id,stop_name,stop_lat,stop_lon,wheelchair_boarding"]
    for n in range(count):
        lat, lon = 43.3 + draw(st.integers(0, 8)) * 0.002, 5.4 + draw(st.integers(0, 8)) * 0.002
        stops.append(f"s{n},Arrêt {n},{lat:.4f},{lon:.4f},{draw(st.integers(0, 2))}")
    routes, trips = (
        ["route_id,agency_id,route_short_name,route_type"],
        ["route_id,service_id,trip_id,wheelchair_accessible"],
    )
    calls = ["trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type"]
    frequencies = ["trip_id,start_time,end_time,headway_secs,exact_times"]
    for line in range(draw(st.integers(1, 4))):
        routes.append(f"r{line},A,{line},3")
        way = draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=5, unique=True))
        for n in range(draw(st.integers(1, 3))):
            trip = f"t{line}-{n}"
            trips.append(f"r{line},S,{trip},{draw(st.integers(0, 2))}")
            when = draw(st.integers(7 * 3600, 9 * 3600)) + draw(st.sampled_from([0, 0, 17 * 3600]))
            for place, stop in enumerate(way):
                leaves = when + draw(st.sampled_from([0, 0, 45]))
                flags = draw(st.sampled_from(["0,0", "0,0", "0,0", "1,0", "0,1"]))
                calls.append(f"{trip},{times(when)},{times(leaves)},s{stop},{place + 1},{flags}")
                when = leaves + draw(st.integers(60, 900))
            if draw(st.integers(0, 5)) == 0:
                frequencies.append(f"{trip},07:00:00,08:00:00,{draw(st.sampled_from([600, 1500]))},0")
    return {
        "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,Réseau,https://exemple.test/,Europe/Paris\n",
        "stops.txt": "\n".join(stops) + "\n", "routes.txt": "\n".join(routes) + "\n",
        "trips.txt": "\n".join(trips) + "\n", "stop_times.txt": "\n".join(calls) + "\n",
        "frequencies.txt": "\n".join(frequencies) + "\n",
        "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "S,1,1,1,1,1,1,1,20261101,20261231\n",
    }  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_networks_made_at_random(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "random.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in data.draw(st.composite(_network)()).items():
            archive.writestr(name, text)
    table = _gathered(path)
    access = data.draw(st.sampled_from(list(Access)))
    day = planned(network(table, access=access), TUESDAY)
    oracle = Oracle(table, TUESDAY, wheelchair={0: None, 1: "known", 2: "unknown-too"}[access])
    trips = len(table.trip_pattern)
    if trips and data.draw(st.booleans()):
        trip = data.draw(st.integers(0, trips - 1))
        late = data.draw(st.sampled_from([None, 240]))
        day = alive(day, _live(table, trip, late))
        gone = frozenset() if late else frozenset({(trip, TUESDAY)})
        oracle = Oracle(table, TUESDAY, wheelchair=oracle.wheelchair, cancelled=gone, late={(trip, TUESDAY): late or 0})
    at = data.draw(st.integers(6 * 3600, 9 * 3600))
    one, other = data.draw(st.permutations(range(len(table.stops))))[:2]
    check(day, oracle, one, other, at)


def _live(table: Timetable, trip: int, late: int | None) -> LiveState:
    """One trip of Tuesday is cancelled, or late from its first call on."""
    first = int(table.trip_first[trip])
    call = CallTime(
        position=0, stop=int(table.stops_of(int(table.trip_pattern[trip]))[0]),
        arrival=start_of(TUESDAY) + int(table.arrival[first]) + (late or 0),
        departure=start_of(TUESDAY) + int(table.departure[first]) + (late or 0),
    )  # fmt: skip
    state = TripState.SCHEDULED if late else TripState.CANCELLED
    now = TripNow(trip=trip, day=TUESDAY, state=state, source="s", said_at=0, calls=(call,) if late else ())
    return LiveState(taken_at=0, trips={(trip, TUESDAY): now})


def _gathered(path: Path) -> Timetable:
    return gather([Given(path=path, id="r", prefix="R", name="R")], citycode_at=lambda lon, lat: "13055")


@pytest.mark.skipif(not MARSEILLE.is_file(), reason="the real network is not here")
def test_the_real_network_agrees_on_random_pairs() -> None:
    table = _gathered(MARSEILLE)
    used = compiled() if PAIRS > 50 else PLAIN
    day, oracle = planned(network(table), TUESDAY), Oracle(table, TUESDAY)
    chosen = random.Random(13)
    for _n in range(PAIRS):
        one, other = chosen.randrange(len(table.stops)), chosen.randrange(len(table.stops))
        for at in (8 * 3600, 13 * 3600 + 1800, 22 * 3600 + 900) if one != other else ():
            found = asked(day, one, other, at, used=used, slack=900, rounds=6)
            assert by_vehicles(found, 6) == oracle.earliest(one, other, at, vehicles=6), (one, other, at)
