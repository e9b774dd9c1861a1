"""Erasure and retention: what can go goes by destroying its key and emptying its row; numbers and dates stay."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from lacydon.kernel.personal import Kept

from ..models import (
    Attachment,
    Bulk,
    Delivery,
    Draft,
    Follower,
    Preferences,
    PushSubscription,
    Report,
    Request,
    RequestKind,
    RequestState,
    Step,
    Telling,
)
from ..queries.personal import kept
from . import files

LIMITATION = timedelta(days=5 * 365 + 2)
"""What may be disputed is proven for five years (code civil, art. 2224)."""
BULKS = timedelta(days=30)
REPORTS = timedelta(days=2 * 365 + 1)
TELLINGS = timedelta(days=30)
"""What was told by SMS or push is on the timeline; that it left is only worth knowing for a while."""


def erase(person: str) -> Iterable[Kept]:
    """In the caller's transaction. Open requests stay until they are answered; the daily purge then empties them."""
    left = list(kept(person))
    rows = Request.objects.filter(person_id=person)
    _empty(rows.filter(state=RequestState.CLOSED))
    drafts = Draft.objects.filter(person_id=person)
    _forget_files(Attachment.objects.filter(draft__in=drafts, request=None))
    drafts.delete()
    Follower.objects.filter(person_id=person).delete()
    PushSubscription.objects.filter(person_id=person).delete()
    Preferences.objects.filter(person_id=person).delete()
    return left


def purge(moment: datetime) -> int:
    """Drafts that expired; requests closed for as long as the rule says, or closed after their maker was erased."""
    drafts = Draft.objects.filter(expires_at__lt=moment)
    _forget_files(Attachment.objects.filter(draft__in=drafts, request=None))
    gone = drafts.delete()[0]
    alone = Attachment.objects.filter(draft=None, request=None, created_at__lt=moment - timedelta(days=1))
    gone += _forget_files(alone)
    gone += Telling.objects.filter(made_at__lt=moment - TELLINGS).delete()[0]
    held = Request.objects.filter(state=RequestState.CLOSED, wrapped__isnull=False)
    old = held.filter(kind=RequestKind.REQUEST, closed_at__lt=moment - LIMITATION)
    gone += _empty(old)
    gone += _empty(held.filter(kind=RequestKind.REPORT, closed_at__lt=moment - REPORTS))
    gone += Bulk.objects.filter(begun_at__lt=moment - BULKS).delete()[0]
    return gone + _empty(held.filter(person__erased_at__isnull=False))


def _empty(rows: "object") -> int:
    """Without their key nothing of them can be read, in the database or in a copy made afterwards."""
    ids = list(rows.values_list("pk", flat=True))  # type: ignore[attr-defined]
    _forget_files(Attachment.objects.filter(request__in=ids))
    Step.objects.filter(request__in=ids).update(sealed=None)
    Preferences.objects.filter(request__in=ids).delete()
    Follower.objects.filter(report__in=ids).delete()
    Delivery.objects.filter(request__in=ids).update(last_error="", receipt={}, told={})
    Report.objects.filter(request__in=ids).update(text="", place_label="", facts=[])
    Request.objects.filter(pk__in=ids).update(wrapped=None, sealed=b"", contact_sealed=None, lon=None, lat=None)
    return len(ids)


def _forget_files(rows: "object") -> int:
    held = list(rows)  # type: ignore[call-overload]
    for each in held:
        files.forget(each)
    return len(held)
