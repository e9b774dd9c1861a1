"""What is planned on a day: the night before, the day, the next one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..timetable import Wheelchair, start_of
from .calls import with_runs
from .days import Block, Day, Int8, Int32, Part, split
from .network import Network
from .walking import Access

NEXT_DAY = 12 * 3_600
"""Hours of the next day until which its trips are looked at: a journey asked in the night may be for the morning."""


def planned(network: Network, day: date, *, school: bool = False) -> Day:
    """What is planned: trips of the night before that still run, of the day and of the next."""
    table = network.table
    start = start_of(day)
    around = [(n, day + timedelta(days=n)) for n in (-1, 0, 1)]
    running = [table.running(each) for _n, each in around]
    allowed = _allowed(network, school=school)
    seated = _trips_with_others(network)
    stops = network.open_stops
    blocks: list[Block] = []
    lengths = np.diff(table.pattern_first)
    for pattern in range(len(table.pattern_route)):
        its = slice(int(table.pattern_trips[pattern]), int(table.pattern_trips[pattern + 1]))
        length = int(lengths[pattern])
        if its.stop == its.start or length < 2:
            continue
        shape = (its.stop - its.start, length)
        calls = slice(int(table.trip_first[its.start]), int(table.trip_first[its.stop]))
        arrival, departure = table.arrival[calls].reshape(shape), table.departure[calls].reshape(shape)
        trips = np.arange(its.start, its.stop, dtype=np.int32)
        taken: list[tuple[Int32, Int32, Int32, Int8]] = []
        for (n, each), runs in zip(around, running, strict=True):
            wanted = runs[table.trip_service[its]] & allowed[its]
            shift = start_of(each) - start
            if n < 0:
                wanted &= arrival[:, -1] + shift >= 0
            elif n > 0:
                wanted &= departure[:, 0] < NEXT_DAY
            if seated:
                wanted &= ~np.isin(trips, seated)
            if wanted.any():
                count = int(wanted.sum())
                taken.append(
                    (arrival[wanted] + shift, departure[wanted] + shift, trips[wanted], np.full(count, n, np.int8))
                )
        if taken:
            route = int(table.pattern_route[pattern])
            node = np.array([network.node(int(stop), route=route) for stop in table.stops_of(pattern)], np.int32)
            where = slice(int(table.pattern_first[pattern]), int(table.pattern_first[pattern + 1]))
            ok = stops[table.stops_of(pattern)]
            boards = (table.pattern_boards[where] & ok).astype(np.int8)
            alights = (table.pattern_alights[where] & ok).astype(np.int8)
            parts = [np.concatenate(each) for each in zip(*taken, strict=True)]
            blocks += split(pattern, node, boards, alights, *parts)
    made = Day(network=network, day=day, start=start, blocks=tuple(blocks))
    if not seated:
        return made
    return _with_others(made, seated, allowed=allowed)


def _allowed(network: Network, *, school: bool) -> NDArray[np.bool_]:
    """[trips] those this rider may take."""
    table = network.table
    route = table.pattern_route[table.trip_pattern]
    kinds = np.array([each.school for each in table.routes], np.bool_)
    allowed = np.ones(len(table.trip_pattern), np.bool_) if school or not len(kinds) else ~kinds[route]
    if network.access == Access.KNOWN:
        allowed &= np.asarray(table.trip_wheelchair) == Wheelchair.YES
    elif network.access == Access.UNKNOWN_TOO:
        allowed &= np.asarray(table.trip_wheelchair) != Wheelchair.NO
    return allowed


def _trips_with_others(network: Network) -> list[int]:
    """Trips that a rule of transfers.txt names: they are laid out one by one."""
    named = {number for (_stop, kind, number) in network.node_of if kind == "trip"}
    named |= set(network.seated) | {trip for each in network.seated.values() for trip in each}
    return sorted(named)


def _with_others(day: Day, named: Sequence[int], *, allowed: NDArray[np.bool_]) -> Day:
    """The day with the trips that rules name, those that go on in the same vehicle made one."""
    network, table = day.network, day.network.table
    follows = {trip for each in network.seated.values() for trip in each}
    runs: list[tuple[Part, ...]] = []
    for n in (-1, 0, 1):
        its_day = day.day + timedelta(days=n)
        running = table.running(its_day)
        here = {trip for trip in named if running[table.trip_service[trip]] and allowed[trip]}
        if n > 0:
            here = {trip for trip in here if table.departure[table.trip_first[trip]] < NEXT_DAY}
        heads = [trip for trip in named if trip in here and not (trip in follows and _has_leader(network, trip, here))]
        for trip in heads:
            for chain in _chains(network.seated, trip, here):
                runs.append(_parts(table, chain, its_day))
    return with_runs(day, runs)


def _has_leader(network: Network, trip: int, here: set[int]) -> bool:
    return any(trip in after for leader, after in network.seated.items() if leader in here)


def _chains(
    seated: Mapping[int, tuple[int, ...]], trip: int, here: set[int], before: tuple[int, ...] = ()
) -> Iterable[tuple[int, ...]]:
    chain = (*before, trip)
    after = [each for each in seated.get(trip, ()) if each in here and each not in chain]
    if not after:
        yield chain
    for each in after:
        yield from _chains(seated, each, here, chain)


def _parts(table: Any, chain: Sequence[int], day: date) -> tuple[Part, ...]:
    first = 0
    parts = []
    for trip in chain:
        parts.append(Part(first, trip, day))
        first += int(table.trip_first[trip + 1] - table.trip_first[trip])
    return tuple(parts)
