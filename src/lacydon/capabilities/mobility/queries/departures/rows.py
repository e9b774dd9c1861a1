"""Rows of a board, made for the candidates that are shown and for no other."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np

from ..live import CallTime, LiveState, SourceHealth, TripNow, TripState
from ..timetable import Timetable, start_of
from .frequencies import Kept
from .nouns import Departure, Sureness
from .planned import Candidates
from .reading import reading
from .spoken import CANCELLED, MEASURED, SKIPPED, Spoken, departure_of, silent
from .telling import NONE

HORIZON: Final = 7_200
"""Seconds: farther than this, no source speaks of anything, and the silence of one means nothing."""
ALONE: Final[Kept] = (0, None)
Said = tuple[int, int | None, int | None, int, str, int | None, TripState, str, str, str]
"""Stop, departure, arrival, flags, source, when it was said, state, vehicle, headsign, platform."""
NOTHING: Final[Said] = (-1, None, None, 0, "", None, TripState.SCHEDULED, "", "", "")


class Rows:
    """What one question is about, and what makes its rows."""

    def __init__(self, table: Timetable, live: LiveState, seen: Spoken, *, low: int, high: int, arrivals: bool) -> None:
        self.table, self.live, self.seen = table, live, seen
        self.low, self.high, self.arrivals = low, high, arrivals
        self.held = reading(table)
        self._silent: dict[int, SourceHealth | None] = {}

    def holds(self, row: Departure) -> bool:
        """Whether it is between the two moments."""
        moment = row.when
        if self.arrivals:
            arriving = row.expected_arrival if row.expected is not None else row.planned_arrival
            moment = arriving if arriving is not None else moment
        return self.low <= moment < self.high

    def of(self, found: Candidates, chosen: Sequence[int], headways: Mapping[int, Kept]) -> list[Departure]:
        """Rows of planned passages, in the order of `chosen`."""
        if not chosen:
            return []
        held, table = self.held, self.table
        some = found.part(np.array(chosen, np.int64))
        patterns = held.trip_pattern[some.trip]
        calls = held.trip_first[some.trip] + some.position
        columns = [
            column.tolist()
            for column in (
                some.trip, some.position, some.stop, some.day, patterns, held.arrival[calls],
                held.departure[calls], held.pattern_route[patterns], held.pattern_direction[patterns],
                held.trip_headsign[some.trip], held.trip_wheelchair[some.trip], held.trip_bikes[some.trip],
            )
        ]  # fmt: skip
        bases = [start_of(day) for day in some.days]
        near = self.live.taken_at + HORIZON
        rows = []
        for n, said, (
            trip, position, stop, day, pattern, arrival, departure, route, direction, headsign, wheelchair, bikes,
        ) in zip(chosen, self._said(some), zip(*columns, strict=True), strict=True):  # fmt: skip
            base = bases[day]
            where, expected, coming, flags, source, said_at, state, vehicle, front, platform = said or NOTHING
            sureness, reason = Sureness.THEORETICAL, ""
            if expected is not None or flags:
                sureness = Sureness.MEASURED if flags & MEASURED else Sureness.PREDICTED
            if sureness is Sureness.THEORETICAL and base + departure < near:
                health = self._health(table.routes[route].feed)
                if health is not None:
                    answered = health.answered_at
                    sureness, source, reason = Sureness.SOURCE_DOWN, health.id, health.reason
                    said_at = int(answered.timestamp()) if answered is not None else None
            headway, until = headways.get(n, ALONE) if headways else ALONE
            where = where if where >= 0 else stop
            rows.append(
                Departure(
                    trip, some.days[day], position, route, front or held.headsign(table, pattern, headsign), direction,
                    where, stop, base + departure, expected, base + arrival, coming, sureness, source, said_at, reason,
                    bool(flags & CANCELLED), bool(flags & SKIPPED), state, wheelchair, bikes,
                    platform or table.stops[where].platform, headway, until, vehicle,
                )
            )  # fmt: skip
        return rows

    def _said(self, some: Candidates) -> list[Said | None]:
        """None where nothing is said."""
        found: list[Said | None] = [None] * len(some.trip)
        for n, day in enumerate(some.days):
            spoken = self.seen.days.get(day)
            if spoken is None:
                continue
            here = ((some.day == n) & (some.call >= 0)).nonzero()[0]
            if not len(here):
                continue
            call, told = some.call[here], spoken.said
            for place, stop, going, coming, flags, slot, position in zip(
                here.tolist(), spoken.stop[call].tolist(), spoken.departure[call].tolist(),
                spoken.arrival[call].tolist(), spoken.flags[call].tolist(), spoken.slot[some.trip[here]].tolist(),
                some.position[here].tolist(), strict=True,
            ):  # fmt: skip
                known = going != NONE
                found[place] = (
                    stop, going if known else None, coming if known else None, flags, told.source[slot],
                    told.said_at[slot], told.state[slot], told.vehicle.get(slot, ""), told.headsign.get(slot, ""),
                    told.platform.get((slot, position), ""),
                )  # fmt: skip
        return found

    def moved(self, stops: Iterable[int], rows: Sequence[Departure]) -> list[Departure]:
        """Planned trips that call at these stops today and not where they should."""
        known = {(row.trip, row.day, row.position) for row in rows}
        found = []
        for stop in stops:
            for day, trip, position in self.seen.moved.get(stop, ()):
                if (trip, day, position) in known or not self.held.running(self.table, day)[trip]:
                    continue
                only = self._candidate(day, trip, position)
                if only is not None:
                    found += [row for row in self.of(only, [0], {}) if self.holds(row)]
        return found

    def _candidate(self, day: date, trip: int, position: int) -> Candidates | None:
        """The planned passage that this call is in truth; None when nobody may board there (or get off)."""
        held = self.held
        pattern = int(held.trip_pattern[trip])
        start, length = int(held.pattern_first[pattern]), int(held.pattern_length[pattern])
        if position == (0 if self.arrivals else length - 1):
            return None
        if not (held.alights if self.arrivals else held.boards)[start + position]:
            return None
        spoken = self.seen.days[day]
        place = int(spoken.first[spoken.slot[trip]]) + position
        one = [
            np.array([value], np.int64)
            for value in (0, 0, trip, position, held.pattern_stops[start + position], 0, place)
        ]
        return Candidates((day,), *one)

    def unforeseen(self, stops: Iterable[int]) -> list[Departure]:
        """Calls that nobody planned; where the trip ends is no departure."""
        found = []
        for stop in stops:
            for now, n in self.seen.unforeseen.get(stop, ()):
                if n == (0 if self.arrivals else len(now.calls) - 1):
                    continue
                row = self._unplanned(now, now.calls[n])
                if row.expected is not None and self.holds(row):
                    found.append(row)
        return found

    def _unplanned(self, now: TripNow, call: CallTime) -> Departure:
        held, table = self.held, self.table
        route, headsign, wheelchair, bikes = now.route, now.headsign, 0, 0
        if now.trip >= 0:
            pattern = int(held.trip_pattern[now.trip])
            route = int(held.pattern_route[pattern])
            headsign = headsign or held.headsign(table, pattern, int(held.trip_headsign[now.trip]))
            wheelchair, bikes = int(held.trip_wheelchair[now.trip]), int(held.trip_bikes[now.trip])
        elif not headsign:
            headsign = table.stops[now.calls[-1].stop].name
        departure = departure_of(call)
        return Departure(
            trip=now.trip, day=now.day, position=call.position, route=route, headsign=headsign, direction=-1,
            stop=call.stop, planned_stop=call.stop, planned=None, expected=departure, planned_arrival=None,
            expected_arrival=call.arrival if call.arrival is not None else departure,
            sureness=Sureness.MEASURED if call.measured else Sureness.PREDICTED, source=now.source,
            said_at=now.said_at, reason="", cancelled=now.state is TripState.CANCELLED, skipped=call.skipped,
            state=now.state, wheelchair=wheelchair, bikes=bikes,
            platform=call.platform or table.stops[call.stop].platform, vehicle=now.vehicle, id=now.id,
        )  # fmt: skip

    def _health(self, feed: int) -> SourceHealth | None:
        if feed not in self._silent:
            self._silent[feed] = silent(self.live, self.table.feeds[feed].prefix)
        return self._silent[feed]
