"""Trips of frequencies.txt: « every ten minutes until nine », not twenty rows of times that nobody promises."""

from collections.abc import Container

import numpy as np

from ..timetable import Timetable, start_of
from .planned import Candidates
from .reading import Reading, reading

Kept = tuple[int, int | None]


def gathered(table: Timetable, found: Candidates, *, claimed: Container[int], low: int, high: int) -> dict[int, Kept]:
    """By candidate: (headway, last moment) for the first of a row of such trips, (0, None) for those after it.

    One that real time speaks of has a time of its own again: it is left as it is. Two that follow each other at more
    than one and a half times their headway are not of the same row.
    """
    held = reading(table)
    if not held.has_headways or not len(found.trip):
        return {}
    ends: dict[tuple[int, ...], int] = {}
    kept: dict[int, Kept] = {}
    for n in held.trip_headway[found.trip].nonzero()[0].tolist():
        if n in claimed or found.call[n] >= 0 or not low <= found.when[n] < high:
            continue
        trip = int(found.trip[n])
        key = (
            int(held.trip_headway[trip]), int(held.trip_pattern[trip]), int(held.trip_headsign[trip]),
            int(held.trip_service[trip]), int(found.stop[n]), int(found.position[n]), int(found.day[n]),
        )  # fmt: skip
        if int(found.when[n]) <= ends.get(key, -1):
            kept[n] = (0, None)
            continue
        base = start_of(found.days[key[6]])
        ends[key] = base + _last(held, key, since=int(found.when[n]) - base)
        kept[n] = (key[0], ends[key])
    return kept


def _last(held: Reading, key: tuple[int, ...], *, since: int) -> int:
    """The last time of the row that goes through `since`: two that follow each other are at most 1.5 headways apart."""
    headway, pattern, headsign, service, stop, position, _day = key
    its = slice(int(held.passage_first[stop]), int(held.passage_first[stop + 1]))
    trips = held.passage_trip[its]
    same = (
        (held.trip_pattern[trips] == pattern) & (held.trip_headway[trips] == headway)
        & (held.trip_service[trips] == service) & (held.trip_headsign[trips] == headsign)
        & (held.passage_position[its] == position) & (held.passage_departure[its] >= since)
    )  # fmt: skip
    times = held.passage_departure[its][same]
    far = np.flatnonzero(np.diff(times) > headway * 3 // 2)
    return int(times[far[0]] if len(far) else times[-1]) if len(times) else since
