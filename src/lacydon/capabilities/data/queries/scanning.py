"""One look at the bytes of a file before the engine reads it: counts that prove afterwards that nothing was lost."""

import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

CHUNK = 1 << 19
NEW_LINE = 10


@dataclass
class Scan:
    """What was counted. `plain`: nothing that the engine's reader would mend without a word."""

    path: Path
    plain: bool
    quoted: bool = False
    separators: int = 0
    ends: int = 0
    ended: bool = True
    """The last line has its end."""
    by_chunk: list[int] = field(default_factory=list)
    """Line ends of each chunk, so that a line is found again without reading what is before."""

    def lines(self, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """Lines by their number from 0, in order, without their end; where no cell holds a line end."""
        starts = np.concatenate(([0], np.cumsum(self.by_chunk)))
        wanted = sorted(set(numbers))
        with self.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            chunk, ends = -1, np.empty(0, dtype=np.int64)
            for number in wanted:
                # a line begins after the line end before it
                found = 0 if number == 0 else int(np.searchsorted(starts, number, side="left")) - 1
                if number and found != chunk:
                    chunk = found
                    part = np.frombuffer(content[chunk * CHUNK : (chunk + 1) * CHUNK], dtype=np.uint8)
                    ends = np.flatnonzero(part == NEW_LINE)
                begin = 0 if number == 0 else chunk * CHUNK + int(ends[number - 1 - int(starts[chunk])]) + 1
                end = content.find(b"\n", begin)
                yield number, content[begin : len(content) if end < 0 else end].rstrip(b"\r")


def scan(path: Path, separator: str) -> Scan:
    """Reads the file once."""
    found = Scan(path, plain=True)
    mark = ord(separator)
    returns = False
    before = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if b"\0" in chunk:
                return Scan(path, plain=False)
            letters = np.frombuffer(chunk, dtype=np.uint8)
            ends = letters == NEW_LINE
            if (before == NEW_LINE and ends[0]) or bool((ends[1:] & ends[:-1]).any()):
                return Scan(path, plain=False)
            found.by_chunk.append(int(np.count_nonzero(ends)))
            found.separators += int(np.count_nonzero(letters == mark))
            found.quoted = found.quoted or b'"' in chunk
            returns = returns or b"\r" in chunk
            before = chunk[-1]
    found.ends = sum(found.by_chunk)
    found.ended = before == NEW_LINE
    if returns or found.quoted:
        found.plain = _is_plain(path, separator, returns=returns, quoted=found.quoted)
    return found


def _is_plain(path: Path, separator: str, *, returns: bool, quoted: bool) -> bool:
    mark = re.escape(separator.encode())
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if returns and (content.find(b"\n\r") >= 0 or re.search(rb"\r(?!\n)|(?<!\r)\n", content)):
            return False
        # a quote that is not alone between separators
        return not quoted or not re.search(
            rb'(?:^|[\n%b])[ \t]+"|"[ \t]+(?:[\r\n%b]|\Z)|[^\n\r"%b]"[^\n\r"%b]' % (mark, mark, mark, mark), content
        )
