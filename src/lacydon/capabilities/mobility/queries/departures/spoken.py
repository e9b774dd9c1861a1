"""What a live state says of planned trips, call by call: worked out at the first question after a refresh.

The calls of the trips that real time speaks of stand one after another, each with its expected moments. Delays go
forward; silence goes forward too. Source: GTFS Realtime reference, StopTimeUpdate: an update holds for the calls after
it until another one; NO_DATA ends it; a skipped call says nothing of the next ones; nothing is known of the calls
before the first update.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ...ports.said import MEASURED as SAID_MEASURED
from ...ports.said import SKIPPED as SAID_SKIPPED
from ...ports.said import UNCERTAIN as SAID_UNCERTAIN
from ..live import CallTime, LiveState, SourceHealth, SourceStatus, TripNow, TripState, Vehicle
from ..timetable import Timetable, start_of
from .reading import Reading, reading
from .telling import NONE, Int, Sayings, sayings

ELSEWISE: Final = frozenset({"gbfs", "car_parks", "irve"})
"""Kinds of sources that say nothing of passages: their silence makes no departure less sure."""
MEASURED: Final = 1
SKIPPED: Final = 2
CANCELLED: Final = 4
DELETED: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The trips of a service day that are spoken of."""

    said: Sayings
    slot: NDArray[np.int32]
    """[t] its place in `said`; -1 for those that nobody speaks of."""
    first: Int
    """[slots + 1] where the calls of each begin in the columns below."""
    arrival: Int
    departure: Int
    flags: NDArray[np.int8]
    stop: NDArray[np.int32]
    """Where it calls when it is not where it was planned; -1 otherwise."""


@dataclass(frozen=True)
class Spoken:
    """All that a live state says of a timetable."""

    days: dict[date, Day] = field(default_factory=dict)
    moved: dict[int, list[tuple[date, int, int]]] = field(default_factory=dict)
    """By stop: day, trip and position of planned calls that are made there and not at their own quay."""
    unforeseen: dict[int, list[tuple[TripNow, int]]] = field(default_factory=dict)
    """By stop: calls that nobody planned, of trips that were added or run another way; which of their calls it is."""


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
    stand = {
        (vehicle.trip, vehicle.day): vehicle
        for vehicle in live.vehicles
        if vehicle.trip >= 0 and vehicle.stopped and not vehicle.estimated
    }
    made = Spoken()
    for day, said in sayings(live, trips=len(held.trip_pattern)).items():
        made.days[day] = _day(held, live, day, said, stand, made)
    for now in live.added:
        for n, call in enumerate(now.calls):
            made.unforeseen.setdefault(call.stop, []).append((now, n))
    return made


def _day(
    held: Reading, live: LiveState, day: date, said: Sayings, stand: dict[tuple[int, date | None], Vehicle],
    into: Spoken,
) -> Day:  # fmt: skip
    numbers = np.array(said.trip, np.int64)
    slot = np.full(len(held.trip_pattern), -1, np.int32)
    slot[numbers] = np.arange(len(numbers), dtype=np.int32)
    patterns = held.trip_pattern[numbers]
    lengths = held.pattern_length[patterns].astype(np.int64)
    first = np.zeros(len(numbers) + 1, np.int64)
    np.cumsum(lengths, out=first[1:])
    inside = np.arange(first[-1]) - np.repeat(first[:-1], lengths)
    calls = np.repeat(held.trip_first[numbers].astype(np.int64), lengths) + inside
    stops = held.pattern_stops[np.repeat(held.pattern_first[patterns].astype(np.int64), lengths) + inside]
    base = start_of(day)
    planned = (held.arrival[calls].astype(np.int64) + base, held.departure[calls].astype(np.int64) + base)
    size = len(calls)
    made = Day(
        said=said, slot=slot, first=first, stop=np.full(size, -1, np.int32), flags=np.zeros(size, np.int8),
        arrival=np.full(size, NONE), departure=np.full(size, NONE),
    )  # fmt: skip
    otherwise = [n for n, state in enumerate(said.state) if state is not TripState.SCHEDULED]
    where, places = _forward(made, planned, inside=inside, without=otherwise)
    changed = (where != stops[places]) & (where >= 0)
    made.stop[places[changed]] = where[changed]
    for place in places[changed].tolist():
        number = int(np.searchsorted(first, place, side="right")) - 1
        into.moved.setdefault(int(made.stop[place]), []).append((day, said.trip[number], place - int(first[number])))
    for n in otherwise:
        its = slice(int(first[n]), int(first[n + 1]))
        if said.state[n] is TripState.REPLACED:
            _replaced(made, live.trips[said.trip[n], day], stops[its].tolist(), its, into)
        else:
            made.flags[its] = DELETED if said.state[n] is TripState.DELETED else CANCELLED
    for (trip, there), vehicle in stand.items():
        if there == day and slot[trip] >= 0:
            its = slice(int(first[slot[trip]]), int(first[slot[trip] + 1]))
            at = np.flatnonzero((stops[its] == vehicle.stop) & (made.departure[its] >= vehicle.said_at))
            made.flags[its.start + at[:1]] |= MEASURED
    return made


def _forward(made: Day, planned: tuple[Int, Int], *, inside: Int, without: list[int]) -> tuple[Int, Int]:
    """Fill the columns from the updates, forward from each to the next; where each update happens, and its call."""
    owner, position, stop, coming_at, going_at, flags = made.said.columns()
    size = len(made.arrival)
    at = made.first[owner] + position
    fits = (position >= 0) & (at < made.first[owner + 1])
    if without:
        fits &= ~np.isin(owner, without)
    at, stop, flags = at[fits], stop[fits], flags[fits]
    arrival, departure = np.full(size, NONE), np.full(size, NONE)
    arrival[at], departure[at] = coming_at[fits], going_at[fits]
    skipped, uncertain, measured = np.zeros(size, np.bool_), np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    skipped[at] = flags & SAID_SKIPPED != 0
    uncertain[at] = flags & SAID_UNCERTAIN != 0
    measured[at] = flags & SAID_MEASURED != 0
    quiet = skipped | uncertain
    arrival[quiet] = departure[quiet] = NONE
    late_in = np.where(arrival != NONE, arrival - planned[0], NONE)
    late_out = np.where(departure != NONE, departure - planned[1], late_in)
    known = late_out != NONE
    last = np.maximum.accumulate(np.where(known | uncertain, np.arange(size), -1))
    before = np.full(size, -1)
    before[1:] = last[:-1]
    carried = np.where(before >= np.arange(size) - inside, np.where(uncertain[before], NONE, late_out[before]), NONE)
    going = np.where(known, late_out, np.where(quiet, NONE, carried))
    coming = np.where(arrival != NONE, late_in, np.where(known & (carried != NONE), carried, going))
    told = going != NONE
    made.departure[told] = (planned[1] + going)[told]
    latest = np.where(arrival != NONE, arrival, made.departure)
    made.arrival[told] = np.minimum(planned[0] + coming, latest)[told]
    np.maximum(made.departure, made.arrival, out=made.departure)
    made.flags[measured & told] = MEASURED
    made.flags[skipped] = SKIPPED
    return stop, at


def _replaced(made: Day, now: TripNow, planned: list[int], its: slice, into: Spoken) -> None:
    """A trip that runs otherwise: all its calls are told, those that are not told are not made."""
    for n, stop in enumerate(planned):
        here = [call for call in now.calls if call.stop == stop and not call.skipped]
        if not here:
            made.flags[its.start + n] = SKIPPED
            continue
        call = min(here, key=lambda each: abs(each.position - n))
        departure = departure_of(call)
        if departure is not None and not call.uncertain:
            made.departure[its.start + n] = departure
            made.arrival[its.start + n] = call.arrival if call.arrival is not None else departure
            made.flags[its.start + n] = MEASURED if call.measured else 0
    for n, call in enumerate(now.calls):
        if call.stop not in planned and call.stop >= 0:
            into.unforeseen.setdefault(call.stop, []).append((now, n))


def departure_of(call: CallTime) -> int | None:
    """When it leaves, as far as is said."""
    return call.departure if call.departure is not None else call.arrival
