"""What is worked out once of a timetable, so that a board asks arrays and not rows."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ..timetable import Timetable

DAYS = 8
"""Days whose running trips are kept, 1 byte a trip: yesterday to a few days after tomorrow."""


class Reading:
    """A timetable made ready to be read: plain views of its arrays (mapped ones are slow to slice), running trips."""

    def __init__(self, table: Timetable) -> None:
        self.arrival = np.asarray(table.arrival)
        self.departure = np.asarray(table.departure)
        self.passage_first = np.asarray(table.passage_first)
        self.passage_departure = np.asarray(table.passage_departure)
        self.passage_trip = np.asarray(table.passage_trip)
        self.passage_position = np.asarray(table.passage_position)
        self.trip_pattern = np.asarray(table.trip_pattern)
        self.trip_service = np.asarray(table.trip_service)
        self.trip_first = np.asarray(table.trip_first)
        self.trip_headway = np.asarray(table.trip_headway)
        self.trip_headsign = np.asarray(table.trip_headsign)
        self.trip_wheelchair = np.asarray(table.trip_wheelchair)
        self.trip_bikes = np.asarray(table.trip_bikes)
        self.pattern_direction = np.asarray(table.pattern_direction)
        self.pattern_route = np.asarray(table.pattern_route)
        self.pattern_first = np.asarray(table.pattern_first)
        self.pattern_stops = np.asarray(table.pattern_stops)
        self.pattern_length = np.diff(self.pattern_first)
        self.pattern_last = self.pattern_length - 1
        self.boards = np.asarray(table.pattern_boards)
        self.alights = np.asarray(table.pattern_alights)
        self.has_headways = bool(self.trip_headway.any())
        self._running: OrderedDict[date, NDArray[np.bool_]] = OrderedDict()
        self._headsigns: dict[tuple[int, int], str] = {}
        self.enough: dict[tuple[tuple[int, ...], int], int] = {}
        """By stops and rows: the window that held enough of them last time."""

    def running(self, table: Timetable, day: date) -> NDArray[np.bool_]:
        """[t] trips that run on this day."""
        found = self._running.get(day)
        if found is None:
            found = np.asarray(table.running(day))[self.trip_service]
            self._running[day] = found
            while len(self._running) > DAYS:
                self._running.popitem(last=False)
        return found

    def ranges(self, stops: Sequence[int], since: int, until: int) -> list[tuple[int, int, int]]:
        """(stop, first passage, last but one) between two times of a service day."""
        found = []
        for stop in stops:
            start = int(self.passage_first[stop])
            times = self.passage_departure[start : int(self.passage_first[stop + 1])]
            one, other = times.searchsorted((since, until)).tolist()
            if one < other:
                found.append((stop, start + one, start + other))
        return found

    def headsign(self, table: Timetable, pattern: int, headsign: int) -> str:
        """What the front of the vehicle says; the name of the last stop when the feed says nothing."""
        found = self._headsigns.get((pattern, headsign))
        if found is None:
            last = int(self.pattern_stops[self.pattern_first[pattern + 1] - 1])
            found = table.headsigns[headsign] or table.stops[last].name
            self._headsigns[pattern, headsign] = found
        return found


_readings: "WeakKeyDictionary[Timetable, Reading]" = WeakKeyDictionary()


def reading(table: Timetable) -> Reading:
    """Kept as long as the timetable itself."""
    found = _readings.get(table)
    if found is None:
        found = _readings[table] = Reading(table)
    return found
