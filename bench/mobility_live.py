"""Real time: reading one whole GTFS-RT message of a city, matching it with its timetable, and what a page then pays.

    python bench/mobility_live.py ../shared/data/marseille-rtm.gtfs.zip [--trips 1010]

The message has the size of that of a large network at eight in the morning: about a thousand trips, 28,000 updates.
"""

import argparse
import os
import statistics
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
from google.transit import gtfs_realtime_pb2 as pb

from lacydon.capabilities.mobility.queries.gtfs import Given, gather
from lacydon.capabilities.mobility.queries.live.hearing import heard
from lacydon.capabilities.mobility.queries.live.held import TripsNow, _take_rows
from lacydon.capabilities.mobility.queries.live.parts import decoded, encoded
from lacydon.capabilities.mobility.queries.timetable import Timetable, start_of
from lacydon.connectors.gtfs_realtime.connector import GtfsRealtime

DAY = date(2026, 11, 25)


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


def timed(name: str, work: Callable[[], Any], *, times: int = 15) -> Any:
    spent = []
    for _n in range(times):
        began, processor = time.perf_counter(), time.process_time()
        found = work()
        spent.append(((time.perf_counter() - began) * 1000, (time.process_time() - processor) * 1000))
    walls, processors = zip(*spent, strict=True)
    print(
        f"{name:42} median {statistics.median(walls):7.2f} ms, best {min(walls):7.2f}; "
        f"processor: first {processors[0]:7.2f}, "
        f"median {statistics.median(processors):7.2f}, best {min(processors):7.2f}"
    )
    return found


def _nowhere(_lon: float, _lat: float) -> str:
    return ""


def dictionary(content: bytes) -> dict[tuple[str, int], tuple[int, int, str]]:
    """What everybody does with the library of Google, for comparison: not matched with anything."""
    made = pb.FeedMessage()
    made.ParseFromString(content)
    return {
        (each.trip_update.trip.trip_id, call.stop_sequence): (call.arrival.time, call.departure.time, call.stop_id)
        for each in made.entity
        for call in each.trip_update.stop_time_update
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("feed", type=Path)
    parser.add_argument("--updates", type=int, default=28_472)
    asked = parser.parse_args()
    table = gather(
        [Given(path=asked.feed, id="rtm", prefix="RTM", name="RTM", content="x")], citycode_at=_nowhere
    )
    content = message(table, updates=asked.updates)
    now = start_of(DAY) + 8 * 3600
    print(f"message: {len(content) / 1000:.0f} kB")
    connector = GtfsRealtime()
    timed("(the same message in a dict, not matched)", lambda: dictionary(content))

    def parsed() -> Any:
        return connector.read(content, of="bench")

    def matched(said: Any) -> Any:
        return heard(said, source="bench", prefixes=["RTM"], patterns={}, table=table, said_at=now, now=now)

    def refreshed() -> bytes:
        return encoded(matched(parsed())[0])

    said = timed("read the message", parsed)
    part, remarks = timed("match it with the timetable", lambda: matched(said))
    print(f"  {len(part.trip)} trips, {len(part.position)} calls matched, remarks: {[each.code for each in remarks]}")
    kept = timed("write it for the others", lambda: encoded(part))
    print(f"  {len(kept) / 1000:.0f} kB in the database")
    timed("A WHOLE REFRESH, by the one who asks", refreshed)

    def seen() -> Any:
        rows: dict[Any, Any] = {}
        its = decoded(kept)
        _take_rows(rows, its, now - 120)
        return TripsNow(rows)

    trips = timed("a refresh, in each process that reads", seen)
    keys = list(trips)[:20]
    timed("twenty trips of a page, the first time", lambda: [seen_trip(trips, key) for key in keys], times=1)
    timed("twenty trips of a page, then", lambda: [trips.get(key) for key in keys])
    return 0


def seen_trip(trips: Any, key: Any) -> Any:
    return trips.get(key)


if __name__ == "__main__":
    sys.exit(main())
