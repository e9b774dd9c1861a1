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
from functools import lru_cache, partial
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db import connection

from lacydon.kernel import sealing
from lacydon.kernel.merkle.tree import leaf_hash

from ..models import Entry

HIDDEN = ("subject", "actor", "object", "mandate")
"""In this order in `commitments`."""
TABLE = Entry._meta.db_table
COLUMNS: tuple[str, ...] = tuple(str(field.column) for field in Entry._meta.concrete_fields)
_UUIDS = frozenset({"id", "actor_id", "subject_id"})


class Row(NamedTuple):
    """An entry as it stands in its table, in one form on both databases.

    UUIDs are 32 hexadecimal signs, or empty; `at` is UTC to the microsecond: `2026-11-25T19:40:00.123456`.
    """

    id: str
    position: int | None
    at: str
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


_made = partial(tuple.__new__, Row)
"""As Row._make, without a call of Python for each row."""


def rows(condition: str, *parameters: Any) -> list[Row]:
    """The entries of `WHERE …`."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {_selection(connection.vendor)} FROM "{TABLE}" WHERE {condition}', parameters)  # noqa: S608
        return list(map(_made, cursor.fetchall()))


@lru_cache
def _selection(vendor: str) -> str:
    """The columns, each in the form Row wants it."""
    forms = {
        "sqlite": ("COALESCE({}, '')", "replace({}, ' ', 'T')"),
        "postgresql": (
            "COALESCE(replace(CAST({} AS text), '-', ''), '')",
            """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')""",
        ),
    }[vendor]
    made = []
    for name in COLUMNS:
        form = forms[0] if name in _UUIDS else forms[1] if name == "at" else "{}"
        made.append(form.format(f'"{name}"'))
    return ", ".join(made)


def stored(made: Sequence[Row]) -> list[tuple[Any, ...]]:
    """The values of rows as the database at hand takes them."""
    between, zone = (" ", "") if connection.vendor == "sqlite" else ("T", "+00:00")
    return [
        (*row[:2], row.at.replace("T", between) + zone, *row[3:9], row.actor or None, row.subject or None, *row[11:])
        for row in made
    ]


def leaf_of(row: Row) -> bytes:
    """The leaf of an entry: nothing else of the row is needed."""
    id, _position, at, action, purpose, basis, organisation, role, kind, *_rest = row
    commitments = row.commitments.hex()
    return (
        f'{{"action":{quoted(action)},"actor":"{commitments[64:128]}","actor_kind":{quoted(kind)},"at":"{at}Z",'
        f'"basis":{quoted(basis)},"id":"{id}","mandate":"{commitments[192:]}","object":"{commitments[128:192]}",'
        f'"organisation":{quoted(organisation)},"purpose":{quoted(purpose)},"role":{quoted(role)},'
        f'"subject":"{commitments[:64]}","v":1}}'
    ).encode()


def salts(key: bytes, entry: str) -> tuple[bytes, bytes, bytes, bytes]:
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


class Sealer:
    """HMAC-SHA-256 (RFC 2104) under one key, its two pads hashed once: half the time of asking hmac each time."""

    def __init__(self, key: bytes) -> None:
        padded = key.ljust(64, b"\0")
        self._inner = sha256(bytes(each ^ 0x36 for each in padded))
        self._outer = sha256(bytes(each ^ 0x5C for each in padded))

    def seal(self, row: Row, *, position: int | None, leaf: bytes) -> bytes:
        """The seal of a row at a position (None: not in the tree yet), whose leaf hashes to `leaf`."""
        place = -1 if position is None else position
        inner, outer = self._inner.copy(), self._outer.copy()
        actor, subject, mandate, object = row[9:13]  # at once: a name each costs a tenth of the whole
        text = f"{place}\0{subject}\0{actor}\0{object}\0{mandate}"
        inner.update(leaf + text.encode())
        outer.update(inner.digest())
        return outer.digest()

    def intact(self, row: Row) -> bool:
        """Whether a row is as it was written, at its place."""
        leaf = leaf_hash(leaf_of(row))
        return leaf == row.leaf_hash and self.seal(row, position=row.position, leaf=leaf) == row.seal


def journal_key_of(person_key: bytes) -> bytes:
    """What the salts of a person's entries come from."""
    return hmac.digest(person_key, b"lacydon journal salts 1", "sha256")


def own_key() -> bytes:
    """What the salts of entries about nobody come from."""
    return bytes.fromhex(sealing.keyed_hash("salts", purpose="journal"))


def sealer() -> Sealer:
    """What seals rows, under the key of this installation."""
    return _sealer(bytes.fromhex(sealing.keyed_hash("seals", purpose="journal")))


_sealer = lru_cache(maxsize=4)(Sealer)
