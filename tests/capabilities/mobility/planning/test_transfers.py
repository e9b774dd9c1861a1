"""What operators say of changes (transfers.txt) and of the ways inside stations (pathways.txt) is what journeys do."""

from datetime import date
from pathlib import Path

import pytest

from lacydon.capabilities.mobility.queries.planning.engine import PLAIN
from lacydon.capabilities.mobility.queries.planning.network import network
from lacydon.capabilities.mobility.queries.planning.planned import planned
from lacydon.capabilities.mobility.queries.planning.search import End, searched
from tests.capabilities.mobility.networks import STOPS, network_files, small_network

TUESDAY = date(2026, 11, 24)
TEN_PAST = 8 * 3600 + 600
"""The tram of 8:15 is at Hôtel de Ville at 8:20; buses leave its other quay at 8:30 and 9:00, for 25 minutes."""
RULE = "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_trip_id\nhdv1,hdv2,"
TIGHT = network_files()["stop_times.txt"].replace("2-aller-05,08:30:00,08:30:00", "2-aller-05,08:20:30,08:20:30")
"""A bus that leaves half a minute after the tram is there."""


def arrival(folder: Path, files: dict[str, str]) -> str | None:
    """When one who leaves Carénage after 8:10 is at Pointe Rouge; None when one never is."""
    table = small_network(folder, files)
    day = planned(network(table), TUESDAY)
    one, other = table.stop_of_id["AMP:car"], table.stop_of_id["AMP:poi"]
    found = searched(day, [End(one, 0)], [End(other, 0)], at=TEN_PAST, rounds=5, slack=10**6, used=PLAIN)
    first = min((each.arrive for each in found), default=None)
    return None if first is None else f"{first // 3600}:{first // 60 % 60:02d}"


@pytest.mark.parametrize(
    ("rule", "calls", "there"),
    [
        ("", "", "8:55"),
        ("2,700,,", "", "9:25"),  # so long that the next one is missed
        ("3,,,", "", None),  # no change there
        ("3,,1-aller-12,2-aller-05", "", "9:25"),  # nor between these two, but the next one may be taken
        ("", TIGHT, "9:25"),
        ("1,,1-aller-12,2-aller-05", TIGHT, "8:55"),  # the bus waits for the tram
    ],
)
def test_changes_are_as_the_operator_says(tmp_path: Path, rule: str, calls: str, there: str | None) -> None:
    files = {"transfers.txt": RULE + rule + "\n"} if rule else {}
    assert arrival(tmp_path, files | ({"stop_times.txt": calls} if calls else {})) == there


@pytest.mark.parametrize(("seconds", "there"), [(120, "8:55"), (900, "9:25")])
def test_the_ways_inside_a_station_take_the_time_that_they_say(tmp_path: Path, seconds: int, there: str) -> None:
    stops = STOPS + "hdv,Hôtel de Ville,43.2961,5.3702,1,,1,\n"
    for quay in ("hdv1", "hdv2"):
        stops = "\n".join(
            line.replace(",0,,", ",0,hdv,") if line.startswith(f"{quay},") else line for line in stops.split("\n")
        )
    ways = (
        f"pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,traversal_time\nw,hdv1,hdv2,1,1,{seconds}\n"
    )
    assert arrival(tmp_path, {"stops.txt": stops, "pathways.txt": ways}) == there


def onward(leaves: str) -> dict[str, str]:
    """The vehicle of the tram of 8:15, at Plateau at 8:32, goes on to Pointe Rouge where it is at 8:50."""
    files = network_files()
    return {
        "trips.txt": files["trips.txt"].rstrip("\n") + "\n2,tous,suite,Pointe Rouge,0,1\n",
        "stop_times.txt": files["stop_times.txt"].rstrip("\n")
        + f"\nsuite,{leaves},{leaves},pla,1\nsuite,08:50:00,08:50:00,poi,2\n",
    }


SAME_VEHICLE = "from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id\n{stops},{type},1-aller-12,suite\n"


@pytest.mark.parametrize("stops", ["pla,pla", ","])
@pytest.mark.parametrize(
    ("type_", "leaves", "there"),
    [
        ("", "08:32:10", "8:55"),  # ten seconds are no change
        ("4", "08:32:10", "8:50"),  # one stays in one's seat
        ("5", "08:32:10", "8:55"),  # one has to get off, and that takes a minute
        ("5", "08:33:10", "8:50"),
    ],
)
def test_who_may_stay_in_their_seat_does_and_who_may_not_gets_off(
    tmp_path: Path, stops: str, type_: str, leaves: str, there: str
) -> None:
    rule = {"transfers.txt": SAME_VEHICLE.format(stops=stops, type=type_)} if type_ else {}
    assert arrival(tmp_path, onward(leaves) | rule) == there


def test_staying_in_ones_seat_is_no_change_of_vehicle(tmp_path: Path) -> None:
    table = small_network(
        tmp_path, onward("08:32:10") | {"transfers.txt": SAME_VEHICLE.format(stops="pla,pla", type=4)}
    )
    day = planned(network(table), TUESDAY)
    one, other = table.stop_of_id["AMP:car"], table.stop_of_id["AMP:poi"]
    found = searched(day, [End(one, 0)], [End(other, 0)], at=TEN_PAST, rounds=1, slack=10**6, used=PLAIN)
    assert [len(each.rides) for each in found] == [1]
    ride = found[0].rides[0]
    assert [part.trip for part in day.parts(ride.line, ride.row)] == [
        table.trip("AMP:1-aller-12"),
        table.trip("AMP:suite"),
    ]


def test_a_seat_kept_between_trips_that_do_not_run_together_is_nobodys(tmp_path: Path) -> None:
    files = onward("08:32:10")
    files["trips.txt"] = files["trips.txt"].replace("2,tous,suite", "2,fin,suite")
    assert arrival(tmp_path, files | {"transfers.txt": SAME_VEHICLE.format(stops="pla,pla", type=4)}) == "8:55"
