"""What a person agreed to: whether it holds now, asked anew at each read."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import NotFound
from lacydon.kernel.french import plain
from lacydon.kernel.personal import CONSENT, Purpose
from lacydon.kernel.texts import said

from ..models import Consent, ConsentRequest, Organisation
from .words import purposes


def holding(at: datetime | None = None) -> QuerySet[Consent]:
    """Consents that hold at a moment: given, not withdrawn, not over; of somebody who is still there."""
    moment = at or now()
    live = Consent.objects.filter(withdrawn_at=None, given_at__lte=moment, until__gt=moment)
    return live.filter(person__erased_at=None, recipient__active=True)


def consent_for(
    *, person: UUID | str, recipient: str, purpose: str, category: str, lock: bool = False
) -> Consent | None:
    """The consent that lets `recipient` use this kind of data for this purpose now; None when there is none.

    `lock` (inside a transaction): a withdrawal waits until the read is done, or the read sees it.
    """
    rows = holding().filter(person_id=person, recipient_id=recipient, purpose=purpose).order_by("-given_at")
    if lock:
        rows = rows.select_for_update(of=("self",))
    return next((row for row in rows if category in row.categories), None)


def consents_of(actor: Actor) -> tuple[list[Consent], list[Consent]]:
    """Those that hold and those that are over, newest first, of the person the actor acts for."""
    known = purposes()
    rows = Consent.objects.filter(person_id=actor.principal).select_related("recipient", "mandate__organisation")
    mine = [row for row in rows.order_by("-given_at") if _seen(actor, row.purpose, known)]
    moment = now()
    live = [row for row in mine if row.withdrawn_at is None and row.until > moment]
    return live, [row for row in mine if row not in live]


def requests_of(actor: Actor) -> list[ConsentRequest]:
    """What the person is asked and has not answered."""
    known = purposes()
    rows = ConsentRequest.objects.filter(person_id=actor.principal, answered_at=None, expires_at__gt=now())
    return [row for row in rows.select_related("recipient").order_by("asked_at") if _seen(actor, row.purpose, known)]


def request_of(actor: Actor, id: str, *, lock: bool = False) -> ConsentRequest:
    """A question to the person the actor acts for, unanswered. Raises NotFound."""
    rows = ConsentRequest.objects.filter(pk=id, person_id=actor.principal, answered_at=None, expires_at__gt=now())
    if lock:
        rows = rows.select_for_update()
    found = rows.first()
    if found is None:
        raise NotFound(_("Cette demande n’attend plus de réponse."))
    return found


def consent_of(actor: Actor, id: str) -> Consent:
    """A consent of the person the actor acts for. Raises NotFound."""
    rows = Consent.objects.filter(pk=id, person_id=actor.principal)
    found = rows.select_related("recipient", "mandate__organisation").first()
    if found is None or not _seen(actor, found.purpose, purposes()):
        raise NotFound(_("Cet accord n’existe pas."))
    return found


def purposes_of_consent() -> list[Purpose]:
    """The purposes a person may agree to."""
    return [each for each in purposes().values() if each.ground == CONSENT]


def recipients(words: str = "") -> list[Organisation]:
    """The organisations a person may share with, whose name has these words; by name."""
    sought = plain(words).split()
    found = [row for row in Organisation.objects.filter(active=True) if all(w in plain(said(row.name)) for w in sought)]
    return sorted(found, key=lambda row: plain(said(row.name)))


def _seen(actor: Actor, purpose: str, known: dict[str, Purpose]) -> bool:
    """Under a mandate, only what its themes cover."""
    if not actor.mandate:
        return True
    found = known.get(purpose)
    return bool(found and found.themes and not actor.scope.isdisjoint(found.themes))
