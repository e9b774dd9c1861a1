"""The form of a journal entry: its leaf in the tree, the commitments to what is personal, the seal of its row.

The leaf is canonical JSON (RFC 8785: sorted keys, no spaces, UTF-8). Subject, actor, object and mandate stand in it as
`sha256(salt, value)`, so that the published tree tells nothing of them. The four salts are the quarters of
HMAC-SHA-512(journal key of the subject, entry id): that key is derived from the person's own, so that destroying the
person's key leaves commitments that nobody can open any more. Entries about nobody use a key of the journal.

The seal is HMAC-SHA-256 under a key that is not in the database, over the position, the leaf hash and the four values:
it holds the row to its place, so that a change is found at its very position even when all hashes were made again.
"""

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple
from uuid import UUID

from lacydon.kernel import sealing
from lacydon.kernel.merkle.tree import leaf_hash

HIDDEN = ("subject", "actor", "object", "mandate")
"""In this order in `commitments`."""
SALT, COMMITMENT = 16, 32
COLUMNS = (
    "id", "position", "at", "action", "purpose", "basis", "organisation", "role", "actor_kind", "actor_id",
    "subject_id", "mandate", "object", "commitments", "leaf_hash", "seal",
)  # fmt: skip
_LEAF = (
    '{{"action":{},"actor":"{}","actor_kind":{},"at":"{}","basis":{},"id":"{}","mandate":"{}","object":"{}",'
    '"organisation":{},"purpose":{},"role":{},"subject":"{}","v":1}}'
)


class Row(NamedTuple):
    """An entry as it stands in its table; people are lower-case UUIDs with dashes, or empty."""

    id: str
    position: int | None
    at: datetime
    action: str
    purpose: str
    basis: str
    organisation: str
    role: str
    actor_kind: str
    actor: str
    subject: str
    mandate: str
    object: str
    commitments: bytes
    leaf_hash: bytes
    seal: bytes

    @property
    def hidden(self) -> tuple[str, str, str, str]:
        return self.subject, self.actor, self.object, self.mandate


def row(values: Sequence[Any]) -> Row:
    """From the values of COLUMNS as either database gives them (SQLite: text for UUIDs, times without a zone)."""
    id, position, at, *words, actor, subject, mandate, object, commitments, leaf, seal = values
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return Row(
        _dashed(id), position, at, *words, _dashed(actor), _dashed(subject), mandate, object,
        bytes(commitments), bytes(leaf), bytes(seal),
    )  # fmt: skip


def _dashed(id: UUID | str | None) -> str:
    if isinstance(id, str) and len(id) == 32:
        return f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}"
    return str(id) if id is not None else ""


def leaf_of(entry: Row) -> bytes:
    """The leaf, from the columns of the row."""
    commitments = entry.commitments.hex()
    return _LEAF.format(
        quoted(entry.action),
        commitments[64:128],
        quoted(entry.actor_kind),
        stamp(entry.at),
        quoted(entry.basis),
        entry.id,
        commitments[192:],
        commitments[128:192],
        quoted(entry.organisation),
        quoted(entry.purpose),
        quoted(entry.role),
        commitments[:64],
    ).encode()


def stamp(at: datetime) -> str:
    """A moment in UTC, to the millisecond: `2026-11-25T19:40:00.123Z` (more only where a row was changed)."""
    finer = at.microsecond % 1000
    return at.isoformat(timespec="microseconds" if finer else "milliseconds")[: 26 if finer else 23] + "Z"


def salts(key: bytes, entry: str) -> tuple[bytes, ...]:
    """The four salts of an entry, in the order of HIDDEN."""
    made = hmac.digest(key, entry.encode(), "sha512")
    return made[:16], made[16:32], made[32:48], made[48:]


def committed(key: bytes, entry: str, values: Sequence[str]) -> bytes:
    """The four commitments, joined."""
    made = hmac.digest(key, entry.encode(), "sha512")
    subject, actor, object, mandate = values
    return (
        sha256(made[:16] + subject.encode()).digest()
        + sha256(made[16:32] + actor.encode()).digest()
        + sha256(made[32:48] + object.encode()).digest()
        + sha256(made[48:] + mandate.encode()).digest()
    )


def sealed(key: bytes, entry: Row, *, position: int | None, leaf: bytes) -> bytes:
    """The seal of a row at a position (None: not in the tree yet), whose leaf hashes to `leaf`."""
    values = "\0".join(entry.hidden)
    return hmac.digest(key, b"%d\0%b%b" % (-1 if position is None else position, leaf, values.encode()), "sha256")


def intact(key: bytes, entry: Row) -> bool:
    """Whether a row is as it was written, at its place."""
    leaf = leaf_hash(leaf_of(entry))
    return leaf == entry.leaf_hash and hmac.compare_digest(
        sealed(key, entry, position=entry.position, leaf=leaf), entry.seal
    )


def journal_key_of(person_key: bytes) -> bytes:
    """What the salts of a person's entries come from."""
    return hmac.digest(person_key, b"lacydon journal salts 1", "sha256")


def own_key() -> bytes:
    """What the salts of entries about nobody come from."""
    return bytes.fromhex(sealing.keyed_hash("salts", purpose="journal"))


def seal_key() -> bytes:
    """What the seals of rows come from."""
    return bytes.fromhex(sealing.keyed_hash("seals", purpose="journal"))
