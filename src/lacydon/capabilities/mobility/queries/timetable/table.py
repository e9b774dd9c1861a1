"""A whole timetable, for reading: nouns as tuples, times as arrays that the processes of a machine share.

Vocabulary of the arrays (n stops, r routes, p patterns, t trips, k calls = lines of stop_times, s services, d days):

pattern       trips of one route and direction that call at the same stops in the same order, boarding alike
trips         numbered pattern by pattern, in each by their first departure; trips of frequencies.txt are written out
call          a trip at a position (from 0) of its pattern; call number = trip_first[trip] + position
passage       the same calls ordered by stop, then by departure: what a departures board reads
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from .nouns import Agency, Fare, FeedInfo, Pathway, Place, Route, Stop, Transfer, Translations

Int32 = NDArray[np.int32]


class Words(Sequence[str]):
    """Many short texts in two arrays: no object each, so that a hundred thousand of them weigh nothing until read."""

    def __init__(self, letters: NDArray[np.uint8], first: NDArray[np.int64]) -> None:
        """`letters`: UTF-8, one after another; `first`: where each begins, and where the last one ends."""
        self.letters, self.first = letters, first

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Words":
        encoded = [text.encode() for text in texts]
        first = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(text) for text in encoded], out=first[1:])
        return cls(np.frombuffer(b"".join(encoded), np.uint8), first)

    def __len__(self) -> int:
        return len(self.first) - 1

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        return self.letters[self.first[place] : self.first[place + 1]].tobytes().decode()


@dataclass(frozen=True, kw_only=True, eq=False)
class Timetable:
    """Everything that is planned. Shapes in brackets; times in seconds of the service day (days.py)."""

    content: str
    """SHA-256 of what it was made of: two timetables of the same content are the same."""
    feeds: tuple[FeedInfo, ...]
    agencies: tuple[Agency, ...]
    stops: tuple[Stop, ...]
    places: tuple[Place, ...]
    routes: tuple[Route, ...]
    transfers: tuple[Transfer, ...] = ()
    pathways: tuple[Pathway, ...] = ()
    fares: tuple[Fare, ...] = ()
    translations: Translations = field(default_factory=dict)

    pattern_route: Int32
    """[p]"""
    pattern_direction: NDArray[np.int8]
    """[p] GTFS direction_id; -1 when the feed has none."""
    pattern_shape: Int32
    """[p] -1 for none."""
    pattern_first: Int32
    """[p + 1] where the stops of a pattern begin in the three arrays below."""
    pattern_stops: Int32
    """[sum of lengths]"""
    pattern_boards: NDArray[np.bool_]
    """[same] one may get on there (pickup_type is not 1)."""
    pattern_alights: NDArray[np.bool_]
    """[same] one may get off there (drop_off_type is not 1)."""
    pattern_trips: Int32
    """[p + 1] where the trips of a pattern begin among trips."""

    trip_pattern: Int32
    """[t]"""
    trip_service: Int32
    """[t]"""
    trip_first: Int32
    """[t + 1] where its calls begin."""
    trip_headsign: Int32
    """[t] a place in `headsigns`."""
    trip_wheelchair: NDArray[np.int8]
    """[t] nouns.Wheelchair"""
    trip_bikes: NDArray[np.int8]
    """[t] the same three values, for bicycles."""
    trip_headway: Int32
    """[t] seconds between two of them when it comes from frequencies.txt with exact_times 0; else 0."""
    trip_ids: Words
    """[t] with the prefix of the feed; those of frequencies.txt have #1, #2 … after the id of their trip."""
    trip_order: Int32
    """[t] trips by the alphabet of their ids (UTF-8)."""
    headsigns: Words

    arrival: Int32
    """[k] never missing: those that the feed leaves out are interpolated."""
    departure: Int32
    """[k]"""
    call_sequence: Int32 = field(default_factory=lambda: np.zeros(0, np.int32))
    """[k] stop_sequence as the feed writes it, by which real time names a call; empty when it was not kept."""

    passage_first: Int32
    """[n + 1] where the passages of a stop begin in the three arrays below."""
    passage_departure: Int32
    """[k] rising within a stop."""
    passage_trip: Int32
    """[k]"""
    passage_position: NDArray[np.int16]
    """[k] the last position of its pattern is an arrival only."""

    service_ids: Words
    first_day: date
    service_runs: NDArray[np.bool_]
    """[d, s] which services run on first_day + d."""

    shape_first: Int32
    """[number of shapes + 1]"""
    shape_points: NDArray[np.float64]
    """[points, 2] lon, lat"""

    def days(self) -> tuple[date, date]:
        """First and last day that it knows."""
        return self.first_day, self.first_day + timedelta(days=len(self.service_runs) - 1)

    def running(self, day: date) -> NDArray[np.bool_]:
        """[s] services that run on this day; none outside of its days."""
        place = (day - self.first_day).days
        if not 0 <= place < len(self.service_runs):
            return np.zeros(self.service_runs.shape[1], np.bool_)
        return self.service_runs[place]

    def stops_of(self, pattern: int) -> Int32:
        return self.pattern_stops[self.pattern_first[pattern] : self.pattern_first[pattern + 1]]

    def trips_of(self, pattern: int) -> range:
        return range(int(self.pattern_trips[pattern]), int(self.pattern_trips[pattern + 1]))

    def calls_of(self, trip: int) -> slice:
        return slice(int(self.trip_first[trip]), int(self.trip_first[trip + 1]))

    def route_of(self, trip: int) -> Route:
        return self.routes[self.pattern_route[self.trip_pattern[trip]]]

    def trip(self, id: str) -> int:
        """Position of the trip of this id (with its prefix), or -1."""
        wanted = id.encode()
        ids = self.trip_ids
        place = bisect_left(self.trip_order, wanted, key=lambda n: ids[int(n)].encode())
        if place < len(self.trip_order) and ids[int(self.trip_order[place])].encode() == wanted:
            return int(self.trip_order[place])
        return -1

    @cached_property
    def stop_of_id(self) -> Mapping[str, int]:
        return {stop.id: n for n, stop in enumerate(self.stops)}

    @cached_property
    def stop_of_netex_id(self) -> Mapping[str, int]:
        return {stop.netex_id: n for n, stop in enumerate(self.stops) if stop.netex_id}

    @cached_property
    def place_of_id(self) -> Mapping[str, int]:
        return {place.id: n for n, place in enumerate(self.places)}

    @cached_property
    def route_of_id(self) -> Mapping[str, int]:
        return {route.id: n for n, route in enumerate(self.routes)}

    @cached_property
    def longest(self) -> int:
        """The last time of the timetable, in seconds of its service day."""
        return int(max(self.arrival.max(initial=0), self.departure.max(initial=0)))

    @cached_property
    def routes_of_place(self) -> tuple[tuple[int, ...], ...]:
        """Lines that call at each place, in their order."""
        found: list[set[int]] = [set() for _ in self.places]
        for pattern in range(len(self.pattern_route)):
            for stop in self.stops_of(pattern).tolist():
                found[self.stops[stop].place].add(int(self.pattern_route[pattern]))
        return tuple(tuple(sorted(each, key=lambda n: (self.routes[n].order, n))) for each in found)


ARRAYS: tuple[str, ...] = (
    "pattern_route", "pattern_direction", "pattern_shape", "pattern_first", "pattern_stops", "pattern_boards",
    "pattern_alights", "pattern_trips", "trip_pattern", "trip_service", "trip_first", "trip_headsign",
    "trip_wheelchair", "trip_bikes", "trip_headway", "trip_order", "arrival", "departure", "call_sequence",
    "passage_first",
    "passage_departure", "passage_trip", "passage_position", "service_runs", "shape_first", "shape_points",
)  # fmt: skip
WORDS: tuple[str, ...] = ("trip_ids", "headsigns", "service_ids")
NOUNS: Mapping[str, Any] = {
    "feeds": FeedInfo, "agencies": Agency, "stops": Stop, "places": Place, "routes": Route, "transfers": Transfer,
    "pathways": Pathway, "fares": Fare,
}  # fmt: skip
