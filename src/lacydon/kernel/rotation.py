"""Keeping the ring: which database hangs on which keys; a new KEK, with all keys wrapped anew; an old one retired.

A capability that keeps wrapped keys leaves them at the extension point `wrapped_keys`:

    @wrapped_keys.plug("trust.people")
    def keys() -> WrappedKeys:
        return WrappedColumn(model=PersonKey, field="wrapped", place=lambda row: f"trust_person_key:{row.pk}:wrapped")

The personal data itself is not touched by a rotation: only the small keys that seal it.
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from . import sealing
from .clock import now
from .errors import Conflict, NotFound, Unavailable
from .models import RingKey
from .plugs import readiness, wrapped_keys

BATCH = 500
"""Keys wrapped anew in one transaction: a fraction of a second, so that nobody waits for it."""
UNREADABLE = "?"
"""Stands for the KEK of what is not a wrapped key."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction of a rotation did; `last`: where the next one begins, None when all was seen."""

    done: int
    damaged: int
    last: Any


class WrappedKeys(Protocol):
    """Keys that a capability keeps wrapped."""

    def counts(self) -> Mapping[str, int]:
        """How many there are under each KEK (by id)."""

    def rewrap(self, *, after: Any, most: int) -> Batch:
        """Wrap anew, in one transaction, at most so many of those that are not under the newest KEK, beyond `after`."""


@dataclass(frozen=True, slots=True)
class WrappedColumn:
    """Wrapped keys in a binary column of a table; empty or NULL where the key was destroyed."""

    model: type[Model]
    field: str
    place: Callable[[Any], str]

    def counts(self) -> Mapping[str, int]:
        rows = self._rows()
        found = {id: rows.filter(self._under(id)).count() for id in sealing.ring().keks}
        found[UNREADABLE] = rows.count() - sum(found.values())
        return {id: count for id, count in found.items() if count}

    def rewrap(self, *, after: Any, most: int) -> Batch:
        """Rows whose key was destroyed or changed meanwhile are left as they are."""
        rows = self._rows().exclude(self._under(sealing.ring().newest.id))
        if after is not None:
            rows = rows.filter(pk__gt=after)
        done = damaged = 0
        last = None
        with transaction.atomic():
            for row in rows.order_by("pk")[:most]:
                last = row.pk
                before = bytes(getattr(row, self.field))
                try:
                    key = sealing.unwrap(before, place=self.place(row))
                except sealing.Unsealable:
                    damaged += 1
                    continue
                anew = sealing.wrap(key, place=self.place(row))
                same = self.model._default_manager.filter(pk=row.pk, **{self.field: before})
                done += same.update(**{self.field: anew})
        return Batch(done=done, damaged=damaged, last=last)

    def _rows(self) -> Any:
        return self.model._default_manager.exclude(Q(**{self.field: b""}) | Q(**{f"{self.field}__isnull": True}))

    def _under(self, id: str) -> Q:
        """Those that begin with the name of this KEK, as a range that an index serves."""
        first = sealing.prefix_of(id)
        beyond = first[:-1] + bytes([first[-1] + 1])
        return Q(**{f"{self.field}__gte": first, f"{self.field}__lt": beyond})


@dataclass(frozen=True, slots=True)
class Rotated:
    """The outcome of a rotation; `damaged`: keys that do not open and were left as they are."""

    kek: sealing.Kek
    resumed: bool
    done: int
    damaged: int


def usage() -> dict[str, int]:
    """How many wrapped keys there are under each KEK, those of the ring (from the oldest) first."""
    total = dict.fromkeys(sorted(sealing.ring().keks), 0)
    for _name, offer in wrapped_keys.items():
        for id, count in offer().counts().items():
            total[id] = total.get(id, 0) + count
    return total


def rotate(*, batch: int = BATCH, progress: Callable[[int], None] = lambda _done: None) -> Rotated:
    """Make a KEK and wrap every key under it; begin again where a rotation was interrupted.

    `progress` is told how many keys are done, after each batch. Raises Unavailable when the ring is another database's.
    """
    enrol()
    unfinished = sealing.ring().folder / "rotation"
    resumed = unfinished.exists() and unfinished.read_text(encoding="ascii") == sealing.ring().newest.id
    kek = sealing.ring().newest if resumed else sealing.add_kek()
    unfinished.write_text(kek.id, encoding="ascii")
    enrol()
    done = damaged = 0
    for _name, offer in wrapped_keys.items():
        after: Any = None
        while True:
            did = offer().rewrap(after=after, most=batch)
            done, damaged, after = done + did.done, damaged + did.damaged, did.last
            if after is None:
                break
            progress(done)
    unfinished.unlink()
    return Rotated(kek=kek, resumed=resumed, done=done, damaged=damaged)


def retire(id: str) -> None:
    """Destroy a KEK under which nothing is wrapped any more. Raises NotFound, Conflict."""
    ring = sealing.ring(afresh=True)
    if id not in ring.keks:
        raise NotFound(_("Le trousseau n’a pas de clé « %s ».") % id[:40])
    if id == ring.newest.id:
        raise Conflict(_("La clé la plus récente ne peut pas être retirée : faites d’abord « lacydon keys rotate »."))
    if (ring.folder / "rotation").exists():
        raise Conflict(_("Une rotation n’est pas finie : relancez « lacydon keys rotate »."))
    used = usage()[id]
    if used:
        raise Conflict(_("%d clés dépendent encore de celle-ci : faites « lacydon keys rotate ».") % used)
    # The mark goes first: interrupted here, the key is merely one more in the ring.
    RingKey.objects.filter(id=id).delete()
    sealing.remove_kek(id)


def enrol() -> None:
    """Note in the database which keys it hangs on. Raises Unavailable when it already hangs on others."""
    with transaction.atomic():
        if wrong := wrong_ring():
            raise Unavailable(wrong)
        marks = [RingKey(id=id, enrolled_at=now()) for id in sealing.ring().names]
        RingKey.objects.bulk_create(marks, ignore_conflicts=True)


@readiness.plug("keys")
def wrong_ring() -> str | None:
    """What is wrong when the ring lacks keys that this database hangs on; else None."""
    enrolled = set(RingKey.objects.values_list("id", flat=True))
    if not enrolled:
        return None
    with contextlib.suppress(sealing.RingDamaged):
        if enrolled <= sealing.ring().names or enrolled <= sealing.ring(afresh=True).names:
            return None
    return _("Le dossier de clés n’est pas celui de cette base : remettez celui de la sauvegarde (LACYDON_KEYS).")
