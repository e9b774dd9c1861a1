"""Cells of a block of rows as places among its bytes, and what they hold as arrays: no Python object a cell."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
Hashes = NDArray[np.uint64]
BLANK, WRONG = -1, -2
"""What stands for an empty number or time, and for one that is not written as it should."""
LONGEST_ID = 512
"""Bytes of an identifier that are compared: two that only differ further on are taken for one."""
_MULTIPLIERS = np.frombuffer(os.urandom(LONGEST_ID + 16), np.uint64) | np.uint64(1)
"""Drawn anew by each process: nobody can write identifiers that are taken for one another."""
_KEPT = np.array([(1 << (8 * n)) - 1 for n in range(8)] + [(1 << 64) - 1], np.uint64)
_TURN = np.uint64(29)


class Columns:
    """Wanted columns of a block; `lines` are the numbers of its rows in the file."""

    def __init__(self, signs: bytes, starts: list[Places], ends: list[Places], size: int) -> None:
        padded = signs + b"\0" * 8
        self.signs = np.frombuffer(padded, np.uint8)
        self._eight: NDArray[np.uint64] = np.ndarray((len(signs) + 1,), np.dtype("<u8"), padded, strides=(1,))
        self._starts, self._ends, self._size = starts, ends, size
        self.lines: NDArray[np.int64] = np.zeros(0, np.int64)

    def __len__(self) -> int:
        return self._size

    @classmethod
    def cut(cls, signs: bytes, *, separator: int, width: int, places: Sequence[int]) -> "Columns | None":
        """Rows of `width` cells; None when one has more or less, or when one is empty."""
        array = np.frombuffer(signs, np.uint8)
        size = signs.count(b"\n")
        marks = np.flatnonzero((array == separator) | (array == 0x0A))
        if len(marks) != size * width or (width == 1 and (b"\n\n" in signs or b"\n\r\n" in signs)):
            return None
        ends = marks.reshape(size, width)
        if size and not (array[ends[:, -1]] == 0x0A).all():
            return None
        starts = np.concatenate([[0], marks[:-1] + 1]).reshape(size, width) if size else ends
        nothing = np.zeros(size, np.int64)
        found = [(starts[:, n], ends[:, n]) if n >= 0 else (nothing, nothing) for n in places]
        trimmed = [_trimmed(array, first, last) for first, last in found]
        return cls(signs, [first for first, _last in trimmed], [last for _first, last in trimmed], size)

    def texts(self, column: int) -> list[str]:
        """As Python texts: for few rows."""
        signs = self.signs.tobytes()
        pairs = zip(self._starts[column].tolist(), self._ends[column].tolist(), strict=True)
        return [signs[first:last].decode(errors="replace") for first, last in pairs]

    def text(self, column: int, row: int) -> str:
        return self.signs[self._starts[column][row] : self._ends[column][row]].tobytes().decode(errors="replace")

    def filled(self, column: int) -> NDArray[np.bool_]:
        filled: NDArray[np.bool_] = self._ends[column] > self._starts[column]
        return filled

    def hashes(self, column: int) -> Hashes:
        """A number for each cell, the same for the same text."""
        return _hashes(self._eight, self._starts[column], self._ends[column])

    def numbers(self, column: int) -> NDArray[np.int64]:
        """Whole numbers from 0 to 999,999,999; BLANK, WRONG."""
        starts, ends = self._starts[column], self._ends[column]
        length = ends - starts
        found = np.where(length == 0, BLANK, 0)
        longest = int(length.max(initial=0))
        wrong = length > 9
        for n in range(min(longest, 9)):
            inside = length > n
            digit = self.signs[np.where(inside, starts + n, 0)].astype(np.int64) - 48
            wrong |= inside & ((digit < 0) | (digit > 9))
            found = np.where(inside, found * 10 + digit, found)
        found[wrong] = WRONG
        return found

    def digits(self, column: int) -> NDArray[np.int8]:
        """One digit: 0 when the cell is empty, -1 when it is something else."""
        starts, length = self._starts[column], self._ends[column] - self._starts[column]
        found = self.signs[starts].astype(np.int16) - 48
        found[(length > 1) | (found < 0) | (found > 9)] = -1
        found[length == 0] = 0
        return found.astype(np.int8)

    def times(self, column: int) -> NDArray[np.int32]:
        """Seconds of cells written H:MM:SS, up to 999 hours; BLANK, WRONG."""
        starts, ends = self._starts[column], self._ends[column]
        length = ends - starts
        right = (length >= 7) & (length <= 9)
        last = np.where(right, ends, 8)

        def digit(back: int) -> NDArray[np.int32]:
            return self.signs[last - back].astype(np.int32) - 48

        parts = {back: digit(back) for back in (1, 2, 4, 5, 7)}
        seconds = parts[1] + 10 * parts[2] + 60 * parts[4] + 600 * parts[5] + 3600 * parts[7]
        for back in (2, 5):
            right &= (parts[back] >= 0) & (parts[back] <= 5)
        for back in (1, 4, 7):
            right &= (parts[back] >= 0) & (parts[back] <= 9)
        right &= (self.signs[last - 3] == 58) & (self.signs[last - 6] == 58)
        for back, worth in ((8, 36_000), (9, 360_000)):
            more = length >= back
            if more.any():
                tens = self.signs[np.where(more & right, ends - back, 0)].astype(np.int32) - 48
                right &= ~more | ((tens >= 0) & (tens <= 9))
                seconds += np.where(more, tens * worth, 0)
        seconds[~right] = WRONG
        seconds[length == 0] = BLANK
        return seconds

    def decimals(self, column: int) -> NDArray[np.float64]:
        """Decimal numbers; NaN for an empty cell and for what is no number."""
        starts, ends = self._starts[column], self._ends[column]
        width = min(int((ends - starts).max(initial=1)) or 1, 32)
        places = starts[:, None] + np.arange(width)
        inside = places < ends[:, None]
        cells = np.where(inside, self.signs[np.where(inside, places, 0)], 0).astype(np.uint8)
        written: NDArray[Any] = np.ascontiguousarray(cells).view(f"S{width}").reshape(-1)
        blank = written == b""
        written[blank] = b"nan"[:width]
        try:
            found = written.astype(np.float64)
        except ValueError:
            found = np.array([_decimal(each) for each in written.tolist()], np.float64)
        found[blank | ~np.isfinite(found)] = np.nan
        return found


def hashes_of(texts: Sequence[str]) -> Hashes:
    """The same numbers for texts that are in memory already."""
    encoded = [each.encode() for each in texts]
    ends = np.cumsum([len(each) for each in encoded], dtype=np.int64)
    starts = ends - np.array([len(each) for each in encoded], np.int64)
    joined = b"".join(encoded) + b"\0" * 8
    eight: NDArray[np.uint64] = np.ndarray((len(joined) - 7,), np.dtype("<u8"), joined, strides=(1,))
    return _hashes(eight, starts, ends)


def _hashes(eight: NDArray[np.uint64], starts: Places, ends: Places) -> Hashes:
    length = np.minimum(ends - starts, LONGEST_ID)
    found: Hashes = (length.astype(np.uint64) + np.uint64(1)) * _MULTIPLIERS[-1]
    longest = int(length.max(initial=0))
    for n in range(0, max(longest, 1), 8):
        left = np.clip(length - n, 0, 8)
        word = eight[np.where(left > 0, starts + n, 0)] & _KEPT[left]
        mixed = (found ^ word) * _MULTIPLIERS[n // 8]
        mixed ^= mixed >> _TURN
        found = np.where(left > 0, mixed, found) if n else mixed
    return found


class Known:
    """Identifiers that are known, by their hash: the position of each (its rank, unless `places` says another)."""

    def __init__(self, hashes: Hashes, places: NDArray[np.int32] | None = None) -> None:
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._places = order.astype(np.int32) if places is None else places[order]

    def of(self, hashes: Hashes) -> NDArray[np.int32]:
        """The position of each; -1 for one that is not known."""
        if not len(self._hashes):
            return np.full(len(hashes), -1, np.int32)
        place = np.searchsorted(self._hashes, hashes)
        place[place == len(self._hashes)] = 0
        return np.where(self._hashes[place] == hashes, self._places[place], np.int32(-1))


def _decimal(written: bytes) -> float:
    try:
        return float(written)
    except ValueError:
        return float("nan")


def _trimmed(signs: NDArray[np.uint8], starts: Places, ends: Places) -> tuple[Places, Places]:
    """Without the spaces and the \\r around."""
    if not len(starts):
        return starts, ends
    starts, ends = starts.copy(), ends.copy()
    while True:
        more = (ends > starts) & (signs[np.maximum(ends - 1, 0)] <= 32)
        if not more.any():
            break
        ends[more] -= 1
    while True:
        more = (ends > starts) & (signs[np.minimum(starts, len(signs) - 1)] <= 32)
        if not more.any():
            break
        starts[more] += 1
    return starts, ends
