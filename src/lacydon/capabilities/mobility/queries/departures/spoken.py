"""What a live state says, as columns: worked out at the first question after a refresh, once in each process.

The calls of the trips that real time speaks of stand one after another, each with its expected moments. Delays go
forward; silence goes forward too. Source: GTFS Realtime reference, StopTimeUpdate: an update holds for the calls after
it until another one; NO_DATA ends it; a skipped call says nothing of the next ones; nothing is known of the calls
before the first update.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ..live import CallTime, LiveState, SourceHealth, SourceStatus, TripNow, TripState, Vehicle
from ..timetable import Timetable, start_of
from .reading import Reading, reading

ELSEWISE: Final = frozenset({"gbfs", "car-parks", "irve", "alerts", "siri-sx"})
"""Kinds of sources that say nothing of passages: their silence makes no departure less sure."""
NONE: Final = np.iinfo(np.int64).min
"""No moment is said."""
MEASURED: Final = 1
SKIPPED: Final = 2
CANCELLED: Final = 4

Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The trips of a service day that are spoken of."""

    slot: NDArray[np.int32]
    """[t] its number among them; -1 for those that nobody speaks of."""
    first: Int
    """[slots + 1] where the calls of each begin in the columns below."""
    arrival: Int
    departure: Int
    flags: NDArray[np.int8]
    stop: NDArray[np.int32]
    """Where it calls when it is not where it was planned; -1 otherwise."""
    update: Int
    """Which of `updates` says so of this very call; -1 for none."""
    updates: Sequence[CallTime]
    trips: Sequence[TripNow]
    """[slots]"""


@dataclass(frozen=True)
class Spoken:
    """All that a live state says of a timetable."""

    days: dict[date, Day] = field(default_factory=dict)
    elsewhere: dict[int, list[tuple[TripNow, CallTime]]] = field(default_factory=dict)
    """By stop: calls of planned trips at another quay than theirs."""
    added: dict[int, list[tuple[TripNow, int]]] = field(default_factory=dict)
    """By stop: trips that nobody planned, and which of their calls it is."""


_spoken: "WeakKeyDictionary[LiveState, dict[str, Spoken]]" = WeakKeyDictionary()


def spoken(table: Timetable, live: LiveState) -> Spoken:
    """Kept as long as the live state itself."""
    by_table = _spoken.get(live)
    if by_table is None:
        by_table = _spoken[live] = {}
    found = by_table.get(table.content)
    if found is None:
        found = by_table[table.content] = _index(table, live)
    return found


def silent(live: LiveState, prefix: str) -> SourceHealth | None:
    """The source that should speak of the passages of this feed and cannot be believed now; None when all can."""
    for each in live.sources_of(prefix):
        if each.kind not in ELSEWISE and each.status in (SourceStatus.DOWN, SourceStatus.LATE):
            return each
    return None


def _index(table: Timetable, live: LiveState) -> Spoken:
    held = reading(table)
    by_day: dict[date, list[TripNow]] = {}
    for (trip, day), now in live.trips.items():
        if 0 <= trip < len(held.trip_pattern):
            by_day.setdefault(day, []).append(now)
    seen = {
        (vehicle.trip, vehicle.day): vehicle
        for vehicle in live.vehicles
        if vehicle.trip >= 0 and vehicle.stopped and not vehicle.estimated
    }
    made = Spoken()
    for day, trips in by_day.items():
        made.days[day] = _day(held, day, trips, seen, made.elsewhere)
    for now in live.added:
        for n, call in enumerate(now.calls):
            made.added.setdefault(call.stop, []).append((now, n))
    return made


def _day(
    held: Reading, day: date, trips: list[TripNow], seen: dict[tuple[int, date | None], Vehicle],
    elsewhere: dict[int, list[tuple[TripNow, CallTime]]],
) -> Day:  # fmt: skip
    numbers = np.array([now.trip for now in trips], np.int64)
    slot = np.full(len(held.trip_pattern), -1, np.int32)
    slot[numbers] = np.arange(len(trips), dtype=np.int32)
    patterns = held.trip_pattern[numbers]
    lengths = held.pattern_length[patterns].astype(np.int64)
    first = np.zeros(len(trips) + 1, np.int64)
    np.cumsum(lengths, out=first[1:])
    inside = np.arange(first[-1]) - np.repeat(first[:-1], lengths)
    calls = np.repeat(held.trip_first[numbers].astype(np.int64), lengths) + inside
    stops = held.pattern_stops[np.repeat(held.pattern_first[patterns].astype(np.int64), lengths) + inside]
    base = start_of(day)
    planned = (held.arrival[calls].astype(np.int64) + base, held.departure[calls].astype(np.int64) + base)
    plain = [n for n, now in enumerate(trips) if now.state is not TripState.REPLACED]
    updates = [call for n in plain for call in trips[n].calls]
    owner = np.repeat(np.array(plain, np.int64), [len(trips[n].calls) for n in plain])
    made = Day(
        slot=slot, first=first, trips=trips, updates=updates, stop=np.full(len(calls), -1, np.int32),
        flags=np.zeros(len(calls), np.int8), update=np.full(len(calls), -1, np.int64),
        arrival=np.full(len(calls), NONE), departure=np.full(len(calls), NONE),
    )  # fmt: skip
    _forward(made, planned, owner=owner, inside=inside)
    at = np.flatnonzero(made.update >= 0)
    where = np.array([updates[n].stop for n in made.update[at].tolist()], np.int32)
    changed = (where != stops[at]) & (where >= 0)
    made.stop[at[changed]] = where[changed]
    for place in at[changed].tolist():
        call = updates[int(made.update[place])]
        now = trips[int(np.searchsorted(first, place, side="right")) - 1]
        elsewhere.setdefault(call.stop, []).append((now, call))
    for n, now in enumerate(trips):
        its = slice(int(first[n]), int(first[n + 1]))
        if now.state is TripState.CANCELLED:
            made.flags[its] = CANCELLED
            made.arrival[its] = made.departure[its] = NONE
        elif now.state is TripState.REPLACED:
            _replaced(made, now, stops[its], its, elsewhere)
        vehicle = seen.get((now.trip, day))
        if vehicle is not None:
            here = np.flatnonzero((stops[its] == vehicle.stop) & (made.departure[its] >= vehicle.said_at))
            made.flags[its.start + here[:1]] |= MEASURED
    return made


def _forward(made: Day, planned: tuple[Int, Int], *, owner: Int, inside: Int) -> None:
    """Fill the columns from the updates, forward from each to the next."""
    updates = made.updates
    size = len(made.arrival)
    position = np.array([call.position for call in updates], np.int64)
    at = made.first[owner] + position
    fits = (position >= 0) & (at < made.first[owner + 1])
    at = at[fits]
    made.update[at] = np.flatnonzero(fits)
    chosen = [updates[n] for n in np.flatnonzero(fits).tolist()]
    arrival, departure = np.full(size, NONE), np.full(size, NONE)
    arrival[at] = [NONE if call.arrival is None else call.arrival for call in chosen]
    departure[at] = [NONE if call.departure is None else call.departure for call in chosen]
    skipped, uncertain, measured = np.zeros(size, np.bool_), np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    skipped[at] = [call.skipped for call in chosen]
    uncertain[at] = [call.uncertain for call in chosen]
    measured[at] = [call.measured for call in chosen]
    quiet = skipped | uncertain
    arrival[quiet] = departure[quiet] = NONE
    late_in = np.where(arrival != NONE, arrival - planned[0], NONE)
    late_out = np.where(departure != NONE, departure - planned[1], late_in)
    informs = (late_out != NONE) | uncertain
    last = np.maximum.accumulate(np.where(informs, np.arange(size), -1))
    start = np.arange(size) - inside
    before = np.full(size, -1)
    before[1:] = last[:-1]
    carried = np.where(before >= start, np.where(uncertain[before], NONE, late_out[before]), NONE)
    known = late_out != NONE
    going = np.where(known, late_out, np.where(quiet, NONE, carried))
    coming = np.where(
        arrival != NONE, late_in, np.where(known, np.where(carried != NONE, carried, late_out), going)
    )  # fmt: skip
    said = going != NONE
    made.departure[said] = (planned[1] + going)[said]
    made.arrival[said] = np.minimum(
        (planned[0] + coming)[said], np.where(arrival != NONE, arrival, made.departure)[said]
    )
    np.maximum(made.departure, made.arrival, out=made.departure)
    made.flags[measured & said] = MEASURED
    made.flags[skipped] = SKIPPED


def _replaced(
    made: Day, now: TripNow, stops: NDArray[np.int32], its: slice, elsewhere: dict[int, list[tuple[TripNow, CallTime]]]
) -> None:
    """A trip that runs otherwise: all its calls are told, those that are not told are not made."""
    planned = stops.tolist()
    for n, stop in enumerate(planned):
        here = [call for call in now.calls if call.stop == stop and not call.skipped]
        if not here:
            made.flags[its.start + n] = SKIPPED
            continue
        call = min(here, key=lambda each: abs(each.position - n))
        departure = call.departure if call.departure is not None else call.arrival
        if departure is not None and not call.uncertain:
            made.departure[its.start + n] = departure
            made.arrival[its.start + n] = call.arrival if call.arrival is not None else departure
            made.flags[its.start + n] = MEASURED if call.measured else 0
    for call in now.calls:
        if call.stop not in planned and call.stop >= 0:
            elsewhere.setdefault(call.stop, []).append((now, call))
