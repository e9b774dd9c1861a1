"""From rows as they were read to the arrays of a timetable, without ever holding the calls three times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..timetable.nouns import Place, Stop, Transfer
from ..timetable.table import Int32, Timetable, Words
from .calls import NO_ALIGHTING, NO_BOARDING, Calls
from .gathered import Gathered

PART = 60_000
"""Calls that are moved at once."""
MOST_PARTS = 24
Key = tuple[int, int, int, bytes, bytes]


@dataclass
class _Patterns:
    """Trips of several feeds in their final order."""

    keys: list[Key]
    sizes: list[int]
    kept: list[int]
    """Trips as they were numbered when read."""
    origins: list[tuple[Calls, int, NDArray[np.int64]]]
    """By feed: its calls, how many of `kept` are of it, and which of its own trips these are."""


def arranged(read: Gathered, *, stops: Sequence[Stop], places: Sequence[Place], content: str) -> Timetable:
    """Trips sorted in patterns, calls in trips, passages by stop."""
    patterns = _patterns(read)
    lengths = np.array([len(key[3]) // 4 for key in patterns.keys], np.int32)
    sizes = np.array(patterns.sizes, np.int32)
    trip_pattern = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    trip_first = _starts(lengths[trip_pattern] if len(sizes) else np.zeros(0, np.int32))
    kept = np.array(patterns.kept, np.int64)
    ids, order = _ids(read, patterns.kept)
    stop, arrival, departure, sequence = _moved(read, patterns, trip_first)
    first_day, runs = _days(read)
    passages = _passages(stop, departure, trip_first, len(stops))
    del stop
    marks = np.frombuffer(b"".join(key[4] for key in patterns.keys), np.int8)
    return Timetable(
        content=content,
        feeds=tuple(read.feeds),
        agencies=tuple(read.agencies),
        stops=tuple(stops),
        places=tuple(places),
        routes=tuple(read.routes),
        transfers=_transfers(read, kept),
        pathways=tuple(read.pathways),
        fares=tuple(read.fares),
        translations=read.translations,
        pattern_route=np.array([key[0] for key in patterns.keys], np.int32),
        pattern_direction=np.array([key[1] for key in patterns.keys], np.int8),
        pattern_shape=np.array([key[2] for key in patterns.keys], np.int32),
        pattern_first=_starts(lengths),
        pattern_stops=np.frombuffer(b"".join(key[3] for key in patterns.keys), np.int32),
        pattern_boards=(marks & NO_BOARDING) == 0,
        pattern_alights=(marks & NO_ALIGHTING) == 0,
        pattern_trips=_starts(sizes),
        trip_pattern=trip_pattern,
        trip_service=_of(read.trip_service)[kept],
        trip_first=trip_first,
        trip_headsign=_of(read.trip_headsign)[kept],
        trip_wheelchair=np.frombuffer(read.trip_wheelchair, np.int8)[kept],
        trip_bikes=np.frombuffer(read.trip_bikes, np.int8)[kept],
        trip_headway=_of(read.trip_headway)[kept],
        trip_ids=ids,
        trip_order=order,
        headsigns=Words.of(list(read.headsigns)),
        arrival=arrival,
        departure=departure,
        call_sequence=sequence,
        passage_first=passages[0],
        passage_departure=passages[1],
        passage_trip=passages[2],
        passage_position=passages[3],
        service_ids=Words.of(read.services),
        first_day=first_day,
        service_runs=runs,
        shape_first=_starts(np.array([len(each) for each in read.shapes], np.int32)),
        shape_points=np.concatenate(read.shapes) if read.shapes else np.zeros((0, 2)),
    )


def _of(numbers: Sequence[int]) -> Int32:
    return np.frombuffer(numbers, np.int32) if len(numbers) else np.zeros(0, np.int32)  # type: ignore[call-overload]


def _ids(read: Gathered, kept: Sequence[int]) -> tuple[Words, Int32]:
    """Their names, and their order in the alphabet; as texts they weigh five times more, so they go first."""
    texts = [read.trip_ids[n].encode() for n in kept]
    order = np.array(sorted(range(len(texts)), key=texts.__getitem__), np.int32)
    words = Words.of([read.trip_ids[n] for n in kept])
    read.trip_ids.clear()
    return words, order


def _starts(lengths: NDArray[np.int32]) -> Int32:
    found = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=found[1:])
    return found


def _patterns(read: Gathered) -> _Patterns:
    """Trips of one line and direction, of one shape, that call at the same stops and board alike."""
    found = _Patterns([], [], [], [])
    for first, calls in read.calls:
        keys: dict[Key, list[int]] = {}
        route, direction = read.trip_route, read.trip_direction
        for n, (begin, length) in enumerate(zip(calls.first.tolist(), calls.length.tolist(), strict=True)):
            if length > 1:
                here, trip = slice(begin, begin + length), first + n
                stops, flags = calls.stop[here].tobytes(), calls.flags[here].tobytes()
                keys.setdefault((route[trip], direction[trip], read.trip_shape[trip], stops, flags), []).append(n)
        leaves = calls.departure[np.minimum(calls.first, max(0, len(calls) - 1))] if len(calls) else calls.first
        kept: list[int] = []
        for key in sorted(keys, key=lambda each: each[:2]):
            trips = sorted(keys[key], key=lambda n: (int(leaves[n]), n))
            found.keys.append(key)
            found.sizes.append(len(trips))
            kept.extend(trips)
        found.kept.extend(first + n for n in kept)
        found.origins.append((calls, len(kept), np.array(kept, np.int64)))
    return found


def _moved(read: Gathered, patterns: _Patterns, trip_first: Int32) -> tuple[NDArray[Any], Int32, Int32, Int32]:
    """Stop, arrival, departure and sequence of every call, by trip; what was read is let go feed by feed."""
    size = int(trip_first[-1])
    arrival, departure = (np.empty(size, np.int32) for _ in range(2))
    stop: NDArray[Any] = np.empty(size, np.int16 if len(read.stops) < 2**15 else np.int32)
    narrow = all(calls.sequence.dtype == np.int16 for calls, _count, _kept in patterns.origins)
    sequence: NDArray[Any] = np.empty(size, np.int16 if narrow else np.int32)
    read.calls.clear()
    before = 0
    while patterns.origins:
        calls, count, kept = patterns.origins.pop(0)
        firsts = calls.first[kept].astype(np.int64)
        begins = trip_first[before : before + count + 1].astype(np.int64)
        targets = {"stop": stop, "arrival": arrival, "departure": departure, "sequence": sequence}
        for name, target in targets.items():
            source = getattr(calls, name)
            for low, high in _parts(begins):
                to = slice(int(begins[low]), int(begins[high]))
                shift = np.repeat(firsts[low:high] - begins[low:high], np.diff(begins[low : high + 1]))
                target[to] = source[shift + np.arange(to.start, to.stop)]
            setattr(calls, name, None)
        before += count
    return stop, arrival, departure, sequence


def _parts(begins: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ranges of trips of about PART calls each."""
    if len(begins) < 2:
        return []
    part = max(PART, int(begins[-1] - begins[0]) // MOST_PARTS)
    cuts = np.searchsorted(begins, np.arange(begins[0], begins[-1], part))
    edges = [*dict.fromkeys(cuts.tolist()), len(begins) - 1]
    return [(low, high) for low, high in pairwise(edges) if high > low]


def _passages(
    stop: NDArray[Any], departure: Int32, trip_first: Int32, stops: int
) -> tuple[Int32, Int32, Int32, NDArray[np.int16]]:
    """Where the passages of each stop begin, and their departures, trips and positions: a few stops at a time."""
    size = len(stop)
    first = _starts(np.bincount(stop, minlength=stops).astype(np.int32)) if stops else np.zeros(1, np.int32)
    leaves, trips, positions = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int16)
    for low, high in _parts(first.astype(np.int64)):
        calls = np.flatnonzero((stop >= low) & (stop < high)).astype(np.int32)
        calls = calls[np.lexsort((departure[calls], stop[calls]))]
        to = slice(int(first[low]), int(first[high]))
        leaves[to] = departure[calls]
        trip = np.searchsorted(trip_first, calls, side="right").astype(np.int32) - 1
        trips[to] = trip
        positions[to] = calls - trip_first[trip]
    return first, leaves, trips, positions


def _days(read: Gathered) -> tuple[date, NDArray[np.bool_]]:
    first = min((min(runs) for runs in read.runs if runs), default=date(1970, 1, 1).toordinal())
    last = max((max(runs) for runs in read.runs if runs), default=first - 1)
    found = np.zeros((last - first + 1, len(read.services)), np.bool_)
    for n, runs in enumerate(read.runs):
        if runs:
            found[np.fromiter(runs, np.int64, len(runs)) - first, n] = True
    return date.fromordinal(first), found


def _transfers(read: Gathered, kept: NDArray[np.int64]) -> tuple[Transfer, ...]:
    """Those of trips that are gone are gone with them."""
    if not any(each.from_trip >= 0 or each.to_trip >= 0 for each in read.transfers):
        return tuple(read.transfers)
    position = {int(n): place for place, n in enumerate(kept.tolist())}
    position[-1] = -1
    return tuple(
        replace(each, from_trip=position[each.from_trip], to_trip=position[each.to_trip])
        for each in read.transfers
        if each.from_trip in position and each.to_trip in position
    )
