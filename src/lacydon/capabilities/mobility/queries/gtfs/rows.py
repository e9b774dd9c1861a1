"""A table of a feed, row by row (small ones) or by columns of bytes (the large ones: a row in Python costs 1 µs)."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from .columns import Columns
from .remarks import Remarks

SEPARATOR, END = 0x1F, 0x0A
"""A block that cannot be cut as it is is written again with this between its cells (a control character: no text)."""
PADDED = re.compile(rb"[ \t][,;|\n\r\"]|[,;|\n\"][ \t]")
QUOTES_INSIDE = re.compile(rb'""[^,;\t\r\n]|[^,;\t\n]""')


class Table:
    """`blocks()` gives whole rows as UTF-8 bytes, the header first."""

    def __init__(self, name: str, blocks: Callable[[], Iterator[bytes]], remarks: Remarks, *, size: int) -> None:
        self.name, self._blocks, self._remarks, self._size = name, blocks, remarks, size
        first = next(blocks(), b"")
        line, _end, _rest = first.partition(b"\n")
        self.separator = _separator(line)
        if self.separator != ",":
            remarks.add("delimiter", name, line=1, example=self.separator)
        cells = next(csv.reader([line.decode().strip("\r")], delimiter=self.separator), [])
        self.header = [each.strip().strip("\ufeff").lower() for each in cells]
        twice = {each for each in self.header if each and self.header.count(each) > 1}
        for each in sorted(twice):
            remarks.add("duplicate-column", name, line=1, example=each)

    @property
    def most(self) -> int:
        """How many rows it may have: each cell takes at least the sign that ends it."""
        return self._size // max(1, len(self.header)) + 2

    def lacks(self, columns: Sequence[str]) -> list[str]:
        """Those of these columns that it does not have."""
        return [each for each in columns if each not in self.header]

    def rows(self, columns: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The number of each line and the wanted cells, in this order; empty where there is no such column."""
        width = len(self.header)
        places = [self.header.index(each) if each in self.header else width for each in columns]
        wanted: Callable[[list[str]], tuple[str, ...]] = itemgetter(*places, width)
        before = 0
        for block in self._blocks():
            padded = PADDED.search(block) is not None
            for line, cells in self._of(block, before):
                if line == 1 or not any(cells):
                    continue
                if len(cells) != width:
                    self._remarks.add("ragged-row", self.name, line=line)
                    cells = (cells + [""] * width)[:width]
                if padded:
                    cells = [each.strip() for each in cells]
                cells.append("")
                yield line, wanted(cells)[:-1]
            before += block.count(b"\n")

    def _of(self, block: bytes, before: int) -> Iterator[tuple[int, list[str]]]:
        text = io.StringIO(block.decode(errors="replace").replace("\0", ""), newline="")
        reader = csv.reader(text, delimiter=self.separator)
        at = before + 1
        try:
            for cells in reader:
                yield at, cells
                at = before + reader.line_num + 1
        except csv.Error:
            self._remarks.add("quote", self.name, line=at)

    def columns(self, wanted: Sequence[str]) -> Iterator[Columns]:
        """The same for large tables, block by block: where each wanted cell begins and ends among bytes.

        A column that the table does not have is made of empty cells.
        """
        places = [self.header.index(each) if each in self.header else -1 for each in wanted]
        width, line = len(self.header), 1
        for block in self._blocks():
            lines = block.count(b"\n")
            if line == 1:
                block = block[self._header_ends(block) :]
            if block:
                cut = self._cut(block, places, width, line + 1 if line == 1 else line)
                if len(cut):
                    yield cut
            line += lines

    def _header_ends(self, block: bytes) -> int:
        return block.index(b"\n") + 1

    def _cut(self, block: bytes, places: Sequence[int], width: int, line: int) -> Columns:
        """`line`: the number of the first one of this block."""
        plain = block
        if b'"' in block and not QUOTES_INSIDE.search(block) and _parted_outside(block, self.separator):
            plain = block.replace(b'"', b"")
        if b'"' not in plain:
            cut = Columns.cut(plain, separator=ord(self.separator), width=width, places=places)
            if cut is not None:
                cut.lines = np.arange(line, line + len(cut), dtype=np.int64)
                return cut
        rows: list[bytes] = []
        numbers: list[int] = []
        for at, cells in self._of(block, line - 1):
            if not any(cells):
                continue
            if len(cells) != width:
                self._remarks.add("ragged-row", self.name, line=at)
                cells = (cells + [""] * width)[:width]
            rows.append("\x1f".join(_one_line(each) for each in cells).encode())
            numbers.append(at)
        cut = Columns.cut(b"\n".join([*rows, b""]), separator=SEPARATOR, width=width, places=places)
        assert cut is not None
        cut.lines = np.array(numbers, np.int64)
        return cut


def _one_line(cell: str) -> str:
    return cell.replace("\n", " ").replace("\r", " ").replace("\x1f", " ") if not cell.isprintable() else cell


def _separator(line: bytes) -> str:
    """A comma, unless the header only has others."""
    if b"," in line:
        return ","
    return max(";\t|", key=lambda each: line.count(each.encode())) if re.search(rb"[;\t|]", line) else ","


def _parted_outside(block: bytes, separator: str) -> bool:
    """Whether no separator and no end of line stands between quotes, so that quotes may simply go."""
    signs = np.frombuffer(block, np.uint8)
    quotes: NDArray[np.int64] = np.flatnonzero(signs == ord('"'))
    marks = np.flatnonzero((signs == ord(separator)) | (signs == END))
    return len(quotes) % 2 == 0 and not (np.searchsorted(quotes, marks) % 2).any()
