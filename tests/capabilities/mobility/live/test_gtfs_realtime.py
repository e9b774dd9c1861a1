"""What a GTFS-RT source says becomes times of trips, vehicles and words; what is wrong in it is counted and told."""

from datetime import date
from typing import Any

import pytest

from lacydon.capabilities.mobility.public import live
from lacydon.capabilities.mobility.queries.live import SourceStatus, TripState
from tests.capabilities.mobility.servers.messages import alert, message, planned, update, vehicle

DAY = date(2026, 11, 25)
FIRST = "1-aller-11"
"""Leaves the first stop at 08:00."""


def codes(turn: Any) -> dict[str, int]:
    return {each["code"]: each["count"] for each in turn.remarks}


def trip(network: Any, id: str, day: date = DAY) -> Any:
    return live().trips.get((network.trip(f"AMP:{id}"), day))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ({"sequence": 2, "late": 120}, "08:07"),
        ({"stop": "hdv1", "late": 120}, "08:07"),
        ({"sequence": 2, "stop": "hdv1", "arrival": planned(DAY, "08:06")}, "08:06"),
        ({"sequence": 2, "arrival": planned(DAY, "08:06"), "late": 600}, "08:06"),
    ],
    ids=["sequence and delay", "stop and delay", "both and a moment", "a moment wins over a delay"],
)
def test_a_call_is_named_by_its_sequence_or_its_stop(network, held, server, asked, call, expected):
    server.pages["/tu"] = message(update(FIRST, call, day=DAY), at=held())
    turn = asked()
    assert (turn.error, codes(turn)) == ("", {})
    [told] = trip(network, FIRST).calls
    assert (told.position, network.stops[told.stop].id) == (1, "AMP:hdv1")
    assert told.arrival == planned(DAY, expected)


def test_one_delay_is_that_of_the_whole_trip(network, held, server, asked):
    server.pages["/tu"] = message(update(FIRST, day=DAY, delay=120), at=held())
    assert codes(asked()) == {}
    [told] = trip(network, FIRST).calls
    assert (told.position, told.departure) == (0, planned(DAY, "08:02"))


def test_states_of_a_trip_and_of_its_calls(network, held, server, asked):
    server.pages["/tu"] = message(
        update("1-aller-12", day=DAY, state="CANCELED", at=held.epoch - 9_000),
        update("1-aller-13", {"sequence": 2, "state": "SKIPPED"}, {"sequence": 3, "state": "NO_DATA"}, day=DAY),
        update("1-aller-14", {"sequence": 2, "late": 0, "assigned": "hdv2"}, day=DAY, vehicle="B12"),
        update("1-aller-15", day=DAY, state="DELETED"),
        at=held(),
    )
    assert codes(asked()) == {}
    assert trip(network, "1-aller-12").state is TripState.CANCELLED
    skipped, unknown = trip(network, "1-aller-13").calls
    assert skipped.skipped and unknown.uncertain and unknown.arrival is None
    moved = trip(network, "1-aller-14")
    assert network.stops[moved.calls[0].stop].id == "AMP:hdv2" and moved.vehicle == "B12"
    assert trip(network, "1-aller-15").state is TripState.DELETED


def test_a_trip_without_its_day_is_that_which_runs_now(network, held, server, asked):
    held.forward(16 * 3600 + 45 * 60)  # 00:45: the last trip of yesterday, that left at 24:30, is on its way
    server.pages["/tu"] = message(update("1-aller-77", {"sequence": 4, "late": 60}), at=held())
    asked()
    assert trip(network, "1-aller-77", DAY).calls[0].arrival == planned(DAY, "24:48")


def test_trips_that_no_timetable_has(network, held, server, asked):
    server.pages["/tu"] = message(
        update("plus", {"stop": "car", "departure": planned(DAY, "08:20")},
               {"stop": "gare", "arrival": planned(DAY, "08:31")}, day=DAY, state="ADDED", route_id="1"),
        update("1-aller-11", day=DAY, state="DUPLICATED",
               properties={"trip_id": "copie", "start_date": "20261125", "start_time": "08:40:00"}),
        update("1-aller-16", {"stop": "hdv1", "departure": planned(DAY, "09:20")},
               {"stop": "anse", "arrival": planned(DAY, "09:30")}, day=DAY, state="REPLACEMENT"),
        at=held(),
    )  # fmt: skip
    assert codes(asked()) == {}
    extra, copy = live().added
    assert (extra.id, network.routes[extra.route].short_name) == ("plus", "1")
    assert [network.stops[each.stop].id for each in extra.calls] == ["AMP:car", "AMP:gare"]
    assert (copy.id, [each.departure for each in copy.calls][:2]) == (
        "copie", [planned(DAY, "08:40"), planned(DAY, "08:45")],
    )  # fmt: skip
    other = trip(network, "1-aller-16")
    assert other.state is TripState.REPLACED
    assert [network.stops[each.stop].id for each in other.calls] == ["AMP:hdv1", "AMP:anse"]


def test_what_is_wrong_is_counted_and_the_rest_is_believed(network, held, server, asked):
    server.pages["/tu"] = message(
        update("1-aller-11", {"sequence": 2, "late": 60}, {"sequence": 9, "late": 60}, day=DAY),
        update("1-aller-12", {"sequence": 2, "late": 600}, {"sequence": 3, "late": -600}, day=DAY),
        update("1-aller-13", {"sequence": 2, "late": 50_000}, day=DAY),
        update("1-aller-14", {"sequence": 3, "late": 0}, {"sequence": 2, "late": 0}, day=DAY),
        update("jamais", {"sequence": 2, "late": 60}, day=DAY),
        update("1-aller-15", {"stop": "nulle-part", "late": 60}, day=DAY),
        update("bac-0", {"sequence": 1, "late": 60}, day=DAY),
        update("1-aller-11", {"sequence": 2, "late": 0}, day=DAY, at=held.epoch - 90, id="bis"),
        at=held(),
    )
    assert codes(asked()) == {
        "unknown-trip": 1, "unknown-stop": 1, "no-call": 2, "backwards": 1, "too-far": 1, "contradictory": 1,
        "other-day": 1, "twice": 1,
    }  # fmt: skip
    assert [each.arrival for each in trip(network, "1-aller-11").calls] == [planned(DAY, "08:06")]


def test_a_vehicle_that_stands_at_a_stop_measures_it(network, held, server, asked):
    server.pages["/tu"] = message(
        update("1-aller-11", {"sequence": 3, "late": 60}, day=DAY),
        vehicle("B1", 5.37, 43.296, trip="1-aller-11", day=DAY, sequence=2, stopped=True, at=held.epoch - 5),
        vehicle("B2", 5.36, 43.29, trip="1-aller-10", day=DAY, stop="pla", stopped=True, at=held.epoch, bearing=90.0),
        vehicle("B3", 5.36, 43.29, occupancy=2),
        vehicle("B4", 0, 0),
        at=held(),
    )
    assert codes(asked()) == {"nowhere": 1}
    here, after = trip(network, "1-aller-11").calls
    assert here.measured and here.position == 1 and not after.measured
    assert here.departure == planned(DAY, "08:05"), "it leaves at its hour at the earliest"
    assert trip(network, "1-aller-10").calls[0].measured
    by_id = {each.id: each for each in live().vehicles}
    assert (by_id["B2"].bearing, by_id["B2"].stopped, by_id["B2"].trip) == (90.0, True, network.trip("AMP:1-aller-10"))
    assert by_id["B3"].occupancy == "few-seats" and not by_id["B3"].estimated


def test_a_call_that_is_put_in_is_that_of_no_other_trip(network, held, server, asked):
    server.pages["/tu"] = message(
        update(FIRST, day=DAY),
        update(
            "spécial", {"stop": "hdv1", "arrival": planned(DAY, "09:00")}, {"stop": "gare", "arrival": planned(DAY, "09:09")},
            day=DAY, state="ADDED", route_id="1",
        ),
        vehicle("B9", 5.1, 43.1, trip=FIRST, day=DAY, stop="hdv1", stopped=True, at=held.epoch),
        at=held(),
    )  # fmt: skip
    asked()
    assert [call.measured for call in trip(network, FIRST).calls] == [True]
    assert [network.stops[call.stop].id for call in live().added[0].calls] == ["AMP:hdv1", "AMP:gare"]


def test_words_of_an_operator(network, held, server, asked):
    server.pages["/tu"] = message(
        alert(
            "travaux", informed=[{"route_id": "1"}, {"stop_id": "hdv1"}, {"route_id": "99"}],
            header={"fr": "<p>Ligne&nbsp;1 <b>déviée</b></p>", "en": "Line 1 diverted"}, cause="CONSTRUCTION",
            effect="DETOUR", periods=[(held.epoch - 10, held.epoch + 10), (held.epoch + 50, 0), (held.epoch + 70, 10**12),
                     (9, 5)],
        ),
        alert("grève", header={"": "Grève"}, cause="STRIKE"),
        at=held(),
    )  # fmt: skip
    asked()
    works, strike = live().alerts
    assert works.header == {"fr": "Ligne 1 déviée", "en": "Line 1 diverted"}
    assert [(each.id, each.place >= 0) for each in works.routes] == [("AMP:1", True), ("99", False)]
    assert [each.id for each in works.stops] == ["AMP:hdv1"]
    assert (works.cause, works.effect, works.planned) == ("construction", "detour", True)
    assert works.running(held.epoch) and not works.running(held.epoch + 20) and works.running(held.epoch + 60)
    assert works.periods[2] == (held.epoch + 70, None)  # a moment that no calendar has is none
    assert [each.id for each in strike.agencies] == ["AMP:AMP"] and strike.running(held.epoch)


def test_what_grows_old_is_not_believed(network, held, server, asked):
    server.pages["/tu"] = message(
        update("1-aller-11", {"sequence": 2, "late": 60}, day=DAY),
        update("1-aller-12", {"sequence": 2, "late": 60}, day=DAY, at=held.epoch - 100),
        at=held(),
    )
    asked()
    assert live().sources[0].status is SourceStatus.UP
    held.forward(60)
    assert trip(network, "1-aller-11") is not None and trip(network, "1-aller-12") is None
    held.forward(61)
    asked()  # it answers the same old words
    [health] = live().sources
    assert trip(network, "1-aller-11") is None
    assert health.status is SourceStatus.LATE and "8 h\u00a000" in health.reason


def test_a_clock_ahead_does_not_keep_words_young(network, held, server, asked):
    server.pages["/tu"] = message(update(FIRST, {"sequence": 2, "late": 60}, day=DAY), at=held.epoch + 7_200)
    assert codes(asked()) == {"ahead": 1}
    assert trip(network, FIRST) is not None
    held.forward(121)
    asked()
    assert trip(network, FIRST) is None and live().sources[0].status is SourceStatus.LATE


def test_an_older_answer_does_not_replace_a_newer_one(network, held, server, asked):
    server.pages["/tu"] = message(update(FIRST, {"sequence": 2, "late": 60}, day=DAY), at=held.epoch - 1)
    asked()
    held.forward(10)
    server.pages["/tu"] = message(update(FIRST, {"sequence": 2, "late": 300}, day=DAY), at=held.epoch - 60)
    assert codes(asked()) == {"older": 1}
    assert trip(network, FIRST).calls[0].arrival == planned(DAY, "08:06")


def test_a_source_that_tells_only_what_changes(network, held, server, asked):
    server.pages["/tu"] = message(
        update("1-aller-11", {"sequence": 2, "late": 60}, day=DAY, id="a"),
        update("1-aller-12", {"sequence": 2, "late": 60}, day=DAY, id="b"),
        at=held(),
    )
    asked(id="changes")
    held.forward(10)
    gone = update("1-aller-12", id="b")
    gone.is_deleted = True
    server.pages["/tu"] = message(
        update("1-aller-13", {"sequence": 2, "late": 0}, day=DAY, id="c"), gone, at=held(), differential=True
    )
    asked(id="changes")
    assert {network.trip_ids[place] for place, _day in live().trips} == {"AMP:1-aller-11", "AMP:1-aller-13"}
