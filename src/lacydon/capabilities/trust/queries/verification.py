"""Verifying the journal from the database: every row, every tile, every signed head; the first fault and where it is.

Each row must hash to its leaf and carry the seal of its place. From the leaves the tree is built again; its tiles must
be the stored ones and its root, at each size that was ever signed, the one that was signed. Heads kept elsewhere (by a
witness, in an export, beside the database) may be given: a journal cut short is then seen even when its own checkpoints
were cut too.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.db import connection

from lacydon.kernel.merkle import notes, tiles
from lacydon.kernel.merkle.succession import Term
from lacydon.kernel.merkle.tree import Frontier, folded, leaf_hash

from ..errors import JournalDamaged
from ..models import Checkpoint, Cosignature, Tile
from . import leaves
from .journal import last_published
from .signing import succession
from .stretches import Stretch, stretches, went_back

CHUNK = 5_000
NEAR = 5_000
"""How far from where it stands the place of a moved row is looked for."""
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
    """What was verified. `keys`: who was in charge of signing which heads.

    `backwards`: how many times the clock had gone back, which is told and is no fault.
    """

    entries: int = 0
    waiting: int = 0
    checkpoints: int = 0
    cosignatures: int = 0
    backwards: int = 0
    keys: tuple[Term, ...] = ()
    fault: Fault | None = None


class _Found(Exception):  # noqa: N818
    def __init__(self, kind: str, position: int | None, detail: str = "") -> None:
        super().__init__(kind)
        self.fault = Fault(kind, position, detail)


def verify(*, heads: Iterable[str] = (), progress: Progress = lambda _done, _of: None) -> Verification:
    """Recompute everything; `heads`: signed notes kept elsewhere. The first fault ends it."""
    found = Verification()
    kept = list(heads)
    with suppress(OSError):
        kept.append(last_published().read_text("utf-8"))
    try:
        with stretches(width=CHUNK) as verified, _snapshot():
            _verify(found, _heads(found, kept), verified, progress)
    except _Found as end:
        found.fault = end.fault
    return found


@contextmanager
def _snapshot() -> Iterator[None]:
    """The journal as it is now, for as long as this takes: what is recorded meanwhile is neither seen nor held up.

    Not `atomic()`: on SQLite that would keep every writer out.
    """
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _verify(found: Verification, heads: dict[int, set[bytes]], verified: Iterator[Stretch], progress: Progress) -> None:
    signed_size = max(heads, default=0)
    tree, good, before = _Tree(), 0, ""
    _check_root(tree, heads.get(0), good)
    sizes = sorted((size for size in heads if size), reverse=True)
    for stretch in verified:
        first = tree.size
        while sizes and sizes[-1] <= first + len(stretch.hashes):
            size = sizes.pop()
            tree.extend(stretch.hashes[tree.size - first : size - first])
            _check_root(tree, heads[size], good)
            good = size
            found.checkpoints += 1
        tree.extend(stretch.hashes[tree.size - first :])
        found.backwards += stretch.backwards + (bool(stretch.hashes) and went_back(before, stretch.since))
        before = stretch.until
        if stretch.wrong:
            what = _what_happened(leaves.sealer(), stretch.wrong, position=tree.size, signed=signed_size)
            raise _Found(what, tree.size, str(stretch.wrong.id))
        if tree.size % CHUNK == 0:
            progress(tree.size, max(signed_size, tree.size))
    found.entries = tree.size
    if tree.size < signed_size:
        raise _Found("truncated", tree.size, f"{signed_size}")
    if tree.size > signed_size:
        raise _Found("inserted", signed_size)
    tree.end()
    found.waiting = _verify_waiting(leaves.sealer())
    found.cosignatures = _verify_cosignatures()
    progress(tree.size, tree.size)


def _check_root(tree: "_Tree", signed: set[bytes] | None, good: int) -> None:
    if signed is not None and signed != {tree.root()}:
        raise _Found("rewritten", good, f"{good}–{tree.size}")


def _heads(verification: Verification, given: Iterable[str]) -> dict[int, set[bytes]]:
    """Every root that was signed, by size: by the key in charge of that size."""
    try:
        keys = succession()
    except JournalDamaged as wrong:
        raise _Found("signature", 0, str(wrong.sentence)) from wrong
    verification.keys = keys.terms
    found: dict[int, set[bytes]] = {}
    for named in keys.heads:
        found.setdefault(named.size, set()).add(named.root)
    stored = Checkpoint.objects.order_by("size").values_list("size", "note").iterator()
    for size, note in [*((None, note) for note in given), *stored]:
        try:
            head, _by = keys.opened(note)
        except notes.BadNote as wrong:
            raise _Found("signature", size, str(wrong)) from wrong
        if size not in (None, head.size):
            raise _Found("signature", size, "the checkpoint of another size")
        found.setdefault(head.size, set()).add(head.root)
    return found


def _place(sealer: leaves.Sealer, row: leaves.Row | None, *, near: int) -> int | None:
    """Where a row was when it was sealed; None when it is no row of ours as it was written."""
    try:
        if row is None or leaf_hash(leaves.leaf_of(row)) != row.leaf_hash:
            return None
    except (TypeError, ValueError, AttributeError):
        return None
    places = range(max(0, near - NEAR), near + NEAR)
    return next((each for each in places if sealer.seal(row, position=each, leaf=row.leaf_hash) == row.seal), None)


def _what_happened(sealer: leaves.Sealer, row: leaves.Row, *, position: int, signed: int) -> str:
    """What a row that is not the one of `position` says of what was done there."""
    after = next(iter(leaves.rows("position > %s ORDER BY position LIMIT 1", row.position)), None)
    place, next_place = _place(sealer, row, near=position), _place(sealer, after, near=position)
    if place == row.position and place != position:
        return "deleted"
    if place is None:
        return "inserted" if next_place == position or position >= signed else "edited"
    if place < position:
        return "inserted"
    return "deleted" if after is None or next_place == place + 1 else "reordered"


class _Tree:
    """The tree, built again level by level beside the stored tiles."""

    def __init__(self) -> None:
        self.size = 0
        self._rows: list[list[bytes]] = [[]]
        self._done = [0]
        self._stored: dict[tiles.Place, bytes] = {}

    def extend(self, hashes: Sequence[bytes]) -> None:
        row, at = self._rows[0], 0
        while at < len(hashes):
            some = hashes[at : at + tiles.WIDTH - len(row)]
            row.extend(some)
            at += len(some)
            if len(row) == tiles.WIDTH:
                self._full(0)
        self.size += len(hashes)

    def root(self) -> bytes:
        """The root now. Each level holds the complete subtrees that the one above has not yet."""
        frontiers = [Frontier() for _row in self._rows]
        for frontier, row in zip(frontiers, self._rows, strict=True):
            frontier.extend(row)
        return folded([subtree for frontier in reversed(frontiers) for subtree in frontier.subtrees])

    def end(self) -> None:
        """The tiles that are not full, and that no other is stored."""
        for level, row in enumerate(self._rows):
            if row:
                self._compare(level, b"".join(row))
        if Tile.objects.count() != sum(self._done) + sum(bool(row) for row in self._rows):
            raise _Found("tile", self.size, "more tiles than the tree has")

    def _full(self, level: int) -> None:
        hashes = b"".join(self._rows[level])
        self._compare(level, hashes)
        root = tiles.tile_root(self._rows[level])
        self._rows[level].clear()
        self._done[level] += 1
        if level + 1 == len(self._rows):
            self._rows.append([])
            self._done.append(0)
        self._rows[level + 1].append(root)
        if len(self._rows[level + 1]) == tiles.WIDTH:
            self._full(level + 1)

    def _compare(self, level: int, hashes: bytes) -> None:
        place = (level, self._done[level])
        if place not in self._stored:
            self._stored = _stored(level, first=place[1], count=1 if level else 64)
        stored = self._stored.pop(place, b"")
        if stored != hashes:
            wrong = (at for at in range(0, len(hashes), 32) if stored[at : at + 32] != hashes[at : at + 32])
            position = (place[1] * tiles.WIDTH + next(wrong, len(hashes)) // 32) * tiles.WIDTH**level
            raise _Found("tile", position, tiles.Tile(level, place[1], max(1, len(hashes) // 32)).path)


def _stored(level: int, *, first: int, count: int) -> dict[tiles.Place, bytes]:
    rows = Tile.objects.filter(level=level, index__gte=first, index__lt=first + count)
    return {(level, index): bytes(hashes) for index, hashes in rows.values_list("index", "hashes")}


def _verify_waiting(sealer: leaves.Sealer) -> int:
    """How many entries wait for their position, all of them as they were written."""
    waiting = leaves.rows("position IS NULL ORDER BY id")
    for row in waiting:
        try:
            right = sealer.intact(row)
        except (TypeError, ValueError, AttributeError):
            right = False
        if not right:
            raise _Found("edited", None, str(row.id))
    return len(waiting)


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
