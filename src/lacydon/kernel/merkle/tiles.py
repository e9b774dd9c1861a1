"""A log as tiles (C2SP tlog-tiles): rows of at most 256 hashes, immutable once full, which any web server can serve.

Tile `n` of level `l` holds the hashes of complete subtrees of `256**l` leaves, from subtree `256 * n`. A tile that is
not full is a prefix of what it will be, so a store keeps one growing row for each tile and serves any width of it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .tree import EMPTY_ROOT, Range, consistency_ranges, folded, inclusion_ranges, paired

WIDTH = 256
HASH = 32
Place = tuple[int, int]
"""Level and index of a tile."""
ReadTiles = Callable[[Iterable[Place]], Mapping[Place, bytes]]
"""Gives the hashes, joined, of the tiles asked for; may hold more of them than the tree at hand has."""
_PATH = re.compile(r"tile/(0|[1-9]\d?)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


class TileMissing(Exception):  # noqa: N818  (a fact about a store, not a fault of the code)
    """A tile that the tree needs is not in the store, or is too short."""


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Where a tile stands, and how many hashes it has."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """`tile/0/x001/x234/067` for index 1,234,067; `.p/5` when only 5 hashes wide."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        name = "/".join([f"x{each}" for each in groups[:-1]] + groups[-1:])
        return f"tile/{self.level}/{name}" + (f".p/{self.width}" if self.width < WIDTH else "")

    @classmethod
    def parse(cls, path: str) -> "Tile | None":
        """The tile a path names; None when it names none, or in another way than the one of `path`."""
        found = _PATH.fullmatch(path)
        if found is None:
            return None
        level, index, width = found.groups()
        tile = cls(int(level), int(index.replace("x", "").replace("/", "")), int(width or WIDTH))
        return tile if tile.level < 64 and tile.path == path else None


def tiles_of(size: int, *, old: int = 0) -> Iterator[Tile]:
    """Every tile of the tree of `size` that the tree of `old` had not, or had less wide."""
    level = 0
    while size > old:
        for index in range(old // WIDTH, -(-size // WIDTH)):
            yield Tile(level, index, min(WIDTH, size - index * WIDTH))
        old, size, level = old // WIDTH, size // WIDTH, level + 1


def tile_root(row: Sequence[bytes]) -> bytes:
    """The hash of the complete subtree that a full tile is, from its 256 hashes."""
    while len(row) > 1:
        row = paired(row)
    return row[0]


@lru_cache(maxsize=256)
def _heights(hashes: bytes) -> tuple[tuple[bytes, ...], ...]:
    """The complete subtrees of a tile, by height. Kept: the upper tiles serve every proof."""
    row = tuple([hashes[at : at + HASH] for at in range(0, len(hashes), HASH)])
    rows = [row]
    while len(row) > 1:
        row = tuple(paired(row))
        rows.append(row)
    return tuple(rows)


def _complete(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Height and index of the complete subtrees of a range that starts where a subtree of its width may, in order."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def _tile(height: int, index: int) -> tuple[Place, int, int]:
    """The tile where a complete subtree is found, its height and its index inside that tile.

    A subtree as high as a tile is a hash of the tile above.
    """
    level, inside = divmod(height, 8)
    first = index << inside
    return (level, first // WIDTH), inside, (first % WIDTH) >> inside


class TiledTree:
    """The tree of `size` leaves over stored tiles; every proof reads its tiles at once."""

    def __init__(self, *, size: int, read: ReadTiles) -> None:
        self.size = size
        self._read = read

    def root(self) -> bytes:
        """Raises TileMissing, as all here do."""
        return self._hashes([(0, self.size)])[0] if self.size else EMPTY_ROOT

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Proof that leaf `index` is in this tree. Raises IndexError, TileMissing."""
        return self._hashes(inclusion_ranges(index=index, size=self.size))

    def consistency_proof(self, old: int) -> list[bytes]:
        """Proof that this tree only added to that of `old` leaves. Raises IndexError, TileMissing."""
        return self._hashes(consistency_ranges(old=old, size=self.size))

    def _hashes(self, ranges: list[Range]) -> list[bytes]:
        parts = [[_tile(*subtree) for subtree in _complete(*each)] for each in ranges]
        tiles = self._read({place for part in parts for place, _height, _index in part})
        rows = {place: _heights(self._cut(place, tiles)) for part in parts for place, _height, _index in part}
        return [folded([rows[place][height][index] for place, height, index in part]) for part in parts]

    def _cut(self, place: Place, tiles: Mapping[Place, bytes]) -> bytes:
        """A tile as wide as this tree has it."""
        level, index = place
        width = min(WIDTH, (self.size >> 8 * level) - index * WIDTH) * HASH
        hashes = tiles.get(place, b"")
        if len(hashes) < width:
            raise TileMissing(Tile(level, index, width // HASH).path)
        return hashes[:width]


def extended(*, old: int, leaves: list[bytes], read: ReadTiles) -> dict[Place, bytes]:
    """What tiles become when the hashes of `leaves` are added to a tree of `old`: the new ones, and those that grow.

    Raises TileMissing when a tile that should grow is not in the store, or has another width than it should.
    """
    changed: dict[Place, bytes] = {}
    level, added = 0, leaves
    while added:
        first, kept = divmod(old, WIDTH)
        before = read([(level, first)]).get((level, first), b"") if kept else b""
        if len(before) != kept * HASH:
            raise TileMissing(Tile(level, first, kept).path)
        joined, above = before + b"".join(added), []
        for at in range(0, len(joined), WIDTH * HASH):
            hashes = joined[at : at + WIDTH * HASH]
            changed[level, first + at // (WIDTH * HASH)] = hashes
            if len(hashes) == WIDTH * HASH:
                above.append(_heights(hashes)[8][0])
        old, added, level = old // WIDTH, above, level + 1
    return changed
