"""Questions to the kernels, and their answers as chains of legs: numbers only, no name yet."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .days import Day, Lines
from .engine import Engine, engine, wanted
from .kernels import BAG, FAR
from .network import Paths

Int32 = NDArray[np.int32]
ROUNDS = 6
"""Vehicles at most, unless one asks for fewer changes."""
SLACK = 900
"""Seconds later than the best, with as many vehicles, that are still wanted for less walking."""
ROOM, MOST_ROOM = 60_000, 4_000_000


@dataclass(frozen=True, slots=True)
class End:
    """A way to begin (or to end): seconds from the point asked for to a node, and how: a number the caller knows."""

    node: int
    seconds: int
    walk: int = 0
    """Seconds of them on foot."""
    how: int = 0


@dataclass(frozen=True, slots=True)
class Ride:
    """A leg aboard: row of a line from a position to another. Times are those of the day that was asked."""

    line: int
    row: int
    on: int
    off: int
    departure: int
    arrival: int
    from_node: int
    to_node: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Rides in order, from `begin` to `end`; leaving and arriving in seconds of the day."""

    rides: tuple[Ride, ...]
    begin: End
    end: End
    leave: int
    arrive: int
    walk: int
    """Whole minutes, as they were compared."""

    @property
    def changes(self) -> int:
        return len(self.rides) - 1


@dataclass(frozen=True)
class _Side:
    """One direction of time: what is searched in it."""

    lines: Lines
    paths: Paths
    backwards: bool


def _side(day: Day, *, backwards: bool) -> _Side:
    if backwards:
        return _Side(day.back, day.network.back, True)
    return _Side(day.lines, day.network.paths, False)


def _lines(made: Engine, day: Day, side: _Side) -> tuple[object, ...]:
    """The arrays of the lines, as this engine reads them."""
    kept = f"{'back' if side.backwards else 'lines'}, {'compiled' if made.compiled else 'plain'}"
    if kept not in day.kept:
        lines, paths = side.lines, side.paths
        arrays = (
            lines.first, lines.rows, lines.cell, lines.node, lines.boards, lines.alights, lines.arrival,
            lines.departure, lines.node_first, lines.node_line, lines.node_position,
            paths.first, paths.to, paths.ready, paths.walk,
        )  # fmt: skip
        day.kept[kept] = tuple(made.given(each) for each in arrays)
    found: tuple[object, ...] = day.kept[kept]
    return found


def _room(made: Engine, day: Day, side: _Side) -> tuple[object, ...]:
    """Room to work in: line_from, queue, marked, touched."""
    nodes = len(day.network.node_stop)
    return tuple(
        made.given(each)
        for each in (
            np.full(len(side.lines.rows), FAR, np.int32),
            np.zeros(2 * nodes + 2, np.int32),
            np.zeros(nodes, np.int8),
            np.zeros(nodes, np.int8),
        )
    )


@dataclass(frozen=True)
class _Swept:
    """What a search of the earliest arrivals leaves: by vehicle, ready to board, and at the end by vehicles taken."""

    ride: Int32
    ready: Int32
    taken: Int32
    by_round: Int32


def _swept(
    made: Engine, day: Day, side: _Side, starts: Sequence[End], ends: Int32, *, at: int, rounds: int,
    until: int = FAR, slack: int = 0, limit: Int32 | None = None,
) -> _Swept:  # fmt: skip
    nodes = len(day.network.node_stop)
    swept = _Swept(_full(nodes, FAR), _full(nodes, FAR), _full(nodes, 0), _full(rounds + 1, FAR))
    given = made.given
    made.reach(
        *_lines(made, day, side)[:14],
        given(np.array([each.node for each in starts], np.int32)),
        given(np.array([at + each.seconds for each in starts], np.int32)),
        given(ends), given(_full(nodes, FAR) if limit is None else limit), rounds, until, slack,
        given(swept.ride), given(swept.ready), given(swept.taken), given(swept.by_round), *_room(made, day, side),
    )  # fmt: skip
    return swept


def _engine(day: Day) -> Engine:
    """On a small network nobody waits for kernels: plain Python is there already."""
    return engine() if wanted(day.network.table) else engine(patience=0.0)


def reached(
    day: Day, starts: Sequence[End], *, at: int, backwards: bool = False, rounds: int = ROUNDS, until: int = FAR,
    used: Engine | None = None,
) -> tuple[Int32, Int32]:  # fmt: skip
    """Earliest arrival at each node by vehicle, FAR when there is none, and how many vehicles it takes.

    `backwards`: the latest hour to board at each node so as to be at `starts` by `at`, -FAR when there is none.
    """
    made = used or _engine(day)
    side = _side(day, backwards=backwards)
    none = _full(len(day.network.node_stop), -1)
    found = _swept(made, day, side, starts, none, at=-at if backwards else at, rounds=rounds, until=until)
    return (-found.ride if backwards else found.ride), found.taken


def searched(
    day: Day, starts: Sequence[End], ends: Sequence[End], *, at: int, window: int = 0, backwards: bool = False,
    rounds: int = ROUNDS, slack: int = SLACK, used: Engine | None = None,
) -> list[Chain]:  # fmt: skip
    """The ways that no other beats on arrival, vehicles and walking (on leaving too, over a `window` of seconds).

    Backwards, `at` is the hour to be there by, in seconds of the day, and the window goes before it.
    """
    made = used or _engine(day)
    side = _side(day, backwards=backwards)
    if backwards:
        starts, ends, at = ends, starts, -at
    if not starts or not ends:
        return []
    nodes = len(day.network.node_stop)
    end_seconds, end_walk = _full(nodes, -1), np.zeros(nodes, np.int32)
    by_node: dict[int, End] = {}
    for end in ends:
        if end.node not in by_node or end.seconds < by_node[end.node].seconds:
            by_node[end.node] = end
            end_seconds[end.node], end_walk[end.node] = end.seconds, (end.walk + 30) // 60
    # First the earliest arrivals, then back from the latest that is wanted: what is then left is little.
    swept = _swept(made, day, side, starts, end_seconds, at=at + window, rounds=rounds, slack=slack)
    if swept.by_round[-1] == FAR and window:
        swept = _swept(made, day, side, starts, end_seconds, at=at, rounds=rounds, slack=slack)
    if swept.by_round[-1] == FAR:
        return []
    bound = _bounds(swept.by_round.tolist(), slack)
    if rounds > 1:
        last = int(swept.by_round[-1]) + slack
        other = _side(day, backwards=not side.backwards)
        limit = None if window else 1 - np.minimum(swept.ready, last)
        back = _swept(
            made, day, other, list(by_node.values()), _full(nodes, -1), at=-bound[2], rounds=rounds - 1, until=1 - at,
            limit=limit,
        )  # fmt: skip
        board_by, leave_by = -back.ride, -back.ready
    else:
        board_by = leave_by = _full(nodes, -FAR)
    moments = _moments(side, starts, at=at, window=window) if window else [at]
    first = np.arange(len(moments) + 1, dtype=np.int32) * len(starts)
    times = np.add.outer(np.array(moments, np.int64), np.array([each.seconds for each in starts], np.int64))
    node = np.tile(np.array([each.node for each in starts], np.int32), len(moments))
    walk = np.tile(np.array([(each.walk + 30) // 60 for each in starts], np.int32), len(moments))
    given = made.given
    size = ROOM if not window else 4 * ROOM
    while True:
        pool, found = _pool(size)
        count = made.pareto(
            *_lines(made, day, side),
            given(first), given(node), given(times.astype(np.int32).ravel()), given(walk),
            given(end_seconds), given(end_walk), given(np.array(bound, np.int32)), given(leave_by), given(board_by),
            rounds, given(pool), given(_full(nodes, -1)), given(_full(nodes, -1)), *_room(made, day, side),
            given(np.zeros(BAG * 4, np.int32)), given(found),
        )  # fmt: skip
        if count >= 0 or size >= MOST_ROOM:
            break
        size *= 4
    ways = found[: 2 * max(count, 0)].reshape(-1, 2).tolist()
    kept = _unbeaten([(moments[which], *pool[label * 10 : label * 10 + 3].tolist(), label) for label, which in ways])
    chains = [_chain(pool, label, side, starts, by_node) for label in kept]
    if backwards:
        chains = [_forwards(each, day) for each in chains]
    return [tightened(each, day) for each in chains]


_thread = threading.local()


def _pool(size: int) -> tuple[Int32, Int32]:
    """Room for labels and for those of the end, the same for each question of a thread."""
    if size > 4 * ROOM:
        return np.zeros(size * 10, np.int32), np.zeros(size // 8, np.int32)
    if getattr(_thread, "size", 0) < size:
        _thread.size = size
        _thread.kept = np.zeros(size * 10, np.int32), np.zeros(size // 8, np.int32)
    kept: tuple[Int32, Int32] = _thread.kept
    return kept


def _full(count: int, value: int) -> Int32:
    found = np.empty(count, np.int32)
    found.fill(value)
    return found


def _bounds(best: Sequence[int], slack: int) -> list[int]:
    """The last arrival wanted with k vehicles. With too few to arrive at all, that of the fewest that do."""
    fewest = next(each for each in best if each < FAR)
    return [min((each if each < FAR else fewest) + slack, FAR - 1) for each in best]


def _moments(side: _Side, starts: Sequence[End], *, at: int, window: int) -> list[int]:
    """Moments of leaving that catch a vehicle at the first stop just in time, the latest first."""
    lines = side.lines
    found: set[int] = {at}
    for start in starts:
        for place in range(int(lines.node_first[start.node]), int(lines.node_first[start.node + 1])):
            line, position = int(lines.node_line[place]), int(lines.node_position[place])
            begin = int(lines.cell[line]) + position * int(lines.rows[line])
            leaves = lines.departure[begin : begin + int(lines.rows[line])]
            low, high = np.searchsorted(leaves, (at + start.seconds, at + window + start.seconds + 1))
            found.update((leaves[low:high] - start.seconds).tolist())
    return sorted(found, reverse=True)


def _unbeaten(found: Sequence[tuple[int, int, int, int, int]]) -> list[int]:
    """Labels that no other of them beats: (leaving, arriving, walk, vehicles, label)."""
    kept: list[tuple[int, int, int, int, int]] = []
    for leave, arrive, walk, rounds, label in sorted(found, key=lambda each: (-each[0], each[1], each[3], each[2])):
        if not any(one[0] >= leave and one[1] <= arrive and one[2] <= walk and one[3] <= rounds for one in kept):
            kept.append((leave, arrive, walk, rounds, label))
    return [each[4] for each in sorted(kept, key=lambda each: (each[1], each[3], each[2]))]


def _chain(pool: Int32, label: int, side: _Side, starts: Sequence[End], ends: dict[int, End]) -> Chain:
    """The rides that lead to a label of the end, followed by its parents."""
    lines = side.lines
    arrive, walk = int(pool[label * 10]), int(pool[label * 10 + 1])
    label = int(pool[label * 10 + 3])
    rides: list[Ride] = []
    end = ends[int(pool[label * 10 + 4])]
    while True:
        _time, _walk, _round, parent, node, line, row, on, off, _next = pool[label * 10 : label * 10 + 10].tolist()
        if line < 0:
            return Chain(
                tuple(reversed(rides)),
                starts[row % len(starts)],
                end,
                _time - starts[row % len(starts)].seconds,
                arrive,
                walk,
            )
        base, rows = int(lines.cell[line]), int(lines.rows[line])
        rides.append(
            Ride(
                line, row, on, off, int(lines.departure[base + on * rows + row]),
                int(lines.arrival[base + off * rows + row]), int(lines.node[int(lines.first[line]) + on]), node,
            )
        )  # fmt: skip
        label = parent
        if pool[label * 10 + 5] < 0 and pool[label * 10 + 3] >= 0:
            label = int(pool[label * 10 + 3])  # ready after a walk: the ride before it


def _forwards(chain: Chain, day: Day) -> Chain:
    """What was found backwards, in the order of time."""
    lines = day.lines
    rides = []
    for ride in reversed(chain.rides):
        rows = int(lines.rows[ride.line])
        last = int(lines.first[ride.line + 1] - lines.first[ride.line]) - 1
        rides.append(
            Ride(
                ride.line, rows - 1 - ride.row, last - ride.off, last - ride.on, -ride.arrival, -ride.departure,
                ride.to_node, ride.from_node,
            )
        )  # fmt: skip
    return Chain(tuple(rides), chain.end, chain.begin, -chain.arrive, -chain.leave, chain.walk)


def tightened(chain: Chain, day: Day) -> Chain:
    """The same vehicles but the last one and later earlier rows of their lines: one leaves as late as one may,
    then arrives as early as one can."""
    rides = list(chain.rides)
    if not rides:
        return chain
    for n in range(len(rides) - 2, -1, -1):
        limit = rides[n + 1].departure - _ready(day, rides[n].to_node, rides[n + 1].from_node)
        rides[n] = _moved(day, rides[n], limit)
    leave = rides[0].departure - chain.begin.seconds
    arrive = rides[-1].arrival + chain.end.seconds
    return replace(chain, rides=tuple(rides), leave=leave, arrive=arrive)


def _ready(day: Day, one: int, other: int) -> int:
    paths = day.network.paths
    low, high = int(paths.first[one]), int(paths.first[one + 1])
    place = low + int(np.searchsorted(paths.to[low:high], other))
    return int(paths.ready[place])


def _moved(day: Day, ride: Ride, limit: int) -> Ride:
    """The last row of the line that is there by `limit`."""
    lines = day.lines
    rows, cell = int(lines.rows[ride.line]), int(lines.cell[ride.line])
    arrivals = lines.arrival[cell + ride.off * rows : cell + (ride.off + 1) * rows]
    row = max(int(np.searchsorted(arrivals, limit, side="right")) - 1, ride.row)
    if row == ride.row:
        return ride
    return replace(
        ride, row=row, departure=int(lines.departure[cell + ride.on * rows + row]), arrival=int(arrivals[row])
    )
