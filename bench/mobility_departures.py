"""Departures of a stop merged with real time: the data layer, then through HTTP; a plain SQLite index beside.

    python -m bench.mobility_departures ../shared/data/marseille-rtm.gtfs.zip [--rows 40] [--rounds 3]

Every place of the network is asked, at eight on a Friday, with a TripUpdates message of 28,000 updates held as arrays.
The processor's time is told beside the clock's: others work on the machine too.
"""

# ruff: noqa: E402 (Django is set up before its models are imported)

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lacydon.config.settings")
os.environ.setdefault("LACYDON_HOME", tempfile.mkdtemp(prefix="lacydon-bench-"))
os.environ.setdefault("LACYDON_RATE_LIMIT", "0")

import django

django.setup()

import numpy as np
from django.core.management import call_command
from django.test import Client

from bench.mobility_live import DAY, message, nowhere
from lacydon.capabilities.mobility.actions.importing import put_in_force
from lacydon.capabilities.mobility.api import departures as face
from lacydon.capabilities.mobility.api import motis
from lacydon.capabilities.mobility.pages import stop as page
from lacydon.capabilities.mobility.queries.departures import departures
from lacydon.capabilities.mobility.queries.departures.spoken import spoken
from lacydon.capabilities.mobility.queries.gtfs import Given, gather
from lacydon.capabilities.mobility.queries.live import LiveState
from lacydon.capabilities.mobility.queries.live.hearing import heard
from lacydon.capabilities.mobility.queries.live.held import TripsNow, take_rows
from lacydon.capabilities.mobility.queries.timetable import Timetable, moment, opened, start_of
from lacydon.connectors.gtfs_realtime.connector import GtfsRealtime
from lacydon.kernel import clock

EIGHT = 8 * 3600
AT = moment(DAY, EIGHT)


def live_of(table: Timetable, *, updates: int) -> LiveState:
    """The message as processes hold it."""
    now = start_of(DAY) + EIGHT
    said = GtfsRealtime().read(message(table, updates=updates), of="bench")
    part, _remarks = heard(said, source="bench", prefixes=["RTM"], patterns={}, table=table, said_at=now, now=now)
    rows: dict[Any, Any] = {}
    take_rows(rows, part, now - 120)
    return LiveState(taken_at=now, trips=TripsNow(rows))


def told(name: str, ask: Callable[[Any], Any], asked: list[Any], *, rounds: int) -> None:
    """p50 and p95 of the quietest round, by the clock and by the processor; milliseconds."""
    best: list[tuple[float, ...]] = []
    for _n in range(rounds):
        walls, processors = [], []
        for each in asked:
            began, processor = time.perf_counter(), time.thread_time()
            ask(each)
            walls.append((time.perf_counter() - began) * 1000)
            processors.append((time.thread_time() - processor) * 1000)
        cuts = [statistics.quantiles(times, n=20, method="inclusive") for times in (walls, processors)]
        best.append((cuts[0][9], cuts[0][18], cuts[1][9], cuts[1][18]))
    p50, p95, cpu50, cpu95 = min(best, key=lambda each: each[3])
    print(f"{name:46} p50 {p50:7.3f}  p95 {p95:7.3f} ms; processor p50 {cpu50:7.3f}  p95 {cpu95:7.3f}", flush=True)


def sqlite(table: Timetable) -> Callable[[tuple[int, ...]], Any]:
    """What a plain implementation does: an index that covers (stop, departure, trip), forty rows, no real time."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE passages (stop INT, departure INT, trip INT, position INT)")
    runs = np.asarray(table.running(DAY))[table.trip_service]
    counts = np.diff(table.passage_first)
    stops = np.repeat(np.arange(len(table.stops)), counts)
    keep = np.flatnonzero(runs[table.passage_trip])
    columns = (stops, table.passage_departure, table.passage_trip, table.passage_position)
    base.executemany("INSERT INTO passages VALUES (?,?,?,?)", zip(*(c[keep].tolist() for c in columns), strict=True))
    base.execute("CREATE INDEX board ON passages (stop, departure, trip, position)")

    def ask(place: tuple[int, ...]) -> Any:
        marks = ",".join("?" * len(place))
        return base.execute(
            f"SELECT departure, trip, position FROM passages WHERE stop IN ({marks}) AND departure >= ?"
            " ORDER BY departure LIMIT 40",
            (*place, EIGHT),
        ).fetchall()

    return ask


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("feed", type=Path)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--updates", type=int, default=28_472)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    made = gather([Given(path=asked.feed, id="rtm", prefix="RTM", name="RTM")], citycode_at=nowhere)
    put_in_force(table=made)
    table = opened(made.content)
    live = live_of(table, updates=asked.updates)
    began = time.perf_counter()
    spoken(table, live)
    print(f"the columns of a refresh, once in each process: {(time.perf_counter() - began) * 1000:.1f} ms")
    places = [place.stops for place in table.places]
    busy = sorted(places, key=lambda some: -sum(int(table.passage_first[n + 1] - table.passage_first[n]) for n in some))

    def ask(state: LiveState) -> Callable[[tuple[int, ...]], Any]:
        return lambda stops: departures(table=table, live=state, stops=stops, at=AT, limit=asked.rows)

    told(f"{asked.rows} rows merged, every place", ask(live), places, rounds=asked.rounds)
    told(f"{asked.rows} rows merged, the 100 busiest places", ask(live), busy[:100] * 3, rounds=asked.rounds)
    told(f"{asked.rows} rows, no real time, every place", ask(LiveState(taken_at=live.taken_at)), places,
         rounds=asked.rounds)  # fmt: skip
    told("(SQLite, covering index, 40 rows, not merged)", sqlite(table), places, rounds=asked.rounds)

    began_at = time.monotonic()
    clock.now = lambda: AT + timedelta(seconds=time.monotonic() - began_at)
    for module in (face, motis, page):
        module.live = lambda: live  # type: ignore[attr-defined]
    client = Client(headers={"host": "localhost"})
    ids = [place.id for place in table.places][::5]
    for name, address in (
        ("JSON, 40 rows", "/api/v1/mobility/stops/{}/departures?limit=40"),
        ("MOTIS stoptimes, 40 rows", "/api/v6/stoptimes?n=40&stopId={}"),
        ("the list of a page", "/transports/arrets/{}/departs"),
        ("the whole page", "/transports/arrets/{}"),
    ):
        told(f"through the whole stack: {name}", lambda id, address=address: client.get(address.format(id)), ids,
             rounds=asked.rounds)  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
