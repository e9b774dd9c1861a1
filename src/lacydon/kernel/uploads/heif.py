"""HEIC pictures (ISO/IEC 23008-12): where they keep Exif and XMP is found and filled with zeros, nothing moves."""

from collections.abc import Iterator
from dataclasses import dataclass

from .pictures import damaged, refuse_vast

PRIVATE = frozenset({b"Exif", b"mime"})
"""Kinds of items that tell about a person: Exif, and XMP (an item of kind mime)."""
FILLERS = frozenset({b"free", b"skip", b"uuid"})
"""Boxes that no picture needs and that may hold anything."""
MOST_ITEMS = 10_000


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int


class _Reader:
    """Reads big-endian numbers one after the other; what is missing is a damaged picture."""

    def __init__(self, content: bytes, at: int, end: int) -> None:
        self.content, self.at, self.end = content, at, end

    def number(self, size: int) -> int:
        if self.at + size > self.end:
            raise damaged()
        self.at += size
        return int.from_bytes(self.content[self.at - size : self.at], "big")


def clean_heic(content: bytes) -> bytes:
    """The same picture, its Exif and XMP blank, cut at its end."""
    boxes = list(_boxes(content, 0, len(content)))
    metas = [box for box in boxes if box.kind == b"meta"]
    if not boxes or boxes[0].kind != b"ftyp" or len(metas) != 1:
        raise damaged()
    inside = list(_boxes(content, metas[0].start + 4, metas[0].end))
    of_kind = {box.kind: box for box in inside}
    if b"iinf" not in of_kind or b"iloc" not in of_kind:
        raise damaged()
    for box in _within(content, of_kind.get(b"iprp"), b"ipco"):
        for each in _boxes(content, box.start, box.end):
            if each.kind == b"ispe":
                reader = _Reader(content, each.start + 4, each.end)
                refuse_vast(reader.number(4), reader.number(4))
    private = _private_items(content, of_kind[b"iinf"])
    cleaned = bytearray(content[: boxes[-1].end])
    for box in boxes:
        if box.kind in FILLERS:
            cleaned[box.start : box.end] = bytes(box.end - box.start)
    for start, end in _extents(content, of_kind[b"iloc"], private, of_kind.get(b"idat")):
        if not 0 <= start <= end <= len(cleaned):
            raise damaged()
        cleaned[start:end] = bytes(end - start)
    return bytes(cleaned)


def _boxes(content: bytes, at: int, end: int) -> Iterator[_Box]:
    """The boxes between two places, which they must fill."""
    while at + 8 <= end:
        size, kind, head = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            # What stands behind the picture is not part of it; inside a box nothing may be left over.
            if end == len(content) and kind not in (b"meta", b"mdat"):
                return
            raise damaged()
        yield _Box(kind=kind, start=at + head, end=at + size)
        at += size


def _within(content: bytes, box: _Box | None, kind: bytes) -> list[_Box]:
    return [each for each in _boxes(content, box.start, box.end) if each.kind == kind] if box else []


def _private_items(content: bytes, iinf: _Box) -> set[int]:
    version = content[iinf.start]
    reader = _Reader(content, iinf.start + 4, iinf.end)
    reader.number(2 if version == 0 else 4)
    found = set()
    for box in _boxes(content, reader.at, iinf.end):
        entry = _Reader(content, box.start, box.end)
        form = entry.number(4) >> 24
        if box.kind != b"infe" or form < 2:
            raise damaged()
        id = entry.number(2 if form == 2 else 4)
        entry.number(2)
        if entry.number(4).to_bytes(4, "big") in PRIVATE:
            found.add(id)
    return found


def _extents(content: bytes, iloc: _Box, items: set[int], idat: _Box | None) -> Iterator[tuple[int, int]]:
    """Where the bytes of these items are, in the file."""
    reader = _Reader(content, iloc.start, iloc.end)
    version = reader.number(4) >> 24
    sizes = reader.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    if version > 2 or any(size not in (0, 4, 8) for size in (offset_size, length_size, base_size)):
        raise damaged()
    wide = 4 if version == 2 else 2
    count = reader.number(wide)
    if count > MOST_ITEMS:
        raise damaged()
    for _item in range(count):
        id = reader.number(wide)
        method = reader.number(2) & 15 if version else 0
        reader.number(2)
        base = reader.number(base_size)
        for _extent in range(reader.number(2)):
            if version:
                reader.number(index_size)
            start = base + reader.number(offset_size)
            length = reader.number(length_size)
            if id not in items:
                continue
            if method == 1 and idat is not None:
                start += idat.start
            elif method != 0:
                raise damaged()
            yield start, start + length
