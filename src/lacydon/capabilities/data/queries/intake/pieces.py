"""A large file of lines cut where rows end, so that the engine numbers its rows and reads them with every processor.

Rows are numbered in the order of the file, which one reader alone can do: so each piece has its own, and the number of
rows before it. Rows are taken to be lines; who reads the pieces finds fewer rows than lines when they are not.
"""

from dataclasses import dataclass
from pathlib import Path

PIECES = 4
LARGE = 32_000_000
"""Bytes from which a file is worth cutting."""
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Pieces:
    """`starts`: rows before each of `files`; `rows`: all of them, if every row is a line."""

    files: tuple[Path, ...]
    starts: tuple[int, ...]
    rows: int

    def drop(self) -> None:
        for each in self.files:
            each.unlink(missing_ok=True)


def cut(text: Path, *, skipped: int, folder: Path, pieces: int = PIECES) -> Pieces:
    """What follows the first `skipped` lines, in files of about one size. Raises OSError when the disk is full."""
    size = text.stat().st_size
    files = [folder / f"piece-{number}" for number in range(pieces)]
    starts, lines, quotes, last = [0], 0, 0, b"\n"
    with text.open("rb") as source:
        for _line in range(skipped):
            source.readline()
        begin = at = source.tell()
        target = files[0].open("wb")
        try:
            while chunk := source.read(CHUNK):
                last = chunk[-1:]
                wanted = begin + (size - begin) * len(starts) // pieces
                if len(starts) < pieces and at + len(chunk) > wanted:
                    end = _end_of_row(chunk, max(wanted - at, 0), quotes)
                    if end:
                        target.write(chunk[:end])
                        target.close()
                        lines += chunk.count(b"\n", 0, end)
                        quotes += chunk.count(b'"', 0, end)
                        at += end
                        chunk = chunk[end:]
                        target = files[len(starts)].open("wb")
                        starts.append(lines)
                target.write(chunk)
                lines += chunk.count(b"\n")
                quotes += chunk.count(b'"') if b'"' in chunk else 0
                at += len(chunk)
        finally:
            target.close()
    return Pieces(tuple(files[: len(starts)]), tuple(starts), lines + (last != b"\n"))


def _end_of_row(chunk: bytes, start: int, quotes: int) -> int:
    """Behind the first line end from there on that is in no quoted cell; 0 when this chunk has none."""
    while (end := chunk.find(b"\n", start)) >= 0:
        if (quotes + chunk.count(b'"', 0, end)) % 2 == 0:
            return end + 1
        start = end + 1
    return 0
