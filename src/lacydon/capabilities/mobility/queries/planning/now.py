"""What real time changes of a day: delays carried forward, calls skipped, trips cancelled, moved or added."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..live import LiveState, TripState
from .calls import with_runs
from .days import Block, Day, Part, split


def alive(day: Day, live: LiveState) -> Day:
    """The day as it really runs. Only the trips that real time speaks of are worked out again."""
    around = {day.day + timedelta(days=n): n for n in (-1, 0, 1)}
    said = {key: each for key, each in live.trips.items() if key[1] in around and each.trip >= 0}
    added = [each for each in live.added if each.day in around and each.state != TripState.CANCELLED]
    if not said and not added:
        return day
    runs: list[tuple[Part, ...]] = [(Part(0, -1, each.day, each),) for each in added]
    kept: list[tuple[Part, ...]] = []
    moved: dict[int, int] = {}
    for n, parts in enumerate(day.runs):
        if any((part.trip, part.day) in said for part in parts):
            runs += _rejoined(parts, said)
        else:
            moved[n] = len(kept)
            kept.append(parts)
    patterns = {int(day.network.table.trip_pattern[trip]) for trip, _day in said}
    blocks: list[Block] = []
    for block in day.blocks:
        if block.key >= 0 and block.key not in patterns:
            blocks.append(block)
            continue
        stays, trips = _staying(block, day, said, moved)
        if block.key >= 0:
            runs += [
                (Part(0, int(trip), its_day, said[int(trip), its_day]),)
                for trip, its_day in _gone(block, day, stays)
                if said[int(trip), its_day].state != TripState.CANCELLED
            ]
        if stays.any():
            blocks += split(
                block.key, block.node, block.boards, block.alights, block.arrival[stays], block.departure[stays],
                trips[stays], block.day[stays],
            )  # fmt: skip
    base = Day(network=day.network, day=day.day, start=day.start, blocks=tuple(blocks), runs=tuple(kept))
    return with_runs(base, runs)


def _rejoined(parts: Sequence[Part], said: Any) -> list[tuple[Part, ...]]:
    """The same run with what is said of its trips; a cancelled one parts it in two."""
    runs: list[list[Part]] = [[]]
    for part in parts:
        now = said.get((part.trip, part.day))
        if now is not None and now.state == TripState.CANCELLED:
            runs.append([])
        else:
            runs[-1].append(Part(part.first, part.trip, part.day, now))
    return [_from_zero(each) for each in runs if each]


def _from_zero(parts: Sequence[Part]) -> tuple[Part, ...]:
    first = parts[0].first
    return tuple(Part(each.first - first, each.trip, each.day, each.said) for each in parts)


def _staying(block: Block, day: Day, said: Any, moved: Any) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Rows that real time says nothing of, and the trips of all rows, runs renumbered."""
    trips = block.trip.copy()
    if block.key >= 0:
        told = np.array([trip * 3 + (its_day - day.day).days for trip, its_day in said], np.int64)
        return ~np.isin(block.trip.astype(np.int64) * 3 + block.day, told), trips
    stays = np.array([-1 - trip in moved for trip in block.trip.tolist()], np.bool_)
    trips[stays] = [-1 - moved[-1 - trip] for trip in block.trip[stays].tolist()]
    return stays, trips


def _gone(block: Block, day: Day, stays: NDArray[np.bool_]) -> list[tuple[int, date]]:
    return [(int(block.trip[row]), day.day + timedelta(days=int(block.day[row]))) for row in np.flatnonzero(~stays)]
