"""Where and when trips call, one by one: those that real time or a rule of transfers.txt makes different."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..live import TripNow
from ..timetable import Wheelchair, start_of
from .days import Day, Part, split
from .network import Network
from .walking import Access

Calls = tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.int8], NDArray[np.int32], NDArray[np.int32]]
"""Nodes, boards, alights, arrivals, departures."""


def calls_of(network: Network, part: Part, *, start: int) -> Calls:
    """Where and when a trip calls, in seconds after `start`, with what real time says of it."""
    table, now = network.table, part.said
    if part.trip < 0:
        return _added(network, now, start=start)
    pattern = int(table.trip_pattern[part.trip])
    route = int(table.pattern_route[pattern])
    where = slice(int(table.pattern_first[pattern]), int(table.pattern_first[pattern + 1]))
    its = table.calls_of(part.trip)
    shift = start_of(part.day) - start
    arrival = np.asarray(table.arrival[its]) + np.int32(shift)
    departure = np.asarray(table.departure[its]) + np.int32(shift)
    stops = table.stops_of(pattern).copy()
    boards, alights = table.pattern_boards[where].copy(), table.pattern_alights[where].copy()
    if now is not None:
        _apply(now, stops, boards, alights, arrival, departure, start=start)
    ok = stops_allowed(network)[stops]
    node = np.array([network.node(int(stop), route=route, trip=part.trip) for stop in stops], np.int32)
    return node, (boards & ok).astype(np.int8), (alights & ok).astype(np.int8), arrival, departure


def _apply(now: TripNow, stops: Any, boards: Any, alights: Any, arrival: Any, departure: Any, *, start: int) -> None:
    """Delays hold from the call that they are said of until the next one; times never go backwards."""
    said = {each.position: each for each in now.calls if 0 <= each.position < len(stops)}
    late = 0
    for n in range(len(stops)):
        call = said.get(n)
        if call is not None:
            if call.stop >= 0:
                stops[n] = call.stop
            if call.skipped:
                boards[n] = alights[n] = False
            if call.uncertain:
                late = 0
            planned_arrival, planned_departure = int(arrival[n]), int(departure[n])
            if call.arrival is not None:
                late = call.arrival - start - planned_arrival
            arrival[n] = planned_arrival + late
            if call.departure is not None:
                late = call.departure - start - planned_departure
            departure[n] = planned_departure + late
        else:
            arrival[n] += late
            departure[n] += late
    np.maximum.accumulate(arrival, out=arrival)
    np.maximum(departure, arrival, out=departure)
    np.maximum.accumulate(departure, out=departure)
    arrival[1:] = np.maximum(arrival[1:], departure[:-1])
    departure[:] = np.maximum(departure, arrival)


def _added(network: Network, now: TripNow, *, start: int) -> Calls:
    calls = [each for each in now.calls if each.arrival is not None or each.departure is not None]
    stops = np.array([each.stop for each in calls], np.int64)
    arrival = np.array([each.arrival if each.arrival is not None else each.departure for each in calls], np.int64)
    departure = np.array([each.departure if each.departure is not None else each.arrival for each in calls], np.int64)
    arrival, departure = (arrival - start).astype(np.int32), (departure - start).astype(np.int32)
    np.maximum.accumulate(arrival, out=arrival)
    np.maximum(departure, arrival, out=departure)
    open_ = np.array([not each.skipped for each in calls], np.bool_)
    ok = (open_ & stops_allowed(network)[stops]).astype(np.int8) if len(stops) else np.zeros(0, np.int8)
    node = np.array([network.node(int(stop), route=now.route) for stop in stops], np.int32)
    return node, ok, ok.copy(), arrival, departure


def stops_allowed(network: Network) -> NDArray[np.bool_]:
    """[stops] where this rider may get on and off."""
    said = np.array([each.wheelchair for each in network.table.stops], np.int8)
    if network.access == Access.KNOWN:
        return said == Wheelchair.YES
    if network.access == Access.UNKNOWN_TOO:
        return said != Wheelchair.NO
    return np.ones(len(said), np.bool_)


def with_runs(day: Day, runs: Sequence[tuple[Part, ...]]) -> Day:
    """The day and, besides, these runs, each of parts whose calls are planned or said by real time."""
    made: dict[tuple[bytes, bytes, bytes], list[tuple[Any, ...]]] = {}
    kept = list(day.runs)
    for parts in runs:
        calls = [calls_of(day.network, part, start=day.start) for part in parts]
        node, boards, alights, arrival, departure = (np.concatenate(each) for each in zip(*calls, strict=True))
        if len(node) < 2 or arrival[-1] < 0:
            continue
        kept.append(parts)
        made.setdefault((node.tobytes(), boards.tobytes(), alights.tobytes()), []).append(
            (node, boards, alights, arrival, departure, -len(kept))
        )
    blocks = list(day.blocks)
    for rows in made.values():
        node, boards, alights = rows[0][:3]
        blocks += split(
            -1, node, boards, alights, np.stack([each[3] for each in rows]), np.stack([each[4] for each in rows]),
            np.array([each[5] for each in rows], np.int32), np.zeros(len(rows), np.int8),
        )  # fmt: skip
    return Day(network=day.network, day=day.day, start=day.start, blocks=tuple(blocks), runs=tuple(kept))
