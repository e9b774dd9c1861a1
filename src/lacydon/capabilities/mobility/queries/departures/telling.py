"""What is said of the trips of each day, as columns: held as arrays (one word of a source) or as nouns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...ports.said import MEASURED, SKIPPED, UNCERTAIN
from ..live import LiveState, TripNow, TripState
from ..live.held import TripsNow
from ..live.parts import STATES, Part

NONE: Final = np.iinfo(np.int64).min
"""No moment is said."""
Int = NDArray[np.int64]


@dataclass(slots=True)
class Sayings:
    """m trips of a day, u calls of theirs that something is said of."""

    trip: list[int] = field(default_factory=list)
    """[m]"""
    state: list[TripState] = field(default_factory=list)
    source: list[str] = field(default_factory=list)
    said_at: list[int] = field(default_factory=list)
    vehicle: dict[int, str] = field(default_factory=dict)
    """By place among the trips."""
    headsign: dict[int, str] = field(default_factory=dict)
    calls: list[tuple[Int, ...]] = field(default_factory=list)
    """Blocks of columns: place among the trips, position, stop, arrival, departure, flags (those of ports.said)."""
    platform: dict[tuple[int, int], str] = field(default_factory=dict)
    """By place among the trips and position."""

    def columns(self) -> tuple[Int, ...]:
        """The blocks, one after the other."""
        if not self.calls:
            return tuple(np.zeros(0, np.int64) for _n in range(6))
        return tuple(np.concatenate(column) for column in zip(*self.calls, strict=True))


def sayings(live: LiveState, *, trips: int) -> dict[date, Sayings]:
    """By service day; `trips`: how many the timetable has, others are not ours."""
    by_day: dict[date, Sayings] = {}
    if isinstance(live.trips, TripsNow):
        _of_parts(by_day, live.trips, trips)
    else:
        _of_nouns(by_day, live.trips.items(), trips)
    return by_day


def _of_nouns(by_day: dict[date, Sayings], told: Iterable[tuple[tuple[int, date], TripNow]], trips: int) -> None:
    for (trip, day), now in told:
        if not 0 <= trip < trips:
            continue
        into = by_day.setdefault(day, Sayings())
        place = len(into.trip)
        into.trip.append(trip)
        into.state.append(now.state)
        into.source.append(now.source)
        into.said_at.append(now.said_at)
        if now.vehicle:
            into.vehicle[place] = now.vehicle
        if now.headsign:
            into.headsign[place] = now.headsign
        if not now.calls:
            continue
        calls = now.calls
        into.calls.append(
            (
                np.full(len(calls), place),
                np.array([call.position for call in calls]),
                np.array([call.stop for call in calls]),
                np.array([NONE if call.arrival is None else call.arrival for call in calls]),
                np.array([NONE if call.departure is None else call.departure for call in calls]),
                np.array(
                    [MEASURED * call.measured | SKIPPED * call.skipped | UNCERTAIN * call.uncertain for call in calls]
                ),
            )
        )
        for call in calls:
            if call.platform:
                into.platform[place, call.position] = call.platform


def _of_parts(by_day: dict[date, Sayings], told: TripsNow, trips: int) -> None:
    """Trips of which one word tells are read as they are held; the few that several words tell, as nouns."""
    alone: dict[tuple[int, int], tuple[Part, list[int], list[int]]] = {}
    several: list[tuple[tuple[int, date], TripNow]] = []
    for (trip, ordinal), rows in told.rows.items():
        if not 0 <= trip < trips:
            continue
        part, row = rows[0]
        if len(rows) > 1:
            day = date.fromordinal(ordinal)
            several.append(((trip, day), told[trip, day]))
            continue
        _part, numbers, places = alone.setdefault((id(part), ordinal), (part, [], []))
        numbers.append(row)
        places.append(trip)
    for (_id, ordinal), (part, numbers, places) in alone.items():
        _whole(by_day.setdefault(date.fromordinal(ordinal), Sayings()), part, np.array(numbers), places)
    _of_nouns(by_day, several, trips)


def _whole(into: Sayings, part: Part, rows: Int, trips: list[int]) -> None:
    begin = len(into.trip)
    into.trip += trips
    into.state += [STATES[state] for state in part.state[rows].tolist()]
    into.source += [part.source] * len(trips)
    into.said_at += part.told_at[rows].tolist()
    place_of = {row: begin + n for n, row in enumerate(rows.tolist())} if _words(part) else {}
    into.vehicle |= {place_of[row]: text for row, text in part.trip_vehicles.items() if row in place_of}
    into.headsign |= {place_of[row]: text for row, text in part.trip_headsigns.items() if row in place_of}
    first = part.first[rows].astype(np.int64)
    counts = part.first[rows + 1] - first
    size = int(counts.sum())
    if not size:
        return
    starts = np.cumsum(counts) - counts
    chosen = np.repeat(first - starts, counts) + np.arange(size)
    place = np.repeat(np.arange(begin, begin + len(rows)), counts)
    times = [np.where(column == 0, NONE, column) for column in (part.arrival[chosen], part.departure[chosen])]
    position = part.position[chosen].astype(np.int64)
    into.calls.append(
        (place, position, part.stop[chosen].astype(np.int64), *times, part.flags[chosen].astype(np.int64))
    )
    if part.platforms:
        there = {call: n for n, call in enumerate(chosen.tolist())}
        for call, text in part.platforms.items():
            if call in there:
                into.platform[int(place[there[call]]), int(position[there[call]])] = text


def _words(part: Part) -> Mapping[int, str]:
    return part.trip_vehicles or part.trip_headsigns
