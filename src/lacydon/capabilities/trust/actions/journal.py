"""Recording in the journal: the one way for a capability to note an access or an act, in the act's transaction."""

import secrets
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from lacydon.kernel import sealing
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.events import publish
from lacydon.kernel.merkle.tree import leaf_hash

from ..events import EntriesRecorded
from ..models import Entry, PersonKey
from ..queries import leaves
from ..queries.keys import place_of_key

_LIMITS = {field.attname: field.max_length for field in Entry._meta.concrete_fields if field.max_length}
_COLUMNS = ", ".join(f'"{name}"' for name in leaves.COLUMNS)
_INSERT = f'INSERT INTO "{Entry._meta.db_table}" ({_COLUMNS}) VALUES ({", ".join(["%s"] * len(leaves.COLUMNS))})'  # noqa: S608


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
    return record_all([draft])[0]


def record_all(drafts: Iterable[Draft]) -> list[Entry]:
    """Note many acts at once, in one statement; as `record`."""
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs in the transaction of the act it tells")
    drafts = list(drafts)
    if not drafts:
        return []
    moment = now()
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    subjects = [_subject(draft) for draft in drafts]
    keys, own, seal_key = _keys(subjects), leaves.own_key(), leaves.seal_key()
    rows = []
    for draft, subject, id in zip(drafts, subjects, _ids.take(len(drafts), moment), strict=True):
        actor = draft.actor
        hidden = (subject, actor.person, draft.object, actor.mandate)
        made = leaves.Row(
            id=id,
            position=None,
            at=moment,
            action=draft.action,
            purpose=draft.purpose,
            basis=draft.basis,
            organisation=draft.organisation or actor.organisation,
            role=",".join(sorted(actor.roles)),
            actor_kind=actor.kind,
            actor=actor.person,
            subject=subject,
            mandate=actor.mandate,
            object=draft.object,
            commitments=leaves.committed(keys.get(subject, own), id, hidden),
            leaf_hash=b"",
            seal=b"",
        )
        _check(made)
        leaf = leaf_hash(leaves.leaf_of(made))
        rows.append(made._replace(leaf_hash=leaf, seal=leaves.sealed(seal_key, made, position=None, leaf=leaf)))
    _insert(rows)
    publish(EntriesRecorded(count=len(rows)))
    return [_entry(made) for made in rows]


def _subject(draft: Draft) -> str:
    return str(draft.actor.principal if draft.subject is None else draft.subject)


def _keys(subjects: Sequence[str]) -> dict[str, bytes]:
    """The journal key of each person whose own key is still there."""
    wanted = {subject for subject in subjects if subject}
    found = PersonKey.objects.filter(person_id__in=wanted, wrapped__isnull=False) if wanted else ()
    return {
        str(each.person_id): leaves.journal_key_of(
            sealing.unwrap(bytes(each.wrapped or b""), place=place_of_key(each.person_id))
        )
        for each in found
    }


def _check(made: leaves.Row) -> None:
    for name in ("action", "purpose", "basis", "organisation", "role", "actor_kind", "mandate", "object"):
        value = getattr(made, name)
        if len(value) > _LIMITS[name] or "\0" in value:
            raise ValueError(f"{name} of a journal entry: at most {_LIMITS[name]} signs, none of them NUL")


def _insert(rows: Sequence[leaves.Row]) -> None:
    """The values as the driver of either database takes them; Django's own way costs as much again."""
    if connection.vendor == "sqlite":
        values = [
            (
                made.id.replace("-", ""),
                *(None, made.at.replace(tzinfo=None).isoformat(" ")),
                *made[3:9],
                made.actor.replace("-", "") or None,
                made.subject.replace("-", "") or None,
                *made[11:],
            )
            for made in rows
        ]
    else:
        values = [(*made[:9], made.actor or None, made.subject or None, *made[11:]) for made in rows]
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, values)


def _entry(made: leaves.Row) -> Entry:
    """The row as a model, in the order of its columns."""
    known = dict(zip(leaves.COLUMNS, made, strict=True))
    known |= {"id": UUID(made.id), "actor_id": UUID(made.actor) if made.actor else None}
    known |= {"subject_id": UUID(made.subject) if made.subject else None}
    return Entry.from_db(connection.alias, list(known), list(known.values()))


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
        for number in range(first, first + count):
            bits = (number >> 12) << 80 | 7 << 76 | (number & 0xFFF) << 64 | 2 << 62 | secrets.randbits(62)
            text = f"{bits:032x}"
            made.append(f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}")
        return made


_ids = _Ids()
