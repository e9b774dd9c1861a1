"""Who was seen where: from what sources measured and from vehicles that stand at a stop. What is foreseen is left out.

A call that a source calls measured still carries times of its own making: none later than the moment it speaks is
believed, because it would be a prediction (gtfsrdb #8: punctuality of predictions is not punctuality).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from lacydon.kernel.clock import LOCAL

from ..live import LiveState, TripState
from ..timetable import Timetable, start_of

FAR = 6 * 3600
"""Seconds from its time beyond which a passage is a mistake of who says it: another day, another trip."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A vehicle of a trip at one of its stops: when it was first and last seen there, seconds since 1970."""

    day: date
    trip: int
    position: int
    first: int
    last: int
    source: str

    @property
    def key(self) -> tuple[date, int, int]:
        return self.day, self.trip, self.position


def observed(state: LiveState, table: Timetable) -> Iterator[Observed]:
    """All that this state saw, in no order; the same passage may come twice."""
    for (trip, day), now_ in state.trips.items():
        if trip < 0 or now_.state in (TripState.CANCELLED, TripState.DELETED):
            continue
        for call in now_.calls:
            if not call.measured or call.skipped or call.uncertain:
                continue
            times = [each for each in (call.arrival, call.departure) if each is not None and each <= now_.said_at]
            first, last = (min(times), max(times)) if times else (now_.said_at, now_.said_at)
            if call.departure is not None and call.departure > now_.said_at:
                last = now_.said_at  # it stands there still
            if _sensible(table, trip, call.position, day, last):
                yield Observed(day, trip, call.position, first, last, now_.source)
    for vehicle in state.vehicles:
        if not vehicle.stopped or vehicle.estimated or vehicle.trip < 0 or vehicle.stop < 0 or vehicle.day is None:
            continue
        position = position_of(table, vehicle.trip, vehicle.stop, vehicle.day, vehicle.said_at)
        if position >= 0 and _sensible(table, vehicle.trip, position, vehicle.day, vehicle.said_at):
            yield Observed(vehicle.day, vehicle.trip, position, vehicle.said_at, vehicle.said_at, vehicle.source)


def position_of(table: Timetable, trip: int, stop: int, day: date, at: int) -> int:
    """Where in its trip a stop is, the one whose time is nearest when the trip calls there twice; -1 if it does not."""
    stops = table.stops_of(int(table.trip_pattern[trip]))
    places = np.flatnonzero(stops == stop)
    if not len(places):
        return -1
    if len(places) == 1:
        return int(places[0])
    planned = table.departure[table.calls_of(trip)][places] + start_of(day)
    return int(places[int(np.abs(planned - at).argmin())])


def row_of(seen: Observed, table: Timetable) -> tuple[Any, ...]:
    """A passage as a row of the archive, in the order of its columns."""
    calls = table.calls_of(seen.trip)
    pattern = int(table.trip_pattern[seen.trip])
    stops = table.stops_of(pattern)
    stop = table.stops[int(stops[seen.position])]
    place = table.places[stop.place] if stop.place >= 0 else None
    line = table.route_of(seen.trip)
    terminus = seen.position == len(stops) - 1
    times = table.arrival if terminus else table.departure
    planned = int(times[calls.start + seen.position]) + start_of(seen.day)
    at = seen.first if terminus else seen.last
    before, gap = ("", None) if terminus else _before(table, seen)
    return (
        seen.day, line.id, line.name, int(table.pattern_direction[pattern]), table.trip_ids[seen.trip],
        table.headsigns[int(table.trip_headsign[seen.trip])], stop.id, place.id if place else "", stop.name,
        place.citycode if place else "", seen.position, terminus, _moment(planned), _moment(seen.first), _moment(at),
        at - planned, _moment(planned).astimezone(LOCAL).hour, before, gap, None, seen.source, table.content[:16],
    )  # fmt: skip


def planned_by_line(table: Timetable, day: date) -> list[tuple[str, int]]:
    """How many departures are planned on a day, by line (its id): all the calls but the last of each trip."""
    running = np.flatnonzero(table.running(day)[table.trip_service])
    calls = (table.trip_first[running + 1] - table.trip_first[running]) - 1
    lines = table.pattern_route[table.trip_pattern[running]]
    counted = np.bincount(lines, weights=calls, minlength=len(table.routes)).astype(int)
    return [(table.routes[n].id, int(many)) for n, many in enumerate(counted) if many]


def _before(table: Timetable, seen: Observed) -> tuple[str, int | None]:
    """The trip of the same line and direction that leaves the same quay just before on that day, and the gap."""
    pattern = int(table.trip_pattern[seen.trip])
    stop = int(table.stops_of(pattern)[seen.position])
    line, direction = int(table.pattern_route[pattern]), int(table.pattern_direction[pattern])
    trips, departures = _passing(table, seen.day, stop, line, direction)
    mine = int(table.departure[table.calls_of(seen.trip).start + seen.position])
    place = int(np.searchsorted(departures, mine, side="left"))
    if place == 0:
        return "", None
    return table.trip_ids[int(trips[place - 1])], mine - int(departures[place - 1])


@lru_cache(maxsize=4_096)
def _passing(table: Timetable, day: date, stop: int, line: int, direction: int) -> tuple[Any, Any]:
    """Trips of a line that leave a quay on a day, and when (seconds of the service day), in order."""
    begin, end = int(table.passage_first[stop]), int(table.passage_first[stop + 1])
    trips = table.passage_trip[begin:end]
    patterns = table.trip_pattern[trips]
    lengths = table.trip_first[trips + 1] - table.trip_first[trips]
    kept = (
        (table.pattern_route[patterns] == line)
        & (table.pattern_direction[patterns] == direction)
        & table.running(day)[table.trip_service[trips]]
        & (table.passage_position[begin:end] < lengths - 1)
    )
    return np.asarray(trips[kept]), np.asarray(table.passage_departure[begin:end][kept])


def _sensible(table: Timetable, trip: int, position: int, day: date, at: int) -> bool:
    calls = table.calls_of(trip)
    if not 0 <= position < calls.stop - calls.start:
        return False
    return abs(int(table.departure[calls.start + position]) + start_of(day) - at) <= FAR


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def service_day_over(day: date, when: datetime) -> bool:
    """Whether no passage of this service day is awaited any more: the next day at 5 in the morning."""
    return when.astimezone(LOCAL) >= datetime(day.year, day.month, day.day, 5, tzinfo=LOCAL) + timedelta(days=1)
