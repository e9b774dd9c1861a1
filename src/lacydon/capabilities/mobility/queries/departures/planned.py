"""Passages of some stops between two moments, by masks over arrays: no row of Python for what does not run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..timetable import Timetable, day_of, start_of
from .reading import reading
from .spoken import DELETED, Spoken
from .telling import NONE

LONGEST_STAY: Final = 3_600
"""Seconds a vehicle may stay at a stop: passages are sorted by departure, arrivals are a little before."""
Int = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Columns of the same length, by the moment a rider waits for."""

    days: tuple[date, ...]
    when: Int
    """The expected moment, or else the planned one, of what was asked (departure or arrival)."""
    planned: Int
    trip: Int
    position: Int
    stop: Int
    """Where it is planned."""
    day: Int
    """A place in `days`."""
    call: Int
    """A place in the columns of what is spoken of that day; -1 when nothing is."""

    def part(self, chosen: Int) -> "Candidates":
        return Candidates(
            self.days, self.when[chosen], self.planned[chosen], self.trip[chosen], self.position[chosen],
            self.stop[chosen], self.day[chosen], self.call[chosen],
        )  # fmt: skip


def service_days(table: Timetable, *, low: int, high: int) -> list[date]:
    """Service days that may have a time between two moments: yesterday's nights, and both nights of clocks."""
    first = day_of(datetime.fromtimestamp(low, UTC)) - timedelta(days=table.longest // 86_400 + 1)
    last = day_of(datetime.fromtimestamp(high, UTC)) + timedelta(days=1)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if start_of(day) <= high and start_of(day) + table.longest >= low]


def candidates(
    table: Timetable,
    seen: Spoken,
    *,
    stops: Sequence[int],
    low: int,
    high: int,
    back: int,
    ahead: int,
    arrivals: bool = False,
    all_around: bool = False,
) -> Candidates:
    """Passages of running trips where one may get on (or off: `arrivals`), from `low` to before `high`.

    What real time speaks of is looked for among what was planned from `back` seconds before to `ahead` after;
    `all_around`: the rest of that too, because what a stop says of a vehicle without its name may be any of it.
    """
    held = reading(table)
    days = service_days(table, low=low - back, high=high + ahead)
    parts: list[tuple[Int, ...]] = []
    allowed = held.alights if arrivals else held.boards
    for n, day in enumerate(days):
        base = start_of(day)
        spoken = seen.days.get(day)
        around = spoken is not None or all_around
        since, until = (low - back - base, high + ahead - base) if around else (low - base, high - base)
        ranges = held.ranges(stops, since, until + (LONGEST_STAY if arrivals else 0))
        if not ranges:
            continue
        trips = np.concatenate([held.passage_trip[one:other] for _stop, one, other in ranges])
        positions = np.concatenate([held.passage_position[one:other] for _stop, one, other in ranges])
        patterns = held.trip_pattern[trips]
        keep = held.running(table, day)[trips]
        keep &= allowed[held.pattern_first[patterns] + positions]
        keep &= positions > 0 if arrivals else positions < held.pattern_last[patterns]
        kept = keep.nonzero()[0]
        if not len(kept):
            continue
        trips, positions = trips[kept], positions[kept].astype(np.int64)
        calls = held.trip_first[trips] + positions
        planned = (held.arrival if arrivals else held.departure)[calls].astype(np.int64) + base
        when, call = planned, np.full(len(kept), -1)
        if spoken is not None:
            slots = spoken.slot[trips]
            call = np.where(slots >= 0, spoken.first[slots] + positions, -1)
            expected = (spoken.arrival if arrivals else spoken.departure)[call]
            when = np.where((call >= 0) & (expected != NONE), expected, planned)
        where = np.repeat([stop for stop, _one, _other in ranges], [other - one for _stop, one, other in ranges])[kept]
        columns = (when, planned, trips, positions, where, np.full(len(kept), n), call)
        if spoken is not None:
            kept = ((call < 0) | (spoken.flags[call] & DELETED == 0)).nonzero()[0]
            columns = tuple(column[kept] for column in columns)
            when = columns[0]
        if not all_around:
            kept = ((when >= low) & (when < high)).nonzero()[0]
            columns = tuple(column[kept] for column in columns)
        parts.append(columns)
    if not parts:
        none = np.zeros(0, np.int64)
        return Candidates(tuple(days), none, none, none, none, none, none, none)
    joined = parts[0] if len(parts) == 1 else tuple(np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((joined[3], joined[2], joined[0]))
    return Candidates(tuple(days), *(column[order] for column in joined))
