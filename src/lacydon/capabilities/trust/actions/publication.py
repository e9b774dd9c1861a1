"""Publishing the journal: entries get their position, the tree grows, its head is signed. One process at a time.

An entry is safe once its act is committed; it is in the tree a few seconds later (a job), or at once when somebody asks
for a proof. Each batch is one transaction: positions, tiles and checkpoint are kept together, or none is.
"""

import threading
from collections.abc import Iterable
from functools import partial

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from lacydon.kernel.clock import now
from lacydon.kernel.merkle import notes, tiles
from lacydon.kernel.merkle.tree import EMPTY_ROOT

from ..errors import JournalDamaged
from ..models import Checkpoint, Tile
from ..queries import leaves
from ..queries.journal import last_published, read_tiles
from ..queries.signing import signing_keys
from ..queries.wall import in_house

BATCH = 5_000
LOCK = 0x6C6163796A
"""Key of the advisory lock of PostgreSQL: the sequencer's. On SQLite a transaction that writes is alone anyway."""
log = structlog.get_logger("lacydon.journal")


@in_house
def publish_checkpoint() -> Checkpoint | None:
    """Put every committed entry in the tree and sign its head; the latest checkpoint (None: nothing was ever recorded).

    An entry that was changed before it had its place is left out and told in the logs: `lacydon journal verify` finds
    it. Raises JournalDamaged when stored tiles do not lead to the root that was last signed: a log never signs two
    pasts.
    """
    left_out, sealer = 0, leaves.sealer()
    while True:
        with transaction.atomic():
            alone()
            rows = _waiting(skip=left_out)
            good = [row for row in rows if sealer.intact(row)]
            left_out += len(rows) - len(good)
            last = Checkpoint.objects.order_by("-size").first()
            if good:
                last = _extend(good, last)
                transaction.on_commit(partial(_keep_apart, last))
        for row in set(rows).difference(good):
            log.error("journal.entry-changed-before-its-place", entry=row.id)
        if len(rows) < BATCH:
            return last


def alone() -> None:
    """Be the only one to extend the tree, or to change who signs it, until this transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _waiting(*, skip: int) -> list[leaves.Row]:
    """The first entries without a position, in the order they were recorded."""
    return leaves.rows("position IS NULL ORDER BY id LIMIT %s OFFSET %s", BATCH, skip)


def _extend(rows: list[leaves.Row], last: Checkpoint | None) -> Checkpoint:
    keys, signers = signing_keys()
    old = last.size if last else 0
    if last is not None:
        try:
            signed, _by = keys.opened(last.note)
        except notes.BadNote as wrong:
            raise JournalDamaged(_("Le dernier point de contrôle n’est pas signé par la clé du journal.")) from wrong
        if _root(old) != signed.root or signed.size != old:
            raise JournalDamaged(_("Le journal publié a été modifié : « lacydon journal verify » dit où."))
    elif Tile.objects.exists():
        raise JournalDamaged(_("Le journal publié a perdu ses points de contrôle."))
    _give_positions(rows, first=old)
    try:
        changed = tiles.extended(old=old, leaves=[row.leaf_hash for row in rows], read=read_tiles)
    except tiles.TileMissing as missing:
        raise JournalDamaged(_("Il manque une partie du journal publié : %s.") % missing) from missing
    Tile.objects.bulk_create(
        [Tile(level=level, index=index, hashes=hashes) for (level, index), hashes in changed.items()],
        update_conflicts=True,
        unique_fields=["level", "index"],
        update_fields=["hashes"],
    )
    head = notes.Checkpoint(keys.newest.name, old + len(rows), _root(old + len(rows)))
    moment = max(now(), last.signed_at) if last else now()
    signed_by = "".join(key.sign(head.text) for key in signers)
    return Checkpoint.objects.create(size=head.size, note=f"{head.text}\n{signed_by}", signed_at=moment)


def _root(size: int) -> bytes:
    try:
        return tiles.TiledTree(size=size, read=read_tiles).root() if size else EMPTY_ROOT
    except tiles.TileMissing as missing:
        raise JournalDamaged(_("Il manque une partie du journal publié : %s.") % missing) from missing


def _give_positions(rows: Iterable[leaves.Row], *, first: int) -> None:
    sealer = leaves.sealer()
    values = [
        (position, sealer.seal(row, position=position, leaf=row.leaf_hash), row.id)
        for position, row in enumerate(rows, start=first)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{leaves.TABLE}" SET position = %s, seal = %s WHERE id = %s', values)  # noqa: S608


def _keep_apart(checkpoint: Checkpoint) -> None:
    """Best effort, after the commit: a crash in between only makes it older."""
    path = last_published()
    try:
        kept = notes.Checkpoint.parse(notes.Note.parse(path.read_text("utf-8")).text).size
    except (OSError, notes.BadNote):
        kept = -1
    if checkpoint.size > kept:
        fresh = path.with_name(f"{path.name}.{threading.get_ident()}")
        fresh.write_text(checkpoint.note, "utf-8")
        fresh.replace(path)
