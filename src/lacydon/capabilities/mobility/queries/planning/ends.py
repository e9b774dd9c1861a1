"""From where one is to the first stops, and from the last ones on: on foot, by shared bicycle, by car and park."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...ports import Station
from ...ports.journeys import Spot
from ..timetable import StopKind, Timetable
from .network import Network
from .search import End
from .walking import metres, on_foot

AROUND, FAR_AROUND = 1_000.0, 2_500.0
"""Metres of the crow's flight that one walks to a stop; where there is none, how far the nearest may be."""
MOST = 60
"""Quays around a point that are looked at."""
TO_BIKE, BIKE_RIDE, BIKE_TO_STOP = 600.0, 5_000.0, 250.0
BIKE_SPEED, BIKE_DETOUR, TAKE, GIVE_BACK = 3.9, 1.3, 60, 60
CAR_RIDE, CAR_SPEED, CAR_DETOUR, PARK, PARK_TO_STOP = 20_000.0, 8.3, 1.4, 240, 500.0
"""Metres of the crow's flight, metres a second in town, seconds to park."""


@dataclass(frozen=True, slots=True)
class Approach:
    """How one goes between a point and a node, when it is not on foot only: station to station, or car then park."""

    kind: str
    first: Station
    """Where the bicycle is taken, or the car left, in the order that they are come across."""
    second: Station | None
    before: int
    """Seconds on foot before, aboard (taking and giving back included), then on foot again."""
    aboard: int
    after: int
    distance: int


@dataclass
class Ends:
    """Ways to begin or to end a journey; `approaches[end.how - 1]` for those that are not on foot only."""

    found: list[End] = field(default_factory=list)
    approaches: list[Approach] = field(default_factory=list)


class _Quays:
    """Where the quays of a timetable are."""

    def __init__(self, table: Timetable) -> None:
        self.number = np.array([n for n, each in enumerate(table.stops) if each.kind == StopKind.QUAY], np.int32)
        self.lon = np.array([table.stops[n].lon for n in self.number])
        self.lat = np.array([table.stops[n].lat for n in self.number])

    def around(self, lon: float, lat: float) -> NDArray[np.float64]:
        """Metres from a point to each."""
        x = np.radians(self.lon - lon) * np.cos(np.radians((self.lat + lat) / 2))
        return np.asarray(6_371_008.8 * np.hypot(x, np.radians(self.lat - lat)))


_quays: dict[str, _Quays] = {}


def quays(table: Timetable) -> _Quays:
    """Made once a timetable."""
    if table.content not in _quays:
        _quays.clear()
        _quays[table.content] = _Quays(table)
    return _quays[table.content]


def quays_near(table: Timetable, lon: float, lat: float) -> list[tuple[int, float]]:
    """Quays that one can walk to, the nearest first, with the metres of the crow's flight."""
    known = quays(table)
    if not len(known.number):
        return []
    distance = known.around(lon, lat)
    order = np.argsort(distance, kind="stable")[:MOST]
    reach = AROUND if distance[order[0]] <= AROUND else FAR_AROUND
    return [(int(known.number[n]), float(distance[n])) for n in order.tolist() if distance[n] <= reach]


def on_foot_ends(network: Network, spot: Spot, *, towards: bool) -> list[End]:
    """Nodes that one can walk to from a point (`towards`: from which one can walk to it)."""
    best: dict[int, int] = {}

    def take(stop: int, seconds: int) -> None:
        for node in network.nodes(stop):
            if seconds < best.get(node, 10**9):
                best[node] = seconds

    if spot.stops:
        paths = network.back if towards else network.paths
        for stop in spot.stops:
            take(stop, 0)
            for place in range(int(paths.first[stop]), int(paths.first[stop + 1])):
                other = int(network.node_stop[paths.to[place]])
                if other not in spot.stops:
                    take(other, int(paths.seconds[place]))
    else:
        for stop, distance in quays_near(network.table, spot.lon, spot.lat):
            take(stop, on_foot(distance, access=network.access))
    return [
        End(node, seconds, seconds) for node, seconds in best.items() if network.open_stops[network.node_stop[node]]
    ]


def with_bikes(ends: Ends, network: Network, spot: Spot, bikes: Sequence[Station], *, towards: bool) -> None:
    """Add bicycles shared in the street: one is taken where there is one now, and given back where there is room."""
    near = [(each, metres(spot.lon, spot.lat, each.lon, each.lat)) for each in bikes]
    mine = sorted((d, n) for n, (each, d) in enumerate(near) if d <= TO_BIKE and _ready(each, towards))[:3]
    others = [each for each, d in near if d <= BIKE_RIDE and _ready(each, not towards)]
    table = network.table
    for distance, n in mine:
        own = near[n][0]
        for other in others:
            ride = metres(own.lon, own.lat, other.lon, other.lat)
            if other is own or ride < 500:
                continue
            aboard = TAKE + GIVE_BACK + math.ceil(ride * BIKE_DETOUR / BIKE_SPEED)
            for stop, gap in quays_near(table, other.lon, other.lat)[:8]:
                if gap > BIKE_TO_STOP:
                    break
                to_spot, to_stop = on_foot(distance), on_foot(gap)
                first, second = (other, own) if towards else (own, other)
                before, after = (to_stop, to_spot) if towards else (to_spot, to_stop)
                _take(
                    ends,
                    network,
                    stop,
                    Approach("bike", first, second, before, aboard, after, round(ride * BIKE_DETOUR)),
                )


def with_cars(ends: Ends, network: Network, spot: Spot, parks: Sequence[Station]) -> None:
    """Add car parks: « à vol d'oiseau » too, with the time to park."""
    for park in parks:
        away = metres(spot.lon, spot.lat, park.lon, park.lat)
        if not 800 <= away <= CAR_RIDE or park.open is False or park.free == 0:
            continue
        aboard = PARK + math.ceil(away * CAR_DETOUR / CAR_SPEED)
        for stop, gap in quays_near(network.table, park.lon, park.lat)[:8]:
            if gap <= PARK_TO_STOP:
                _take(
                    ends, network, stop, Approach("car", park, None, 0, aboard, on_foot(gap), round(away * CAR_DETOUR))
                )


def _take(ends: Ends, network: Network, stop: int, approach: Approach) -> None:
    if not network.open_stops[stop]:
        return
    ends.approaches.append(approach)
    seconds = approach.before + approach.aboard + approach.after
    for node in network.nodes(stop):
        known = next((each for each in ends.found if each.node == node), None)
        if known is None or seconds < known.seconds:
            ends.found.append(End(node, seconds, approach.before + approach.after, len(ends.approaches)))


def _ready(station: Station, giving_back: bool) -> bool:
    if station.open is False:
        return False
    free = station.docks if giving_back else station.free
    return free is None or free > 0
