"""A line as riders see it: its two ways, their stops in order, when it runs on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from statistics import median

import numpy as np
from django.utils.translation import gettext as _

from ..errors import UnknownLine
from .timetable import Route, Timetable, timetable
from .vehicles import Kind, kind_of

BUSY = (7 * 3600, 20 * 3600)
"""Seconds: the hours of the day in which « every ten minutes » is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One direction of a line. Stops by their place, in order; `some`: those that not every trip serves."""

    number: int
    """GTFS direction_id; 0 when the feed has none."""
    towards: str
    """Where most trips go."""
    places: tuple[int, ...]
    some: frozenset[int]
    patterns: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How a way runs on a day; times in seconds of that day, -1 when nothing runs."""

    trips: int
    first: int
    last: int
    every: int
    """Seconds between two departures in the busy hours, 0 when there are too few of them to say."""
    from_frequencies: bool
    """The feed says how often, not when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A column of the sheet: a trip, and its time at each stop of the way (-1 where it does not call)."""

    trip: int
    times: tuple[int, ...]
    headway: int

    @property
    def starts(self) -> int:
        return next((each for each in self.times if each >= 0), -1)


def line(id: str) -> tuple[Timetable, int]:
    """The timetable and the position of a line in it. Raises NoTimetable, UnknownLine."""
    table = timetable()
    n = table.route_of_id.get(id)
    if n is None:
        raise UnknownLine(_("Cette ligne n’existe pas, ou n’existe plus, dans les horaires d’aujourd’hui."))
    return table, n


def title(table: Timetable, route: int) -> str:
    """Its long name; from where to where it goes when the feed gives none; empty when it never runs."""
    named = table.routes[route]
    if named.long_name:
        return named.long_name if named.short_name else ""
    ends = [way.towards for way in ways(table, route)]
    return " – ".join(dict.fromkeys(reversed(ends)))


def by_kind(table: Timetable) -> list[tuple[Kind, list[int]]]:
    """Lines with trips, by what runs on them, in the order of their feed then of their numbers."""
    found: dict[Kind, list[int]] = {}
    for n in _running(table):
        route = table.routes[n]
        found.setdefault(kind_of(route.type, school=route.school), []).append(n)
    return [(kind, sorted(found[kind], key=lambda n: _order(table.routes[n]))) for kind in Kind if kind in found]


@lru_cache(maxsize=1)
def _running(table: Timetable) -> tuple[int, ...]:
    return tuple(sorted(set(np.asarray(table.pattern_route).tolist())))


def _order(route: Route) -> tuple[int, int, str]:
    digits = "".join(sign for sign in route.short_name if sign.isdigit())
    return route.order, int(digits[:9]) if digits else 10**9, route.name


@lru_cache(maxsize=256)
def ways(table: Timetable, route: int) -> tuple[Way, ...]:
    """Its directions, each with its stops in order: patterns of a direction are laid over one another."""
    patterns = np.flatnonzero(np.asarray(table.pattern_route) == route).tolist()
    by_direction: dict[int, list[int]] = {}
    for pattern in patterns:
        by_direction.setdefault(max(0, int(table.pattern_direction[pattern])), []).append(pattern)
    if len(by_direction) == 1 and all(int(table.pattern_direction[n]) < 0 for n in patterns):
        by_direction = _parted(table, patterns)
    found = []
    for number, its in sorted(by_direction.items()):
        its.sort(key=lambda n: -len(table.trips_of(n)))
        orders = [tuple(table.stops[s].place for s in table.stops_of(n).tolist()) for n in its]
        places = _laid_over(orders)
        served = sum(len(table.trips_of(n)) for n in its)
        calls = dict.fromkeys(places, 0)
        for pattern, order in zip(its, orders, strict=True):
            for place in set(order):
                calls[place] += len(table.trips_of(pattern))
        found.append(
            Way(
                number=number,
                towards=_towards(table, its),
                places=places,
                some=frozenset(place for place, many in calls.items() if many < served),
                patterns=tuple(its),
            )
        )
    return tuple(found)


def _parted(table: Timetable, patterns: Sequence[int]) -> dict[int, list[int]]:
    """Two ways, when the feed does not say: whoever goes like the busiest pattern, and whoever goes the other way."""
    order = {n: [table.stops[s].place for s in table.stops_of(n).tolist()] for n in patterns}
    main = max(patterns, key=lambda n: len(table.trips_of(n)))
    rank = {place: at for at, place in enumerate(order[main])}
    ways: dict[int, list[int]] = {}
    for n in patterns:
        known = [rank[place] for place in order[n] if place in rank]
        back = len(known) > 1 and known[0] > known[-1]
        ways.setdefault(int(back), []).append(n)
    return ways


def _laid_over(orders: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """One order for all: the first one, and what the others have more, each after what comes before it there."""
    merged: list[int] = []
    for order in orders:
        at = -1
        for place in order:
            if place in merged:
                at = merged.index(place)
            else:
                at += 1
                merged.insert(at, place)
    return tuple(merged)


def _towards(table: Timetable, patterns: Iterable[int]) -> str:
    heads: dict[str, int] = {}
    for pattern in patterns:
        trips = table.trips_of(pattern)
        signs, counts = np.unique(table.trip_headsign[trips.start : trips.stop], return_counts=True)
        end = table.stops[int(table.stops_of(pattern)[-1])].name
        for sign, many in zip(signs.tolist(), counts.tolist(), strict=True):
            name = table.headsigns[sign] or end
            heads[name] = heads.get(name, 0) + many
    return max(heads, key=lambda name: heads[name]) if heads else ""


def _on(table: Timetable, way: Way, day: date) -> list[int]:
    """Trips of a way that run on a day, by their first departure."""
    runs = table.running(day)
    trips = [n for pattern in way.patterns for n in table.trips_of(pattern) if runs[int(table.trip_service[n])]]
    return sorted(trips, key=lambda n: (int(table.departure[int(table.trip_first[n])]), n))


def service(table: Timetable, way: Way, day: date) -> Service:
    """When a way runs on a day."""
    trips = _on(table, way, day)
    leaves = [int(table.departure[int(table.trip_first[n])]) for n in trips]
    busy = [each for each in leaves if BUSY[0] <= each <= BUSY[1]]
    gaps = [later - sooner for sooner, later in pairwise(busy) if later > sooner]
    return Service(
        trips=len(trips),
        first=leaves[0] if leaves else -1,
        last=leaves[-1] if leaves else -1,
        every=round(median(gaps) / 60) * 60 if len(gaps) >= 8 else 0,
        from_frequencies=any(int(table.trip_headway[n]) for n in trips),
    )


def sheet(table: Timetable, way: Way, day: date) -> list[Trip]:
    """The whole day of a way, a column a trip."""
    rank = {place: at for at, place in enumerate(way.places)}
    found = []
    for n in _on(table, way, day):
        times = [-1] * len(way.places)
        calls = table.calls_of(n)
        stops = table.stops_of(int(table.trip_pattern[n])).tolist()
        for stop, at in zip(stops, table.departure[calls].tolist(), strict=True):
            place = rank[table.stops[stop].place]
            if times[place] < 0:
                times[place] = at
        found.append(Trip(trip=n, times=tuple(times), headway=int(table.trip_headway[n])))
    return _in_order(found)


def _in_order(trips: list[Trip]) -> list[Trip]:
    """By their time at the stop where most of them call: short trips find their place among the long ones."""
    if not trips:
        return trips
    size = len(trips[0].times)
    common = max(range(size), key=lambda at: sum(each.times[at] >= 0 for each in trips))
    return sorted(trips, key=lambda each: (each.times[common] if each.times[common] >= 0 else each.starts, each.trip))
