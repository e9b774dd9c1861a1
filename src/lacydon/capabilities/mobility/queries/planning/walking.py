"""On foot between stops: what operators say, else as the crow flies; closed so that no walk hides behind another one.

The model, the same everywhere (pages say « calcul simplifié »):

- between two quays less than NEAR metres apart: the distance on a sphere × DETOUR, at SPEED;
- a duration given by transfers.txt (type 2) is taken as it is; inside a station whose ways are in pathways.txt, the
  quickest of these ways;
- walks are closed transitively up to LONGEST seconds: A to B to C is a walk from A to C;
- to change takes CHANGE seconds at least, unless transfers.txt says otherwise.
"""

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import shapely

from ..timetable import Stop, StopKind, Timetable

SPEED = 1.2
"""Metres a second: somebody who does not hurry."""
ROLLING = 0.8
"""Metres a second in a wheelchair."""
DETOUR = 1.3
"""How much longer streets are than the crow's flight, in a town."""
NEAR = 400.0
LONGEST = 600
CHANGE = 60
STAIRS, ESCALATOR, LIFT = 2, 4, 5
SECONDS_A_STEP = 0.6
LIFT_SECONDS = 60


class Access(IntEnum):
    """For whom: anybody; in a wheelchair, by what is known to be accessible; the same, with what is not known."""

    ANYBODY = 0
    KNOWN = 1
    UNKNOWN_TOO = 2


@dataclass(frozen=True, slots=True)
class Walk:
    """Seconds on foot; whether they are a time to leave for a change, that the operator gives; whether it is known
    that no step is on the way (True), that one is (False), or nothing (None)."""

    seconds: int
    given: bool = False
    step_free: bool | None = None


Walks = Mapping[tuple[int, int], Walk]
"""By stops (from, to)."""


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Between two points, on a sphere."""
    dx = math.radians(lon - other_lon) * math.cos(math.radians((lat + other_lat) / 2))
    return 6_371_008.8 * math.hypot(dx, math.radians(lat - other_lat))


def on_foot(distance: float, *, access: Access = Access.ANYBODY) -> int:
    """Seconds to walk so many metres of the crow's flight."""
    return math.ceil(distance * DETOUR / (SPEED if access == Access.ANYBODY else ROLLING))


def quays_of(table: Timetable, stop: int) -> tuple[int, ...]:
    """The stop itself, or the quays of a station."""
    if table.stops[stop].kind == StopKind.STATION:
        return tuple(n for n, each in enumerate(table.stops) if each.parent == stop and each.kind == StopKind.QUAY)
    return (stop,)


def walks(table: Timetable, *, access: Access = Access.ANYBODY) -> dict[tuple[int, int], Walk]:
    """Every walk between two quays, closed. In a wheelchair: only what has no known step, and for KNOWN only that."""
    slower = 1.0 if access == Access.ANYBODY else SPEED / ROLLING
    found: dict[tuple[int, int], Walk] = {}
    for one, other, distance in _near(table.stops):
        found[one, other] = Walk(on_foot(distance, access=access))
    for transfer in table.transfers:
        if transfer.type in (0, 1, 2) and max(transfer.from_route, transfer.to_route, transfer.from_trip) < 0:
            for one in quays_of(table, transfer.from_stop) if transfer.from_stop >= 0 else ():
                for other in quays_of(table, transfer.to_stop) if transfer.to_stop >= 0 else ():
                    if one == other:
                        continue
                    if transfer.type == 2 and transfer.seconds >= 0:
                        found[one, other] = Walk(math.ceil(transfer.seconds * slower), given=True)
                    elif (one, other) not in found:
                        a, b = table.stops[one], table.stops[other]
                        found[one, other] = Walk(on_foot(metres(a.lon, a.lat, b.lon, b.lat), access=access))
    for pair, walk in _inside(table, slower=slower).items():
        found[pair] = walk
    if access != Access.ANYBODY:
        wanted = (True,) if access == Access.KNOWN else (True, None)
        found = {pair: walk for pair, walk in found.items() if walk.step_free in wanted}
    return closed(found)


def closed(direct: Walks, *, longest: int = LONGEST) -> dict[tuple[int, int], Walk]:
    """With all the walks made of several, up to `longest` seconds; direct ones stay, however long."""
    beside: dict[int, list[tuple[int, int, bool | None]]] = {}
    for (one, other), walk in direct.items():
        beside.setdefault(one, []).append((other, walk.seconds, walk.step_free))
    found = dict(direct)
    for start in beside:
        best = {start: 0}
        free: dict[int, bool | None] = {start: True}
        waiting = [(0, start)]
        while waiting:
            seconds, stop = heapq.heappop(waiting)
            if seconds > best[stop]:
                continue
            for other, more, step_free in beside.get(stop, ()):
                then = seconds + more
                if then <= longest and then < best.get(other, longest + 1):
                    best[other] = then
                    free[other] = True if free[stop] and step_free else None
                    heapq.heappush(waiting, (then, other))
        for other, seconds in best.items():
            given = direct.get((start, other))
            if other != start and (given is None or (seconds < given.seconds and not given.given)):
                found[start, other] = Walk(seconds, step_free=free[other])
    return found


def _near(stops: tuple[Stop, ...]) -> list[tuple[int, int, float]]:
    """Pairs of quays less than NEAR apart (both ways), with their distance."""
    quays = [n for n, stop in enumerate(stops) if stop.kind == StopKind.QUAY]
    if not quays:
        return []
    narrow = math.cos(math.radians(sum(stops[n].lat for n in quays) / len(quays)))
    plane = np.array([(stops[n].lon * narrow, stops[n].lat) for n in quays]) * 111_195.0
    points = shapely.points(plane)
    pairs = shapely.STRtree(points).query(points, predicate="dwithin", distance=NEAR * 1.05)
    found = []
    for i, j in pairs.T.tolist():
        one, other = quays[i], quays[j]
        if i != j:
            a, b = stops[one], stops[other]
            distance = metres(a.lon, a.lat, b.lon, b.lat)
            if distance < NEAR:
                found.append((one, other, distance))
    return found


def _inside(table: Timetable, *, slower: float) -> dict[tuple[int, int], Walk]:
    """Ways inside stations, as pathways.txt has them. Only those without a known step are asked of in a wheelchair."""
    every: dict[int, list[tuple[int, int, bool]]] = {}
    for way in table.pathways:
        seconds = way.seconds if way.seconds >= 0 else round(_pathway(way.mode, way.metres, way.stairs) * slower)
        free = way.mode not in (STAIRS, ESCALATOR)
        every.setdefault(way.from_stop, []).append((way.to_stop, seconds, free))
        if way.both_ways:
            every.setdefault(way.to_stop, []).append((way.from_stop, seconds, free))
    found: dict[tuple[int, int], Walk] = {}
    for start in every:
        if table.stops[start].kind != StopKind.QUAY:
            continue
        flat = _quickest(every, start, only_free=True)
        for other, seconds in _quickest(every, start, only_free=False).items():
            if other == start or table.stops[other].kind != StopKind.QUAY:
                continue
            if slower > 1.0 and other in flat:
                seconds = flat[other]
            found[start, other] = Walk(seconds, given=True, step_free=other in flat)
    return found


def _pathway(mode: int, length: float, stairs: int) -> float:
    if mode == LIFT:
        return LIFT_SECONDS
    return max(length, 0.0) / SPEED + stairs * SECONDS_A_STEP


def _quickest(ways: Mapping[int, list[tuple[int, int, bool]]], start: int, *, only_free: bool) -> dict[int, int]:
    best = {start: 0}
    waiting = [(0, start)]
    while waiting:
        seconds, node = heapq.heappop(waiting)
        if seconds > best[node]:
            continue
        for other, more, free in ways.get(node, ()):
            if (free or not only_free) and seconds + more < best.get(other, 2**31):
                best[other] = seconds + more
                heapq.heappush(waiting, (seconds + more, other))
    return best
