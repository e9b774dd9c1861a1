"""From rows as they were read to the arrays of a timetable."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ..timetable.nouns import Place, Stop
from ..timetable.table import Int32, Timetable, Words
from .gathered import Gathered


def arranged(read: Gathered, *, stops: Sequence[Stop], places: Sequence[Place], content: str) -> Timetable:
    """Trips sorted in patterns, calls in trips, passages by stop."""
    trip, sequence = _of(read.call_trip), _of(read.call_sequence)
    order = np.lexsort((sequence, trip))
    trip, stop, sequence = trip[order], _of(read.call_stop)[order], sequence[order]
    arrival, departure = _of(read.call_arrival)[order], _of(read.call_departure)[order]
    flags = np.frombuffer(read.call_flags, np.int8)[order] if len(read.call_flags) else np.zeros(0, np.int8)
    first = np.searchsorted(trip, np.arange(len(read.trip_ids) + 1)).astype(np.int32)
    _fill(arrival, departure, first)

    keys: dict[tuple[int, int, int, bytes, bytes], list[int]] = {}
    for n in range(len(read.trip_ids)):
        its = slice(first[n], first[n + 1])
        if first[n + 1] - first[n] < 2:
            continue
        key = (
            read.trip_route[n],
            read.trip_direction[n],
            read.trip_shape[n],
            stop[its].tobytes(),
            flags[its].tobytes(),
        )
        keys.setdefault(key, []).append(n)
    patterns = sorted(keys.items(), key=lambda each: each[0][:2])
    kept = [n for _key, trips in patterns for n in sorted(trips, key=lambda n: (int(departure[first[n]]), n))]
    calls = np.concatenate([np.arange(first[n], first[n + 1]) for n in kept]) if kept else np.zeros(0, np.int64)
    lengths = np.array([len(key[3]) // 4 for key, _trips in patterns], np.int32)
    sizes = np.array([len(trips) for _key, trips in patterns], np.int32)
    trip_pattern = np.repeat(np.arange(len(patterns), dtype=np.int32), sizes)
    trip_first = _starts(lengths[trip_pattern] if len(patterns) else np.zeros(0, np.int32))
    pattern_stops = np.frombuffer(b"".join(key[3] for key, _t in patterns), np.int32)
    marks = np.frombuffer(b"".join(key[4] for key, _t in patterns), np.int8)
    arrival, departure, stop = arrival[calls], departure[calls], stop[calls]
    call_trip = np.repeat(np.arange(len(kept), dtype=np.int32), np.diff(trip_first))
    position = (np.arange(len(calls)) - trip_first[call_trip]).astype(np.int16)
    passages = np.lexsort((departure, stop))
    ids = [read.trip_ids[n] for n in kept]
    days = sorted({day for runs in read.runs for day in runs})
    first_day = days[0] if days else date(1970, 1, 1)
    runs = np.zeros(((days[-1] - first_day).days + 1 if days else 0, len(read.services)), np.bool_)
    for n, running in enumerate(read.runs):
        for day in running:
            runs[(day - first_day).days, n] = True
    points = [np.array(shape, np.float64).reshape(-1, 2) for shape in read.shapes]
    return Timetable(
        content=content,
        feeds=tuple(read.feeds),
        agencies=tuple(read.agencies),
        stops=tuple(stops),
        places=tuple(places),
        routes=tuple(read.routes),
        transfers=tuple(read.transfers),
        pattern_route=np.array([key[0] for key, _t in patterns], np.int32),
        pattern_direction=np.array([key[1] for key, _t in patterns], np.int8),
        pattern_shape=np.array([key[2] for key, _t in patterns], np.int32),
        pattern_first=_starts(lengths),
        pattern_stops=pattern_stops,
        pattern_boards=(marks & 1) == 0,
        pattern_alights=(marks & 2) == 0,
        pattern_trips=_starts(sizes),
        trip_pattern=trip_pattern,
        trip_service=_of(read.trip_service)[kept],
        trip_first=trip_first,
        trip_headsign=_of(read.trip_headsign)[kept],
        trip_wheelchair=np.frombuffer(read.trip_wheelchair, np.int8)[kept],
        trip_bikes=np.frombuffer(read.trip_bikes, np.int8)[kept],
        trip_headway=_of(read.trip_headway)[kept],
        trip_ids=Words.of(ids),
        trip_order=np.array(sorted(range(len(ids)), key=lambda n: ids[n].encode()), np.int32),
        headsigns=Words.of(list(read.headsigns)),
        arrival=arrival,
        departure=departure,
        call_sequence=sequence[calls],
        passage_first=np.searchsorted(stop[passages], np.arange(len(stops) + 1)).astype(np.int32),
        passage_departure=departure[passages],
        passage_trip=call_trip[passages],
        passage_position=position[passages],
        service_ids=Words.of(read.services),
        first_day=first_day,
        service_runs=runs,
        shape_first=_starts(np.array([len(each) for each in points], np.int32)),
        shape_points=np.concatenate(points) if points else np.zeros((0, 2)),
    )


def _of(numbers: Sequence[int]) -> Int32:
    return np.frombuffer(numbers, np.int32) if len(numbers) else np.zeros(0, np.int32)  # type: ignore[call-overload]


def _starts(lengths: NDArray[np.int32]) -> Int32:
    found = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=found[1:])
    return found


def _fill(arrival: Int32, departure: Int32, first: Int32) -> None:
    """Times that the feed leaves out, shared evenly between those that it gives (GTFS: stop_times, timepoint)."""
    for n in np.unique(np.searchsorted(first, np.flatnonzero(departure < 0), side="right") - 1).tolist():
        calls = slice(first[n], first[n + 1])
        known = np.flatnonzero(departure[calls] >= 0)
        if len(known):
            places = np.arange(first[n + 1] - first[n])
            for times in (arrival, departure):
                gaps = times[calls] < 0
                times[calls][gaps] = np.interp(places[gaps], known, times[calls][known]).round().astype(np.int32)
