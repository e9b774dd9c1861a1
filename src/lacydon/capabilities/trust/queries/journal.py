"""Reading the journal: a person's entries, its tree, what was signed, the proof of one entry."""

import json
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from lacydon.kernel.merkle.notes import Checkpoint as Head
from lacydon.kernel.merkle.notes import Note
from lacydon.kernel.merkle.tiles import HASH, Place, Tile, TiledTree, TileMissing

from ..errors import JournalDamaged, UnknownEntry
from ..models import Checkpoint, Entry
from ..models import Tile as StoredTile
from . import leaves
from .keys import key_of
from .signing import published_keys, succession
from .wall import in_house

PROOF_FORMAT = "lacydon-journal-proof/1"


def entries_of(subject: UUID | str, *, limit: int = 50, before: Entry | None = None) -> list[Entry]:
    """The entries about a person, latest first; `before`: those that come after this one in that order."""
    rows = Entry.objects.filter(subject_id=_uuid(subject))
    if before is not None:
        rows = rows.filter(at__lte=before.at).exclude(at=before.at, id__gte=before.id)
    return list(rows.order_by("-at", "-id")[:limit])


def _uuid(id: UUID | str) -> UUID:
    return id if isinstance(id, UUID) else UUID(id)


def entry_of(subject: UUID | str, id: UUID | str) -> Entry:
    """One entry about a person. Raises UnknownEntry, also when it is about somebody else."""
    found = Entry.objects.filter(subject_id=_uuid(subject), pk=_uuid(id)).first()
    if found is None:
        raise UnknownEntry(_("Cette consultation n’est pas dans votre journal."))
    return found


@in_house
def waiting() -> bool:
    """Whether entries are recorded that are not in the tree yet."""
    return Entry.objects.filter(position=None).exists()


def latest_checkpoint() -> Checkpoint | None:
    """The head last signed."""
    return Checkpoint.objects.order_by("-size").first()


def cosigned(checkpoint: Checkpoint) -> str:
    """The note of a checkpoint with the signatures of the log and of its witnesses."""
    lines = checkpoint.cosignatures.order_by("pk").values_list("line", flat=True)
    return checkpoint.note + "".join(lines)


def last_published() -> Path:
    """Where the head last signed is kept beside the database: who cuts the database short does not reach it."""
    return Path(settings.HOME) / "journal-checkpoint"


def read_tiles(places: Iterable[Place]) -> dict[Place, bytes]:
    """Stored tiles by level and index; those that are not there are left out. One query."""
    wanted = [value for place in places for value in place]
    if not wanted:
        return {}
    table = StoredTile._meta.db_table
    each = " OR ".join(['level = %s AND "index" = %s'] * (len(wanted) // 2))
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT level, "index", hashes FROM "{table}" WHERE {each}', wanted)  # noqa: S608
        return {(level, index): bytes(hashes) for level, index, hashes in cursor.fetchall()}


def tile(path: str) -> bytes | None:
    """The hashes a path of the published log names (`tile/0/x001/234.p/5`); None when it names none that is there."""
    named = Tile.parse(path)
    if named is None:
        return None
    place = (named.level, named.index)
    hashes = read_tiles([place]).get(place, b"")
    return hashes[: named.width * HASH] if len(hashes) >= named.width * HASH else None


def inclusion_proof(index: int, *, size: int) -> list[bytes]:
    """Proof that entry `index` is in the tree of `size`. Raises IndexError, JournalDamaged."""
    try:
        return TiledTree(size=size, read=read_tiles).inclusion_proof(index)
    except TileMissing as missing:
        raise JournalDamaged(_("Il manque une partie du journal publié : %s.") % missing) from missing


def consistency_proof(old: int, *, size: int) -> list[bytes]:
    """Proof that the tree of `size` only added to that of `old`. Raises IndexError, JournalDamaged."""
    try:
        return TiledTree(size=size, read=read_tiles).consistency_proof(old)
    except TileMissing as missing:
        raise JournalDamaged(_("Il manque une partie du journal publié : %s.") % missing) from missing


def proof_of(entry: Entry) -> dict[str, Any]:
    """What a resident takes away: that this entry is in the journal that was signed, verified by tools/verify_journal.

    Holds the leaf, and what opens its commitments; the agent who acted stays a commitment (their organisation answers
    for them), unless it was the resident or a helper under mandate. Raises UnknownEntry when it is not in the tree yet,
    ErasedPerson, JournalDamaged.
    """
    checkpoint = latest_checkpoint()
    if entry.position is None or checkpoint is None or entry.position >= checkpoint.size:
        raise UnknownEntry(_("Cette consultation n’est pas encore publiée."))
    (row,) = leaves.rows("id = %s", entry.pk.hex)
    key = leaves.journal_key_of(key_of(entry.subject_id)) if entry.subject_id else leaves.own_key()
    if leaves.committed(key, row.id, row.hidden) != row.commitments or not leaves.sealer().intact(row):
        raise JournalDamaged(_("Cette ligne du journal a été modifiée depuis qu’elle fut écrite."))
    shown = {"subject", "object", "mandate"} | ({"actor"} if row.mandate or row.actor == row.subject else set())
    opened = {
        name: {"value": value, "salt": salt.hex()}
        for name, value, salt in zip(leaves.HIDDEN, row.hidden, leaves.salts(key, row.id), strict=True)
        if name in shown
    }
    note = Note.parse(cosigned(checkpoint))
    size = Head.parse(note.text).size
    return {
        "format": PROOF_FORMAT,
        "leaf": leaves.leaf_of(row).decode(),
        "opened": opened,
        "index": entry.position,
        "size": size,
        "path": [b64encode(each).decode() for each in inclusion_proof(entry.position, size=size)],
        "checkpoint": cosigned(checkpoint),
        "key": str(succession().in_charge(size)),
    } | ({"keys": keys} if (keys := published_keys()) else {})


def proof_file(entry: Entry) -> bytes:
    """`proof_of` as the file that is downloaded: JSON, UTF-8."""
    return json.dumps(proof_of(entry), ensure_ascii=False, indent=1).encode()
