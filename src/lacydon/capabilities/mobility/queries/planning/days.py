"""What runs on a day, as lines of rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..live import TripNow
from .network import Network

Int32 = NDArray[np.int32]
Int8 = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Part:
    """A trip, from a position of its run on; runs of several parts go on with the same vehicle."""

    first: int
    trip: int
    """Position in the timetable; -1 for a trip that real time added."""
    day: date
    now: TripNow | None = None
    """What real time says of a trip that it tells whole: added, or run another way."""


@dataclass(frozen=True, eq=False)
class Block:
    """Trips that call at the same nodes, sorted, none overtaking another."""

    key: int
    """Position of the pattern; -1 when real time or a change of trip in one's seat made another of it."""
    node: Int32
    boards: Int8
    alights: Int8
    arrival: Int32
    """[rows, positions] seconds since the start of the day asked for."""
    departure: Int32
    trip: Int32
    """[rows] position of the trip, or -1 - a place in `Day.runs`."""
    day: Int8
    """[rows] 0 for the day asked for, -1 for the night before, 1 for the next day."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Blocks laid flat, as the kernels read them; `block` and `row` of a line give the trip back."""

    first: Int32
    rows: Int32
    cell: Int32
    node: Int32
    boards: Int8
    alights: Int8
    arrival: Int32
    departure: Int32
    node_first: Int32
    node_line: Int32
    node_position: Int32


@dataclass(frozen=True, eq=False)
class Day:
    """What runs on a day and around, for one kind of rider."""

    network: Network
    day: date
    start: int
    """Seconds since 1970 of time 0."""
    blocks: tuple[Block, ...]
    runs: tuple[tuple[Part, ...], ...] = ()
    kept: dict[str, Any] = field(default_factory=dict)
    """Lines in both directions, once they are laid out."""

    @property
    def lines(self) -> Lines:
        if "lines" not in self.kept:
            self.kept["lines"] = laid(self.blocks, nodes=len(self.network.node_stop))
            _share(self.blocks, self.kept["lines"])
        lines: Lines = self.kept["lines"]
        return lines

    @property
    def back(self) -> Lines:
        """The same day lived backwards, times negated: to arrive by an hour is to leave at one."""
        if "back" not in self.kept:
            self.kept["back"] = laid([turned(each) for each in self.blocks], nodes=len(self.network.node_stop))
        lines: Lines = self.kept["back"]
        return lines

    def parts(self, line: int, row: int) -> tuple[Part, ...]:
        """The trips of a row."""
        block = self.blocks[line]
        trip = int(block.trip[row])
        if trip < 0:
            return self.runs[-1 - trip]
        return (Part(0, trip, self.day + timedelta(days=int(block.day[row]))),)


def split(
    key: int, node: Int32, boards: Int8, alights: Int8, arrival: Int32, departure: Int32, trip: Int32, day: Int8
) -> list[Block]:
    """Blocks of these rows: one when no trip overtakes another, else as few as are found quickly."""
    order = np.lexsort((arrival[:, -1], departure[:, 0]))
    arrival, departure, trip, day = arrival[order], departure[order], trip[order], day[order]
    if not (np.diff(arrival, axis=0) < 0).any() and not (np.diff(departure, axis=0) < 0).any():
        return [Block(key, node, boards, alights, arrival, departure, trip, day)]
    groups: list[list[int]] = []
    for row in range(len(trip)):
        for group in groups:
            last = group[-1]
            if (arrival[row] >= arrival[last]).all() and (departure[row] >= departure[last]).all():
                group.append(row)
                break
        else:
            groups.append([row])
    return [Block(key, node, boards, alights, arrival[rows], departure[rows], trip[rows], day[rows]) for rows in groups]


def turned(block: Block) -> Block:
    """The same trips, backwards."""
    return Block(
        block.key, block.node[::-1], block.alights[::-1], block.boards[::-1],
        -block.departure[::-1, ::-1], -block.arrival[::-1, ::-1], block.trip[::-1], block.day[::-1],
    )  # fmt: skip


def laid(blocks: Sequence[Block], *, nodes: int) -> Lines:
    """Blocks, flat: times position by position, and where each node is found."""
    lengths = np.array([len(each.node) for each in blocks], np.int64)
    rows = np.array([len(each.trip) for each in blocks], np.int64)
    first = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    cell = np.concatenate(([0], np.cumsum(lengths * rows)))[:-1].astype(np.int32)
    node = _joined([each.node for each in blocks], np.int32)
    order = np.argsort(node, kind="stable")
    line = np.repeat(np.arange(len(blocks), dtype=np.int32), lengths)
    position = (np.arange(len(node)) - first[line]).astype(np.int32)
    # The last position boards nobody: it is left out of where to look, and so is one where nobody may get on.
    boards = _joined([each.boards for each in blocks], np.int8)
    useful = order[(boards[order] != 0) & (position[order] < lengths[line[order]] - 1)] if len(node) else order
    return Lines(
        first=first,
        rows=rows.astype(np.int32),
        cell=cell,
        node=node,
        boards=boards,
        alights=_joined([each.alights for each in blocks], np.int8),
        arrival=_joined([each.arrival.T.ravel() for each in blocks], np.int32),
        departure=_joined([each.departure.T.ravel() for each in blocks], np.int32),
        node_first=np.searchsorted(node[useful], np.arange(nodes + 1)).astype(np.int32),
        node_line=line[useful],
        node_position=position[useful],
    )


def _share(blocks: Sequence[Block], lines: Lines) -> None:
    """Blocks read the times of the lines from now on, rather than a copy of them: half the memory."""
    for n, block in enumerate(blocks):
        shape = (len(block.node), len(block.trip))
        its = slice(int(lines.cell[n]), int(lines.cell[n]) + shape[0] * shape[1])
        object.__setattr__(block, "arrival", lines.arrival[its].reshape(shape).T)
        object.__setattr__(block, "departure", lines.departure[its].reshape(shape).T)


def _joined(arrays: Iterable[NDArray[Any]], kind: Any) -> NDArray[Any]:
    found = list(arrays)
    return np.ascontiguousarray(np.concatenate(found), dtype=kind) if found else np.zeros(0, kind)
