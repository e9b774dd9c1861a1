"""Departures computed slowly and obviously: every trip of every day, its calls one after the other. No array is read
otherwise than cell by cell, no day is chosen: what the real ones say must be the same."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from lacydon.capabilities.mobility.queries.live import CallTime, LiveState, TripNow, TripState
from lacydon.capabilities.mobility.queries.timetable import Timetable

PARIS = ZoneInfo("Europe/Paris")
Row = tuple[int, str, date, int, int, int | None, str]
"""(moment, trip id, day, position, planned moment, expected moment, how)"""


def day_starts(day: date) -> int:
    """Noon minus twelve hours."""
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=PARIS).timestamp()) - 12 * 3600


def rows(table: Timetable, live: LiveState, *, around: date, wanted: set[int]) -> Iterator[tuple[int, Row]]:
    """(stop where it was planned, row) of three days, for some stops."""
    for day in (around - timedelta(days=1), around, around + timedelta(days=1)):
        runs = table.running(day)
        for trip in range(len(table.trip_pattern)):
            if not runs[table.trip_service[trip]]:
                continue
            pattern = int(table.trip_pattern[trip])
            stops = table.stops_of(pattern).tolist()
            if wanted.isdisjoint(stops):
                continue
            now = live.trips.get((trip, day))
            start = day_starts(day)
            first = int(table.trip_first[trip])
            planned = [
                (start + int(table.arrival[first + n]), start + int(table.departure[first + n]))
                for n in range(len(stops))
            ]
            told = list(expected(planned, now))
            for n, stop in enumerate(stops[:-1]):
                if table.pattern_boards[int(table.pattern_first[pattern]) + n]:
                    moment, how = told[n]
                    when = planned[n][1] if moment is None else moment
                    yield stop, (when, table.trip_ids[trip], day, n, planned[n][1], moment, how)


def expected(planned: list[tuple[int, int]], now: TripNow | None) -> Iterator[tuple[int | None, str]]:
    """The departure and the word for it of each call."""
    said: Mapping[int, CallTime] = {call.position: call for call in now.calls} if now else {}
    delay: int | None = None
    for n, (arrival, departure) in enumerate(planned):
        if now is not None and now.state is TripState.CANCELLED:
            yield None, "cancelled"
            continue
        call = said.get(n)
        if call is not None and call.skipped:
            yield None, "skipped"
            continue
        if call is not None and call.uncertain:
            delay = None
        elif call is not None and call.departure is not None:
            delay = call.departure - departure
        elif call is not None and call.arrival is not None:
            delay = call.arrival - arrival
        if delay is None:
            yield None, "theoretical"
        else:
            yield departure + delay, "measured" if call is not None and call.measured else "predicted"


def by_stop(table: Timetable, live: LiveState, *, around: date, wanted: set[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for stop, row in rows(table, live, around=around, wanted=wanted):
        found.setdefault(stop, []).append(row)
    return found


def some_state(table: Timetable, day: date, *, seed: int) -> LiveState:
    """Some trips of a day late, early, cancelled, half known, at places of their own choosing."""
    random = np.random.default_rng(seed)
    trips = {}
    runs = table.running(day)
    running = [n for n in range(len(table.trip_pattern)) if runs[table.trip_service[n]]]
    for trip in random.choice(running, min(len(running), 400), replace=False).tolist():
        stops = table.stops_of(int(table.trip_pattern[trip])).tolist()
        first = int(table.trip_first[trip])
        calls = []
        late = int(random.integers(-120, 900))
        for n, stop in enumerate(stops):
            kind = random.integers(0, 8)
            arrival = day_starts(day) + int(table.arrival[first + n]) + late
            departure = day_starts(day) + int(table.departure[first + n]) + late
            if kind == 0:
                calls.append(CallTime(position=n, stop=stop, skipped=True))
            elif kind == 1:
                calls.append(CallTime(position=n, stop=stop, uncertain=True))
            elif kind == 2:
                calls.append(CallTime(position=n, stop=stop, arrival=arrival, departure=departure))
            elif kind == 3:
                calls.append(CallTime(position=n, stop=stop, departure=departure, measured=True))
            elif kind == 4:
                calls.append(CallTime(position=n, stop=stop, arrival=arrival))
            late += int(random.integers(-60, 120))
        state = TripState.CANCELLED if random.random() < 0.1 else TripState.SCHEDULED
        trips[trip, day] = TripNow(trip=trip, day=day, state=state, source="essai", said_at=0, calls=tuple(calls))
    return LiveState(taken_at=day_starts(day) + 12 * 3600, trips=trips)
