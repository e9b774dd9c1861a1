"""What real time changes of a day, as departures boards tell it too: one reading of delays for both."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from ..departures.spoken import CANCELLED, DELETED, SKIPPED, Spoken, spoken
from ..departures.spoken import Day as Told
from ..departures.telling import NONE
from ..live import LiveState, TripState
from .calls import with_runs
from .days import Block, Day, Part, split

Rows = NDArray[np.bool_]


def alive(day: Day, live: LiveState) -> Day:
    """The day as it really runs: only the lines that real time speaks of are laid out again."""
    if not live.trips and not live.added:
        return day
    told = spoken(day.network.table, live)
    around = {day.day + timedelta(days=n): n for n in (-1, 0, 1)}
    days = {n: told.days[its_day] for its_day, n in around.items() if its_day in told.days}
    added = [now for now in live.added if now.day in around and now.state != TripState.CANCELLED]
    if not days and not added:
        return day
    runs: list[tuple[Part, ...]] = [(Part(0, -1, now.day, now),) for now in added]
    others = {n: _others(each) for n, each in days.items()}
    kept, moved = _runs(day, days, around, live, runs)
    blocks: list[Block] = []
    for block in day.blocks:
        if block.key < 0:
            blocks += _of_runs(block, moved)
        else:
            blocks += _said(block, day, days, others, live, runs)
    base = Day(network=day.network, day=day.day, start=day.start, blocks=tuple(blocks), runs=tuple(kept))
    return with_runs(base, runs, told=told)


def _others(told: Told) -> Rows:
    """[slots] trips that do not call as planned: moved, without some call, or run another way."""
    changed = (told.stop >= 0) | (told.flags & SKIPPED != 0)
    sums = np.concatenate(([0], np.cumsum(changed)))
    found: Rows = sums[told.first[1:]] > sums[told.first[:-1]]
    found[[n for n, state in enumerate(told.said.state) if state is TripState.REPLACED]] = True
    return found


def _gone(told: Told) -> Rows:
    """[slots] trips that do not run."""
    found: Rows = told.flags[told.first[:-1]] & (CANCELLED | DELETED) != 0
    return found


def _said(
    block: Block, day: Day, days: Mapping[int, Told], others: Mapping[int, Rows], live: LiveState,
    runs: list[tuple[Part, ...]],
) -> list[Block]:  # fmt: skip
    """A planned block with its delays; the trips that do not call as planned are added to `runs`."""
    slots = np.full(len(block.trip), -1, np.int64)
    for n, told in days.items():
        its = block.day == n
        slots[its] = told.slot[block.trip[its]]
    if not (slots >= 0).any():
        return [block]
    stays = np.ones(len(slots), np.bool_)
    arrival, departure = block.arrival.copy(), block.departure.copy()
    for n, told in days.items():
        rows = np.flatnonzero((block.day == n) & (slots >= 0))
        slot = slots[rows]
        gone, other = _gone(told)[slot], others[n][slot]
        stays[rows[gone | other]] = False
        its_day = day.day + timedelta(days=n)
        for row in rows[other & ~gone].tolist():
            trip = int(block.trip[row])
            now = live.trips[trip, its_day]
            runs.append((Part(0, trip, its_day, now if now.state == TripState.REPLACED else None),))
        rows, slot = rows[~gone & ~other], slot[~gone & ~other]
        calls = told.first[slot][:, None] + np.arange(len(block.node))
        for times, expected in ((arrival, told.arrival[calls]), (departure, told.departure[calls])):
            times[rows] = np.where(expected != NONE, expected - day.start, times[rows]).astype(np.int32)
        in_order(arrival, departure, rows)
    if not stays.any():
        return []
    return split(
        block.key, block.node, block.boards, block.alights, arrival[stays], departure[stays], block.trip[stays],
        block.day[stays],
    )  # fmt: skip


def in_order(arrival: NDArray[np.int32], departure: NDArray[np.int32], rows: NDArray[np.int64]) -> None:
    """Times never go backwards along a trip, whatever sources say."""
    both = np.empty((len(rows), 2 * arrival.shape[1]), np.int32)
    both[:, 0::2], both[:, 1::2] = arrival[rows], departure[rows]
    np.maximum.accumulate(both, axis=1, out=both)
    arrival[rows], departure[rows] = both[:, 0::2], both[:, 1::2]


def _runs(
    day: Day, days: Mapping[int, Told], around: Mapping[date, int], live: LiveState,
    runs: list[tuple[Part, ...]],
) -> tuple[list[tuple[Part, ...]], dict[int, int]]:  # fmt: skip
    """Runs that nothing is said of, and their new places; the others go to `runs`, parted where a trip is cancelled."""
    kept: list[tuple[Part, ...]] = []
    moved: dict[int, int] = {}
    for n, parts in enumerate(day.runs):
        spoken_of = [part for part in parts if (part.trip, part.day) in live.trips]
        if not spoken_of:
            moved[n] = len(kept)
            kept.append(parts)
            continue
        pieces: list[list[Part]] = [[]]
        for part in parts:
            told = days.get(around.get(part.day, 9))
            slot = int(told.slot[part.trip]) if told is not None else -1
            if told is not None and slot >= 0 and _gone(told)[slot]:
                pieces.append([])
            else:
                pieces[-1].append(part)
        runs += [tuple(Part(p.first - each[0].first, p.trip, p.day, p.now) for p in each) for each in pieces if each]
    return kept, moved


def _of_runs(block: Block, moved: Mapping[int, int]) -> list[Block]:
    places = (-1 - block.trip).tolist()
    stays = np.array([place in moved for place in places], np.bool_)
    if not stays.any():
        return []
    trip = np.array([-1 - moved[place] for place in places if place in moved], np.int32)
    return [
        Block(
            block.key, block.node, block.boards, block.alights, block.arrival[stays], block.departure[stays], trip,
            block.day[stays],
        )
    ]  # fmt: skip


__all__ = ["Spoken", "alive"]
