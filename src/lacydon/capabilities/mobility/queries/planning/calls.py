"""Where and when trips call, one by one: those that real time or a rule of transfers.txt makes different."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..departures.spoken import SKIPPED, Spoken
from ..departures.telling import NONE
from ..live import TripNow
from ..timetable import start_of
from .days import Day, Part, split
from .network import Network

Calls = tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.int8], NDArray[np.int32], NDArray[np.int32]]
"""Nodes, boards, alights, arrivals, departures."""


def calls_of(network: Network, part: Part, *, start: int, told: Spoken | None) -> Calls:
    """Where and when a trip calls, in seconds after `start`, with what real time says of it."""
    if part.now is not None:
        return _told(network, part.now, start=start)
    table = network.table
    pattern = int(table.trip_pattern[part.trip])
    route = int(table.pattern_route[pattern])
    where = slice(int(table.pattern_first[pattern]), int(table.pattern_first[pattern + 1]))
    its = table.calls_of(part.trip)
    shift = start_of(part.day) - start
    arrival = np.asarray(table.arrival[its]).astype(np.int64) + shift
    departure = np.asarray(table.departure[its]).astype(np.int64) + shift
    stops = table.stops_of(pattern).copy()
    boards, alights = table.pattern_boards[where].copy(), table.pattern_alights[where].copy()
    now = told.days.get(part.day) if told is not None else None
    if now is not None and now.slot[part.trip] >= 0:
        slot = int(now.slot[part.trip])
        said = slice(int(now.first[slot]), int(now.first[slot + 1]))
        arrival = np.where(now.arrival[said] != NONE, now.arrival[said] - start, arrival)
        departure = np.where(now.departure[said] != NONE, now.departure[said] - start, departure)
        stops = np.where(now.stop[said] >= 0, now.stop[said], stops)
        calls_here = now.flags[said] & SKIPPED == 0
        boards &= calls_here
        alights &= calls_here
    ok = network.open_stops[stops]
    node = np.array([network.node(int(stop), route=route, trip=part.trip) for stop in stops], np.int32)
    return node, (boards & ok).astype(np.int8), (alights & ok).astype(np.int8), *_rising(arrival, departure)


def _told(network: Network, now: TripNow, *, start: int) -> Calls:
    """A trip that real time tells whole: added, or run another way."""
    calls = [each for each in now.calls if each.stop >= 0 and (each.arrival or each.departure)]
    stops = np.array([each.stop for each in calls], np.int64)
    arrival = np.array([each.arrival or each.departure for each in calls], np.int64) - start
    departure = np.array([each.departure or each.arrival for each in calls], np.int64) - start
    made = np.array([not each.skipped for each in calls], np.bool_)
    ok = (made & network.open_stops[stops]).astype(np.int8)
    node = np.array([network.node(int(stop), route=now.route, trip=now.trip) for stop in stops], np.int32)
    return node, ok, ok.copy(), *_rising(arrival, departure)


def _rising(arrival: NDArray[Any], departure: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Times never go backwards along a trip, whatever sources say."""
    both = np.empty(2 * len(arrival), np.int32)
    both[0::2], both[1::2] = arrival, departure
    np.maximum.accumulate(both, out=both)
    return both[0::2], both[1::2]


def with_runs(day: Day, runs: Sequence[tuple[Part, ...]], *, told: Spoken | None = None) -> Day:
    """The day and, besides, these runs, each of parts whose calls are planned or said by real time."""
    made: dict[tuple[bytes, bytes, bytes], list[tuple[Any, ...]]] = {}
    kept = list(day.runs)
    for parts in runs:
        calls = [calls_of(day.network, part, start=day.start, told=told) for part in parts]
        node, boards, alights, arrival, departure = (np.concatenate(each) for each in zip(*calls, strict=True))
        if len(node) < 2 or arrival[-1] < 0:
            continue
        both = _rising(arrival, departure)
        kept.append(parts)
        made.setdefault((node.tobytes(), boards.tobytes(), alights.tobytes()), []).append(
            (node, boards, alights, *both, -len(kept))
        )
    blocks = list(day.blocks)
    for rows in made.values():
        node, boards, alights = rows[0][:3]
        blocks += split(
            -1, node, boards, alights, np.stack([each[3] for each in rows]), np.stack([each[4] for each in rows]),
            np.array([each[5] for each in rows], np.int32), np.zeros(len(rows), np.int8),
        )  # fmt: skip
    return Day(network=day.network, day=day.day, start=day.start, blocks=tuple(blocks), runs=tuple(kept))
