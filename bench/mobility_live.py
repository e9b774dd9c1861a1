"""Real time: reading one whole GTFS-RT message of a city, matching it with its timetable, and what a page then pays.

    python -m bench.mobility_live ../shared/data/marseille-rtm.gtfs.zip

The message has the size of that of a large network at eight in the morning: about a
thousand trips, 28,000 updates. Beside it, the same message read with the library of Google into a dictionary and not
matched with anything, which is commonly done. The best of several runs: others work on the machine too.
"""

# ruff: noqa: E402 (Django is set up before its models are imported)

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lacydon.config.settings")
os.environ.setdefault("LACYDON_HOME", tempfile.mkdtemp(prefix="lacydon-bench-"))

import django

django.setup()

import numpy as np
from django.core.management import call_command
from google.transit import gtfs_realtime_pb2 as pb

from bench.measuring import machine, say, verdict
from lacydon.capabilities.mobility.actions.importing import put_in_force
from lacydon.capabilities.mobility.queries.gtfs import Given, gather
from lacydon.capabilities.mobility.queries.live.hearing import heard
from lacydon.capabilities.mobility.queries.live.held import TripsNow, take_rows
from lacydon.capabilities.mobility.queries.live.parts import decoded, encoded
from lacydon.capabilities.mobility.queries.timetable import Timetable, opened, start_of
from lacydon.connectors.gtfs_realtime.connector import GtfsRealtime

DAY = date(2026, 11, 25)
UPDATES = 28_472


def nowhere(_lon: float, _lat: float) -> str:
    """The communes of the feed's stops do not matter here."""
    return "13055"


def message(table: Timetable, *, updates: int) -> bytes:
    """The trips that are under way at eight, each 90 seconds late, until there are that many updates."""
    runs = table.running(DAY)
    first = table.departure[table.trip_first[:-1]]
    last = table.arrival[table.trip_first[1:] - 1]
    at = 8 * 3600
    going = np.flatnonzero((first <= at) & (last >= at) & runs[table.trip_service])
    near = np.flatnonzero((first > at) & runs[table.trip_service])
    made = pb.FeedMessage()
    made.header.gtfs_realtime_version = "2.0"
    made.header.timestamp = start_of(DAY) + at
    told = 0
    for trip in [*going.tolist(), *near[np.argsort(first[near])].tolist()]:
        if told >= updates:
            break
        entity = made.entity.add(id=str(trip))
        entity.trip_update.trip.trip_id = table.trip_ids[trip].partition(":")[2]
        entity.trip_update.trip.start_date = f"{DAY:%Y%m%d}"
        entity.trip_update.timestamp = made.header.timestamp
        its = table.calls_of(trip)
        stops = table.stops_of(int(table.trip_pattern[trip])).tolist()
        for n, stop in enumerate(stops):
            call = entity.trip_update.stop_time_update.add()
            call.stop_sequence = int(table.call_sequence[its.start + n])
            call.stop_id = table.stops[stop].id.partition(":")[2]
            call.arrival.time = start_of(DAY) + int(table.arrival[its.start + n]) + 90
            call.departure.time = start_of(DAY) + int(table.departure[its.start + n]) + 90
        told += len(stops)
    return made.SerializeToString()


def best(work: Callable[[], Any], *, runs: int) -> tuple[float, float]:
    """Milliseconds of the quickest run, by the clock and by the processor."""
    walls, processors = [], []
    for _n in range(runs):
        began, processor = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - began) * 1000)
        processors.append((time.process_time() - processor) * 1000)
    return min(walls), min(processors)


def dictionary(content: bytes) -> dict[tuple[str, int], tuple[int, int, str]]:
    """What everybody does with the library of Google, for comparison: not matched with anything."""
    made = pb.FeedMessage()
    made.ParseFromString(content)
    return {
        (each.trip_update.trip.trip_id, call.stop_sequence): (call.arrival.time, call.departure.time, call.stop_id)
        for each in made.entity
        for call in each.trip_update.stop_time_update
    }


def measure(*, table: Timetable, prefix: str, updates: int = UPDATES, runs: int = 25) -> None:
    """`table`: a timetable that runs on DAY; `prefix`: that of its feed."""
    content = message(table, updates=updates)
    now = start_of(DAY) + 8 * 3600
    connector = GtfsRealtime()
    said = connector.read(content, of="bench")

    def matched() -> Any:
        told = connector.read(content, of="bench")
        return heard(told, source="bench", prefixes=[prefix], patterns={}, table=table, said_at=now, now=now)

    part, remarks = matched()
    kept = encoded(part)

    def held() -> TripsNow:
        rows: dict[Any, Any] = {}
        take_rows(rows, decoded(kept), now - 120)
        return TripsNow(rows)

    trips = held()
    some = list(trips)[:20]
    whole = best(lambda: encoded(matched()[0]), runs=runs)
    rows = [
        ("the library of Google, into a dict, not matched", *best(lambda: dictionary(content), runs=runs), ""),
        ("ours: read", *best(lambda: connector.read(content, of="bench"), runs=runs), ""),
        ("ours: read, matched with the timetable, written", *whole, verdict(min(whole), at_most=50.0)),
        ("each process that serves pages: what changed", *best(held, runs=runs), ""),
        ("twenty trips of a page, asked for again", *best(lambda: [trips.get(key) for key in some], runs=runs), ""),
    ]
    assert not remarks and len(part.position) == len(said.calls)
    say(
        f"A whole GTFS-RT refresh: {len(content) / 1000:.0f} kB, {len(said.trips):,} trips, {len(said.calls):,} calls "
        f"({machine()})",
        ("what", "ms", "processor ms", "verdict"),
        rows,
    )


def main() -> int:
    call_command("migrate", verbosity=0)
    made = gather([Given(path=Path(sys.argv[1]), id="rtm", prefix="RTM", name="RTM")], citycode_at=nowhere)
    put_in_force(table=made)
    measure(table=opened(made.content), prefix="RTM")
    return 0


if __name__ == "__main__":
    sys.exit(main())
