"""Verifying the journal from the database: every row, every tile, every signed head; the first fault and where it is.

Each row must hash to its leaf and carry the seal of its place. From the leaves the tree is built again; its tiles must
be the stored ones and its root, at each size that was ever signed, the one that was signed. Heads kept elsewhere (by a
witness, in an export, beside the database) may be given: a journal cut short is then seen even when its own checkpoints
were cut too.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection

from lacydon.kernel.merkle import notes, tiles
from lacydon.kernel.merkle.tree import Frontier, leaf_hash

from ..models import Checkpoint, Cosignature, Entry, Tile
from . import leaves
from .journal import last_published
from .signing import public_key

CHUNK = 5_000
NEAR = 5_000
"""How far from where it stands the place of a moved row is looked for."""
BACKWARDS = timedelta(minutes=1)
"""A clock that goes back by less is the usual overlap of two acts at once."""
_COLUMNS = ", ".join(f'"{name}"' for name in leaves.COLUMNS)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind`: edited, deleted, inserted, reordered, truncated, rewritten, tile or signature.

    `position`: of the first entry at fault (rewritten: of the first entry since the last head that is still right).
    None for an entry that waits for its position.
    """

    kind: str
    position: int | None
    detail: str = ""


@dataclass(slots=True)
class Verification:
    """What was verified. `backwards`: how many times the clock had gone back, which is told and is no fault."""

    entries: int = 0
    waiting: int = 0
    checkpoints: int = 0
    cosignatures: int = 0
    backwards: int = 0
    fault: Fault | None = None


class _Found(Exception):  # noqa: N818
    def __init__(self, kind: str, position: int | None, detail: str = "") -> None:
        super().__init__(kind)
        self.fault = Fault(kind, position, detail)


def verify(*, heads: Iterable[str] = (), progress: Progress = lambda _done, _of: None) -> Verification:
    """Recompute everything; `heads`: signed notes kept elsewhere. The first fault ends it."""
    found = Verification()
    try:
        _verify(found, _heads(heads), progress)
    except _Found as end:
        found.fault = end.fault
    return found


def _verify(found: Verification, heads: dict[int, set[bytes]], progress: Progress) -> None:
    key, signed_size = leaves.seal_key(), max(heads, default=0)
    tree, levels = Frontier(), _Levels()
    good = 0
    check_root(tree, heads, good)
    last = None
    for row, after in _rows():
        position = tree.size
        leaf = _leaf(row)
        if row.position == position and leaf == row.leaf_hash and _sealed_at(key, row, position):
            tree.append(row.leaf_hash)
            levels.add(row.leaf_hash)
        else:
            raise _Found(_what_happened(key, row, after, position=position, signed=signed_size), position, row.id)
        if tree.size in heads:
            check_root(tree, heads, good)
            good = tree.size
            found.checkpoints += 1
        if last is not None and row.at < last - BACKWARDS:
            found.backwards += 1
        last = row.at
        if tree.size % CHUNK == 0:
            progress(tree.size, max(signed_size, tree.size))
    found.entries = tree.size
    if tree.size < signed_size:
        raise _Found("truncated", tree.size, f"{signed_size}")
    if tree.size > signed_size:
        raise _Found("inserted", signed_size)
    levels.end()
    found.waiting = _verify_waiting(key, tree.size)
    found.cosignatures = _verify_cosignatures()
    progress(tree.size, tree.size)


def check_root(tree: Frontier, heads: dict[int, set[bytes]], good: int) -> None:
    if tree.size in heads and heads[tree.size] != {tree.root()}:
        raise _Found("rewritten", good, f"{good}–{tree.size}")


def _heads(given: Iterable[str]) -> dict[int, set[bytes]]:
    """Every root that was signed, by size."""
    log, found = public_key(), dict[int, set[bytes]]()
    kept = list(given)
    with suppress(OSError):
        kept.append(last_published().read_text("utf-8"))
    stored = Checkpoint.objects.order_by("size").values_list("size", "note").iterator()
    for size, note in [*((None, note) for note in kept), *stored]:
        try:
            head, _by = notes.opened(note, log=log)
        except notes.BadNote as wrong:
            raise _Found("signature", size, str(wrong)) from wrong
        if size not in (None, head.size):
            raise _Found("signature", size, "the checkpoint of another size")
        found.setdefault(head.size, set()).add(head.root)
    return found


def _rows() -> Iterator[tuple[leaves.Row, leaves.Row | None]]:
    """Every row that has a position, in order, with the one after it."""
    held: leaves.Row | None = None
    first = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT {_COLUMNS} FROM "{Entry._meta.db_table}" WHERE position > %s ORDER BY position LIMIT %s',  # noqa: S608
                [first, CHUNK],
            )
            chunk = cursor.fetchall()
        for values in chunk:
            row = _row(values, first + 1)
            if held is not None:
                yield held, row
            held, first = row, values[1]
        if len(chunk) < CHUNK:
            break
    if held is not None:
        yield held, None


def _row(values: tuple[object, ...], position: int) -> leaves.Row:
    try:
        return leaves.row(values)
    except (TypeError, ValueError, AttributeError) as wrong:
        raise _Found("edited", position, str(wrong)) from wrong


def _leaf(row: leaves.Row) -> bytes:
    try:
        return leaf_hash(leaves.leaf_of(row))
    except (TypeError, ValueError):
        return b""


def _sealed_at(key: bytes, row: leaves.Row, position: int) -> bool:
    return leaves.sealed(key, row, position=position, leaf=row.leaf_hash) == row.seal


def _place(key: bytes, row: leaves.Row | None, *, near: int) -> int | None:
    """Where a row was when it was sealed; None when it is no row of ours as it was written."""
    if row is None or _leaf(row) != row.leaf_hash:
        return None
    return next((each for each in range(max(0, near - NEAR), near + NEAR) if _sealed_at(key, row, each)), None)


def _what_happened(
    key: bytes, row: leaves.Row, after: leaves.Row | None, *, position: int, signed: int
) -> str:
    """What a row that is not the one of `position` says of what was done there."""
    place, next_place = _place(key, row, near=position), _place(key, after, near=position)
    if place == row.position and row.position != position:
        return "deleted"
    if place is None:
        return "inserted" if next_place == position or position >= signed else "edited"
    if place < position:
        return "inserted"
    return "deleted" if after is None or next_place == place + 1 else "reordered"


@dataclass(slots=True)
class _Levels:
    """The tiles, built again level by level beside the stored ones."""

    rows: list[list[bytes]] = field(default_factory=lambda: [[]])
    done: list[int] = field(default_factory=lambda: [0])
    ahead: dict[tiles.Place, bytes] = field(default_factory=dict)

    def add(self, leaf: bytes) -> None:
        row = self.rows[0]
        row.append(leaf)
        if len(row) == tiles.WIDTH:
            self._full(0)

    def _full(self, level: int) -> None:
        hashes = b"".join(self.rows[level])
        self._compare(level, hashes)
        self.rows[level].clear()
        self.done[level] += 1
        if level + 1 == len(self.rows):
            self.rows.append([])
            self.done.append(0)
        self.rows[level + 1].append(_root_of(hashes))
        if len(self.rows[level + 1]) == tiles.WIDTH:
            self._full(level + 1)

    def _compare(self, level: int, hashes: bytes) -> None:
        place = (level, self.done[level])
        if place not in self.ahead:
            self.ahead = _stored(level, first=place[1], count=1 if level else 64)
        stored = self.ahead.get(place, b"")
        if stored != hashes:
            same = next(
                (at for at in range(0, len(hashes), 32) if stored[at : at + 32] != hashes[at : at + 32]), len(hashes)
            )
            position = (place[1] * tiles.WIDTH + same // 32) * tiles.WIDTH**level
            raise _Found("tile", position, tiles.Tile(level, place[1], max(1, len(hashes) // 32)).path)

    def end(self) -> None:
        """The tiles that are not full, and that no other is stored."""
        for level, row in enumerate(self.rows):
            if row:
                self._compare(level, b"".join(row))
        expected = sum(self.done) + sum(bool(row) for row in self.rows)
        if Tile.objects.count() != expected:
            raise _Found("tile", self.done[0] * tiles.WIDTH + len(self.rows[0]), "more tiles than the tree has")


def _root_of(hashes: bytes) -> bytes:
    frontier = Frontier()
    frontier.extend(hashes[at : at + 32] for at in range(0, len(hashes), 32))
    return frontier.root()


def _stored(level: int, *, first: int, count: int) -> dict[tiles.Place, bytes]:
    rows = Tile.objects.filter(level=level, index__gte=first, index__lt=first + count)
    return {(level, index): bytes(hashes) for index, hashes in rows.values_list("index", "hashes")}


def _verify_waiting(key: bytes, size: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {_COLUMNS} FROM "{Entry._meta.db_table}" WHERE position IS NULL ORDER BY id')  # noqa: S608
        values = cursor.fetchall()
    for each in values:
        row = _row(each, size)
        if not leaves.intact(key, row):
            raise _Found("edited", None, row.id)
    return len(values)


def _verify_cosignatures() -> int:
    count = 0
    for each in Cosignature.objects.select_related("checkpoint").iterator():
        try:
            witness = notes.VerifierKey.parse(each.witness)
            notes.Note.parse(each.checkpoint.note + each.line).verified([witness])
        except notes.BadNote as wrong:
            raise _Found("signature", each.checkpoint_id, str(wrong)) from wrong
        count += 1
    return count
