"""The board of a stop: what is planned and what is said, merged in one list by the moment a rider waits for.

docs/developers/mobility-departures.md says the rules in words.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from ..live import LiveState
from ..timetable import Timetable
from .frequencies import gathered
from .nouns import Departure
from .planned import candidates
from .reading import reading
from .rows import Rows
from .spoken import spoken
from .visits import claims, of_visit, without_twins

LATE: Final = 5_400
"""Seconds: how late a vehicle may be and still be waited for."""
EARLY: Final = 900
WINDOWS: Final = tuple(timedelta(hours=hours) for hours in (1, 3, 9, 27, 75))
"""Looked at one after the other, until there are enough departures: from a busy quay to a school stop on a Friday."""


def departures(
    *,
    table: Timetable,
    live: LiveState,
    stops: Sequence[int],
    at: datetime,
    limit: int | None = 20,
    window: timedelta | None = None,
    arrivals: bool = False,
) -> tuple[Departure, ...]:
    """Next departures of these stops from `at` on, by the moment they are expected.

    `limit`: at most so many (None: all of the window). `window`: not later than this after `at`; when there is none,
    as far as is needed for `limit`, three days at most. `arrivals`: what arrives there instead.
    """
    low = int(at.timestamp())
    if window is not None or limit is None:
        high = low + int((window or WINDOWS[-1]).total_seconds())
        return between(table=table, live=live, stops=stops, low=low, high=high, limit=limit, arrivals=arrivals)
    enough = reading(table).enough
    key = (tuple(stops), limit)
    found: tuple[Departure, ...] = ()
    start = max(enough.get(key, 1) - 1, 0)
    for n, each in enumerate(WINDOWS[start:], start):
        high = low + int(each.total_seconds())
        found = between(table=table, live=live, stops=stops, low=low, high=high, limit=limit, arrivals=arrivals)
        if len(found) >= limit:
            enough[key] = n if n > start else start
            break
    return found


def between(
    *,
    table: Timetable,
    live: LiveState,
    stops: Sequence[int],
    low: int,
    high: int,
    limit: int | None = None,
    arrivals: bool = False,
) -> tuple[Departure, ...]:
    """The same from one moment to before another (seconds since 1970)."""
    seen = spoken(table, live)
    visits = [visit for stop in stops for visit in live.visits.get(stop, ())] if live.visits else []
    found = candidates(
        table, seen, stops=stops, low=low, high=high, back=LATE, ahead=EARLY, arrivals=arrivals,
        all_around=bool(visits),
    )  # fmt: skip
    making = Rows(table, live, seen, low=low, high=high, arrivals=arrivals)
    claimed = claims(table, found, visits) if visits else {}
    headways = gathered(table, found, claimed=claimed, low=low, high=high)
    if claimed:
        inside = np.flatnonzero((found.when >= low) & (found.when < high)).tolist()
        free = [n for n in inside if n not in claimed]
    else:
        free = list(range(len(found.when)))
    if headways:
        free = [n for n in free if headways.get(n, (1, None))[0]]
    chosen = free if limit is None else free[:limit]
    rows = making.of(found, chosen, headways)
    if visits:
        plain = making.of(found, list(claimed), {})
        rows += [of_visit(table, visit, planned=row) for visit, row in zip(claimed.values(), plain, strict=True)]
        taken = {id(visit) for visit in claimed.values()}
    if seen.moved:
        rows += making.moved(stops, rows)
    if seen.unforeseen:
        rows += making.unforeseen(stops)
    if visits:
        alone = [of_visit(table, each) for each in visits if id(each) not in taken]
        rows = [each for each in without_twins(rows, alone) if making.holds(each)]
    if visits or seen.moved or seen.unforeseen:
        rows.sort(key=lambda each: (each.when, each.trip, each.position))
    return tuple(rows if limit is None else rows[:limit])
