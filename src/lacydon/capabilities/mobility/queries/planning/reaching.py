"""What can be reached from a point: one search for all stops at once, or the average of many over a window."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...ports.journeys import Spot
from .days import Day
from .ends import on_foot_ends
from .kernels import FAR
from .search import ROUNDS, End, reached
from .walking import metres, on_foot

EVERY = 300
"""Seconds between two departures that are tried over a window."""


@dataclass(frozen=True)
class Reach:
    """Seconds to each place of the timetable, FAR where it is not reached; vehicles that it takes (0: on foot)."""

    seconds: NDArray[np.int32]
    vehicles: NDArray[np.int32]


def stops_reached(
    day: Day, starts: Sequence[End], *, at: int, longest: int, rounds: int = ROUNDS, backwards: bool = False
) -> Reach:
    """[stops] from the starts at one moment, on foot at the end too."""
    until = FAR if backwards else at + longest + 1
    ride, taken = reached(day, starts, at=at, rounds=rounds, backwards=backwards, until=until)
    sign = -1 if backwards else 1
    found = np.where(np.abs(ride.astype(np.int64)) >= FAR, FAR, (ride.astype(np.int64) - at) * sign)
    network = day.network
    stops = len(network.table.stops)
    seconds, vehicles = np.full(stops, FAR, np.int64), np.zeros(stops, np.int32)
    np.minimum.at(seconds, network.node_stop, found)
    vehicles[network.node_stop[found <= seconds[network.node_stop]]] = taken[found <= seconds[network.node_stop]]
    paths = network.back if backwards else network.paths
    source = np.repeat(np.arange(len(paths.first) - 1), np.diff(paths.first))
    walked = found[source] + paths.seconds
    to = network.node_stop[paths.to]
    order = np.argsort(-walked, kind="stable")
    better = order[walked[order] < seconds[to[order]]]
    seconds[to[better]], vehicles[to[better]] = walked[better], taken[source[better]]
    for start in starts:
        stop = int(network.node_stop[start.node])
        if start.seconds < seconds[stop]:
            seconds[stop], vehicles[stop] = start.seconds, 0
    seconds[seconds > longest] = FAR
    return Reach(seconds.astype(np.int32), vehicles)


def usual(day: Day, spot: Spot, *, since: int, window: int, longest: int, every: int = EVERY) -> NDArray[np.int32]:
    """[stops] the median of the times that one takes leaving now and then over a window: no lucky minute.

    A departure that does not get there within `longest` counts as one that never does.
    """
    starts = on_foot_ends(day.network, spot, towards=False)
    moments = range(since, since + window, every)
    if not starts:
        return np.full(len(day.network.table.stops), FAR, np.int32)
    tried = [stops_reached(day, starts, at=at, longest=longest).seconds for at in moments]
    found: NDArray[np.int32] = np.sort(np.stack(tried), axis=0)[len(tried) // 2]
    return found


def to_point(day: Day, seconds: NDArray[np.int32], spot: Spot, start: Spot) -> int:
    """Seconds to a point from what was reached of the stops around it, or on foot all the way."""
    best = on_foot(metres(start.lon, start.lat, spot.lon, spot.lat))
    for end in on_foot_ends(day.network, spot, towards=True):
        best = min(best, int(seconds[day.network.node_stop[end.node]]) + end.seconds)
    return best
