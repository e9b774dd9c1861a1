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
