"""stop_times.txt: five columns of numbers for each feed, in the order of the trips, whatever the order of its rows."""

from dataclasses import dataclass
from mmap import mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..timetable.table import Int32
from .archive import Archive
from .columns import BLANK, WRONG, Columns, Hashes, Known
from .remarks import Remarks

FILE = "stop_times.txt"
COLUMNS = ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "pickup_type", "drop_off_type")
NO_BOARDING, NO_ALIGHTING = 1, 2
LATEST = 72 * 3600
HALF_A_DAY = 43_200


@dataclass(slots=True)
class Calls:
    """The calls of a feed: those of trip t are at first[t] : first[t] + length[t]; a trip without any has length 0."""

    first: Int32
    length: Int32
    stop: Int32
    arrival: Int32
    departure: Int32
    flags: NDArray[np.int8]
    sequence: NDArray[Any]
    """As the feed writes it; in 16 bits when that is enough, which it nearly always is."""

    def of(self, trip: int) -> slice:
        return slice(int(self.first[trip]), int(self.first[trip] + self.length[trip]))

    def __len__(self) -> int:
        return len(self.stop)


class _Raw:
    """Rows as they come, in memory that the system lends by the page and takes back: the heap would keep it."""

    def __init__(self, most: int) -> None:
        """`most`: rows that the file may have at most."""
        self.size = 0
        self.trip, self.sequence, self.stop, self.arrival, self.departure = (_lent(most, np.int32) for _ in range(5))
        self.flags = _lent(most, np.int8)

    def add(self, *columns: NDArray[Any]) -> None:
        """Trip, sequence, stop, arrival, departure, flags."""
        to = slice(self.size, self.size + len(columns[0]))
        if to.stop > len(self.trip):
            self._grow(2 * to.stop)
        into = (self.trip, self.sequence, self.stop, self.arrival, self.departure, self.flags)
        for kept, column in zip(into, columns, strict=True):
            kept[to] = column
        self.size = to.stop

    def _grow(self, most: int) -> None:
        """Rows that lack cells are shorter than they may be."""
        for name in ("trip", "sequence", "stop", "arrival", "departure", "flags"):
            before = getattr(self, name)
            more = _lent(most, before.dtype.type)
            more[: self.size] = before[: self.size]
            setattr(self, name, more)


def _lent(most: int, kind: type[np.number[Any]]) -> NDArray[Any]:
    return np.frombuffer(mmap(-1, max(1, most) * np.dtype(kind).itemsize), kind)


def read_calls(archive: Archive, *, trips: Hashes, stops: Known, remarks: Remarks) -> Calls:
    """`trips`: the hash of each trip's id, by its position; `stops`: positions in the whole timetable."""
    table = archive.table(FILE)
    assert table is not None
    raw, known = _Raw(table.most), Known(trips)
    for block in table.columns(COLUMNS):
        _read(block, raw, known=known, stops=stops, remarks=remarks)
    calls = _in_order(raw, len(trips), remarks)
    del raw
    blank = np.flatnonzero((calls.arrival == BLANK) | (calls.departure == BLANK))
    if len(blank):
        _fill(calls, blank, archive, known, remarks)
    _forward(calls, remarks)
    return calls


def _read(block: Columns, raw: _Raw, *, known: Known, stops: Known, remarks: Remarks) -> None:
    hashes = block.hashes(0)
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]]))
    runs = known.of(hashes[starts])
    trip = np.repeat(runs, np.diff(np.append(starts, len(block))))
    stop = stops.of(block.hashes(3))
    sequence = block.numbers(4)
    arrival, departure = block.times(1), block.times(2)
    pickup, drop_off = block.digits(5), block.digits(6)
    right = (trip >= 0) & (stop >= 0) & (sequence >= 0)
    if not right.all():
        _tell(block, remarks, "unknown-trip", trip < 0, 0)
        place = ~block.filled(3)
        _tell(block, remarks, "on-demand", (trip >= 0) & place, 0)
        _tell(block, remarks, "unknown-stop", (trip >= 0) & (stop < 0) & ~place, 3)
        _tell(block, remarks, "sequence", (trip >= 0) & (stop >= 0) & (sequence < 0), 4)
    for times, column in ((arrival, 1), (departure, 2)):
        if times.min(initial=0) < BLANK:
            wrong = times == WRONG
            _tell(block, remarks, "time", wrong, column)
            times[wrong] = BLANK
    if departure.max(initial=0) > LATEST:
        _tell(block, remarks, "too-late", departure > LATEST, 2)
    if (pickup > 1).any() or (drop_off > 1).any():
        _tell(block, remarks, "on-demand", (pickup > 1) | (drop_off > 1), 0)
    arrival = np.where(arrival == BLANK, departure, arrival)
    departure = np.where(departure == BLANK, arrival, departure)
    early = departure < arrival
    if early.any():
        _tell(block, remarks, "departs-before-arriving", early, 1)
        arrival, departure = np.where(early, departure, arrival), np.where(early, arrival, departure)
    flags = ((pickup == 1) * NO_BOARDING + (drop_off == 1) * NO_ALIGHTING).astype(np.int8)
    columns = (trip, sequence, stop, arrival, departure, flags)
    raw.add(*(columns if right.all() else (each[right] for each in columns)))


def _tell(block: Columns, remarks: Remarks, code: str, where: NDArray[np.bool_], column: int) -> None:
    rows = np.flatnonzero(where)
    if len(rows):
        shown = [block.text(column, int(row)) for row in rows[:3]]
        remarks.add_all(code, FILE, lines=block.lines[rows[:8]].tolist(), count=len(rows), examples=shown)


def _in_order(raw: _Raw, trips: int, remarks: Remarks) -> Calls:
    """Most feeds write each trip in one piece, in its order: then nothing has to move."""
    size = raw.size
    trip, sequence = raw.trip[:size], raw.sequence[:size]
    narrow = np.int16 if sequence.max(initial=0) < 2**15 else np.int32
    stop, arrival, departure, flags = raw.stop[:size], raw.arrival[:size], raw.departure[:size], raw.flags[:size]
    changes = np.flatnonzero(trip[1:] != trip[:-1]) + 1
    starts = np.concatenate([[0], changes]).astype(np.int32) if size else np.zeros(0, np.int32)
    rising = sequence[1:] > sequence[:-1]
    rising[changes - 1] = True
    if len(np.unique(trip[starts])) != len(starts) or not rising.all():
        order = np.argsort(trip.astype(np.int64) << 32 | sequence, kind="stable")
        trip, sequence = trip[order], sequence[order]
        same = np.concatenate([[False], (trip[1:] == trip[:-1]) & (sequence[1:] == sequence[:-1])])
        if same.any():
            remarks.add("duplicate-sequence", FILE, count=int(same.sum()))
            order, trip, sequence = order[~same], trip[~same], sequence[~same]
        stop, arrival, departure, flags = stop[order], arrival[order], departure[order], flags[order]
        size = len(trip)
        starts = np.concatenate([[0], np.flatnonzero(trip[1:] != trip[:-1]) + 1]).astype(np.int32)
    first, length = np.zeros(trips, np.int32), np.zeros(trips, np.int32)
    first[trip[starts]] = starts
    length[trip[starts]] = np.diff(np.append(starts, np.int32(size)))
    return Calls(first, length, stop, arrival, departure, flags, sequence.astype(narrow))


def _fill(calls: Calls, blank: NDArray[np.int64], archive: Archive, known: Known, remarks: Remarks) -> None:
    """Times left out, between those that are given: by the distance along the way when it is said, else evenly.

    Source: GTFS, stop_times.arrival_time and timepoint. A trip with no time at its first or last call cannot be known.
    """
    order = np.argsort(calls.first, kind="stable")
    order = order[calls.length[order] > 0]
    trips = np.unique(order[np.searchsorted(calls.first[order], blank, side="right") - 1])
    far = _distances(archive, known, trips)
    filled = 0
    for trip in trips.tolist():
        here = calls.of(trip)
        arrival, departure = calls.arrival[here], calls.departure[here]
        given = np.flatnonzero(departure >= 0)
        if not len(given) or given[0] != 0 or given[-1] != len(departure) - 1:
            remarks.add("no-times", FILE)
            calls.length[trip] = 0
            continue
        along = far.get(trip)
        if along is None or len(along) != len(departure) or np.isnan(along).any() or (np.diff(along) < 0).any():
            along = np.arange(len(departure), dtype=np.float64)
        gaps = departure < 0
        reached = np.interp(along[gaps], *_steps(along[given], departure[given], arrival[given]))
        arrival[gaps] = departure[gaps] = np.rint(reached).astype(np.int32)
        filled += int(gaps.sum())
    if filled:
        remarks.add("interpolated", FILE, count=filled)


def _steps(along: NDArray[np.float64], departure: Int32, arrival: Int32) -> tuple[NDArray[np.float64], Int32]:
    """Where a time is known: a vehicle that waits leaves later than it came, from the same point."""
    return np.repeat(along, 2), np.column_stack([arrival, departure]).reshape(-1)


def _distances(archive: Archive, known: Known, trips: NDArray[np.int64]) -> dict[int, NDArray[np.float64]]:
    """shape_dist_traveled of the calls of these trips, in their order: read again, since few feeds need it."""
    table = archive.table(FILE)
    if table is None or table.lacks(["shape_dist_traveled"]):
        return {}
    wanted = np.zeros(int(trips.max(initial=0)) + 2, np.bool_)
    wanted[trips] = True
    found: dict[int, list[tuple[int, float]]] = {}
    for block in table.columns(("trip_id", "stop_sequence", "shape_dist_traveled")):
        trip = known.of(block.hashes(0))
        rows = np.flatnonzero(wanted[np.clip(trip, -1, len(wanted) - 1)] & (trip >= 0))
        if len(rows):
            sequence, along = block.numbers(1), block.decimals(2)
            for row in rows.tolist():
                found.setdefault(int(trip[row]), []).append((int(sequence[row]), float(along[row])))
    return {trip: np.array([far for _n, far in sorted(rows, key=lambda each: each[0])]) for trip, rows in found.items()}


def _forward(calls: Calls, remarks: Remarks) -> None:
    """Times that go back: over half a day, it is a midnight that was forgotten; else the vehicle waits there."""
    back = np.flatnonzero(calls.arrival[1:] < calls.departure[:-1]) + 1
    if not len(back):
        return
    starts = np.zeros(len(calls) + 1, np.bool_)
    starts[calls.first[calls.length > 0]] = True
    back = back[~starts[back]]
    if not len(back):
        return
    order = np.argsort(calls.first, kind="stable")
    order = order[calls.length[order] > 0]
    calls.arrival, calls.departure = calls.arrival.copy(), calls.departure.copy()
    wrong = 0
    for trip in np.unique(order[np.searchsorted(calls.first[order], back, side="right") - 1]).tolist():
        here = calls.of(trip)
        both = np.column_stack([calls.arrival[here], calls.departure[here]]).reshape(-1).astype(np.int64)
        for place in np.flatnonzero(np.diff(both) < -HALF_A_DAY).tolist():
            both[place + 1 :] += 86_400
        both = np.maximum.accumulate(both)
        calls.arrival[here], calls.departure[here] = both[::2], both[1::2]
        wrong += 1
    remarks.add("times-backwards", FILE, count=wrong)
