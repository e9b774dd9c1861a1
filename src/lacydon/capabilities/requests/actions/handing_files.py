"""Files that the other side fetches by itself, while the request is with it."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import clock, sealing
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import NotFound

from ..models import Attachment, Delivery, DeliveryState
from ..queries import returns
from ..queries.parcels import name_of
from . import files
from .moving import named

GOOD_FOR = timedelta(days=60)
"""How long after the request was handed over its files can be fetched."""


@dataclass(frozen=True, slots=True)
class Fetched:
    name: str
    media_type: str
    content: bytes = field(repr=False)


@trust.in_house
def file_of_delivery(*, delivery: UUID, attachment: UUID, token: str) -> Fetched:
    """A file, for whoever has its secret address; in the journal before it is given.

    Raises NotFound alike for a wrong address, a request that is no longer theirs, and one whose time is over.
    """
    gone = NotFound(_("Ce document n’est pas, ou n’est plus, à cette adresse."))
    row = Delivery.objects.select_related("request").filter(pk=delivery).first()
    if not returns.opens(token, of=delivery, purpose=returns.FILE, detail=str(attachment)) or row is None:
        raise gone
    moved = row.request.organisation_id != row.authority or row.state == DeliveryState.KEPT
    if moved or clock.now() > (row.handed_at or row.queued_at) + GOOD_FOR:
        raise gone
    held = Attachment.objects.filter(pk=attachment, request=row.request_id, checked_at__isnull=False).first()
    if held is None:
        raise gone
    try:
        content = files.content_of(held)
    except (OSError, NotFound, sealing.Unsealable):
        raise gone from None
    with transaction.atomic():
        trust.record(
            actor=MACHINE, subject=row.request.person_id or "", action="request.deliver", purpose="delivery",
            object=named(row.request), organisation=row.authority,
        )  # fmt: skip
    return Fetched(name=name_of(held), media_type=held.media_type, content=content)
