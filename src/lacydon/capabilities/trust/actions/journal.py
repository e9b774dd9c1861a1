"""Recording in the journal: the one way for a capability to note an access or an act, in the act's transaction."""

import os
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from operator import gt
from uuid import UUID

from django.db import connection, transaction

from lacydon.kernel import sealing
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.events import publish
from lacydon.kernel.merkle.tree import leaf_hash

from ..events import EntriesRecorded
from ..models import Entry, PersonKey
from ..queries import leaves
from ..queries.keys import place_of_key
from ..queries.wall import seeing

ASKED = 10_000
"""Keys asked for in one statement, at most."""
_TEXTS = ("action", "purpose", "basis", "organisation", "role", "actor_kind", "mandate", "object")
_LIMITS = tuple(getattr(Entry._meta.get_field(name), "max_length", 0) for name in _TEXTS)
_COLUMNS = ", ".join(f'"{name}"' for name in leaves.COLUMNS)
_INSERT = f'INSERT INTO "{leaves.TABLE}" ({_COLUMNS}) VALUES ({", ".join(["%s"] * len(leaves.COLUMNS))})'  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be recorded: see `record`."""

    actor: Actor
    action: str
    purpose: str
    object: str = ""
    subject: str | UUID | None = None
    basis: str = ""
    organisation: str = ""


def record(
    *,
    actor: Actor,
    action: str,
    purpose: str,
    object: str = "",
    subject: str | UUID | None = None,
    basis: str = "",
    organisation: str = "",
) -> Entry:
    """Note who did what, for whom, why. RuntimeError outside of a transaction: the act and its entry stand together.

    `subject`: the person whose data it was (the actor's principal when absent). `object`: what it was done to, as a
    reference ("request:R-2026-1"), never as personal data. A machine acts for `organisation`. ValueError when a text
    is longer than its column, or holds a sign that cannot be kept.
    """
    draft = Draft(
        actor=actor,
        action=action,
        purpose=purpose,
        object=object,
        subject=subject,
        basis=basis,
        organisation=organisation,
    )
    ((made, at),) = _recorded([draft])
    acting, concerned = (UUID(each) if each else None for each in (made.actor, made.subject))
    values = (UUID(made.id), None, at, *made[3:9], acting, concerned, *made[11:])
    return Entry.from_db(connection.alias, leaves.COLUMNS, values)


def record_all(drafts: Iterable[Draft]) -> list[UUID]:
    """Note many acts at once, in one statement, as `record`; the ids of their entries, in the same order."""
    return [UUID(made.id) for made, _at in _recorded(list(drafts))]


def record_alone(draft: Draft) -> UUID:
    """Note an access that stands alone, with no other write; durable when this returns.

    Callers of several threads who come while another is writing are joined in one transaction: on SQLite, where each
    commit waits for the disk and only one writes at a time, sixteen then wait together instead of in line. PostgreSQL
    joins commits by itself. RuntimeError inside a transaction, which would not be over when this returns.
    """
    if connection.in_atomic_block:
        raise RuntimeError("record_alone() makes a transaction of its own: inside one, record()")
    if connection.vendor != "sqlite":
        with transaction.atomic():
            return record_all([draft])[0]
    return _group.record(draft)


class _Group:
    """Whoever gets to write takes with it all who came meanwhile."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Draft, Future[UUID]]] = []
        self._coming, self._writing = threading.Lock(), threading.Lock()

    def record(self, draft: Draft) -> UUID:
        mine: Future[UUID] = Future()
        with self._coming:
            self._waiting.append((draft, mine))
        with self._writing:
            if not mine.done():
                with self._coming:
                    batch, self._waiting = self._waiting, []
                self._write(batch)
        return mine.result()

    def _write(self, batch: list[tuple[Draft, "Future[UUID]"]]) -> None:
        """Each is told after the commit. When it fails, each is tried apart: nobody fails for another."""
        try:
            with transaction.atomic():
                ids = record_all([draft for draft, _told in batch])
        except Exception as failure:
            if len(batch) == 1:
                batch[0][1].set_exception(failure)
                return
            for each in batch:
                self._write([each])
            return
        for (_draft, told), id in zip(batch, ids, strict=True):
            told.set_result(id)


_group = _Group()


def _recorded(drafts: Sequence[Draft]) -> list[tuple[leaves.Row, datetime]]:
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs in the transaction of the act it tells")
    if not drafts:
        return []
    moment = now()
    at = moment.replace(tzinfo=None).isoformat(timespec="microseconds")
    subjects = [_subject(draft) for draft in drafts]
    with seeing(*map(_dashed, filter(None, subjects)), keys=True):  # one that is not seen would be taken for gone
        keys, own, sealer = _keys(subjects), leaves.own_key(), leaves.sealer()
    rows = []
    for draft, subject, id in zip(drafts, subjects, _ids.take(len(drafts), moment), strict=True):
        actor = draft.actor
        person, mandate, object = actor.person.replace("-", ""), actor.mandate, draft.object
        words = (
            draft.action,
            draft.purpose,
            draft.basis,
            draft.organisation or actor.organisation,
            ",".join(sorted(actor.roles)),
            actor.kind,
        )
        _check((*words, mandate, object))
        commitments = leaves.committed(keys.get(subject, own), id, (subject, person, object, mandate))
        made = leaves.Row(id, None, at, *words, person, subject, mandate, object, commitments, b"", b"")
        leaf = leaf_hash(leaves.leaf_of(made))
        rows.append(leaves.Row(*made[:14], leaf, sealer.seal(made, position=None, leaf=leaf)))
    with connection.cursor() as cursor:
        if len(rows) == 1:  # a pipeline for one line would cost more than the line
            cursor.execute(_INSERT, *leaves.stored(rows))
        else:
            cursor.executemany(_INSERT, leaves.stored(rows))
    publish(EntriesRecorded(count=len(rows)))
    return [(made, moment) for made in rows]


def _subject(draft: Draft) -> str:
    subject = draft.actor.principal if draft.subject is None else draft.subject
    return str(subject).replace("-", "")


def _keys(subjects: Sequence[str]) -> dict[str, bytes]:
    """The journal key of each person whose own key is still there. Not through the ORM: every entry pays for this."""
    wanted = sorted({subject for subject in subjects if subject})
    found: dict[str, bytes] = {}
    with connection.cursor() as cursor:
        for some in (wanted[at : at + ASKED] for at in range(0, len(wanted), ASKED)):
            asked = ", ".join(["%s"] * len(some))
            cursor.execute(
                f'SELECT person_id, wrapped FROM "{PersonKey._meta.db_table}" '  # noqa: S608
                f"WHERE wrapped IS NOT NULL AND person_id IN ({asked})",
                some,
            )
            held = [(_dashed(id) if isinstance(id, str) else str(id), wrapped) for id, wrapped in cursor.fetchall()]
            keys = sealing.unwrap_all((bytes(wrapped), place_of_key(person)) for person, wrapped in held)
            for (person, _wrapped), key in zip(held, keys, strict=True):
                found[person.replace("-", "")] = leaves.journal_key_of(key)
    return found


def _dashed(id: str) -> str:
    return f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}"


def _check(texts: tuple[str, ...]) -> None:
    if any(map(gt, map(len, texts), _LIMITS)) or "\0" in "".join(texts):
        raise ValueError(f"texts of a journal entry are at most {_LIMITS} signs long ({_TEXTS}), none of them NUL")


class _Ids:
    """UUIDs version 7 (RFC 9562, 5.7): they grow, within this process, even when the clock goes back."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def take(self, count: int, moment: datetime) -> list[str]:
        """As many, in order. 48 bits of milliseconds, then 12 that count within one, then 62 random ones."""
        with self._lock:
            first = max(int(moment.timestamp() * 1000) << 12, self._last + 1)
            self._last = first + count - 1
        made = []
        chance = os.urandom(8 * count)
        for at, number in enumerate(range(first, first + count)):
            random = int.from_bytes(chance[8 * at : 8 * at + 8], "big") >> 2
            bits = (number >> 12) << 80 | 7 << 76 | (number & 0xFFF) << 64 | 2 << 62 | random
            made.append(f"{bits:032x}")
        return made


_ids = _Ids()
