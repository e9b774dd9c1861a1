"""A file of a request taken out by an agent: the journal keeps it before a byte is given."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.errors import NotFound

from ..models import Attachment
from ..queries.requests import request_by_number
from ..queries.sealed import key_of, unseal
from .files import content_of
from .moving import PURPOSE, named


@dataclass(frozen=True, slots=True)
class TakenOut:
    name: str
    media_type: str
    content: bytes


def take_out(*, actor: Actor, number: str, attachment: UUID) -> TakenOut:
    """A file of a request the actor may see. Raises UnknownRequest, NotFound."""
    with transaction.atomic():
        request = request_by_number(number, actor=actor)
        row = Attachment.objects.filter(pk=attachment, request=request, checked_at__isnull=False).first()
        if row is None:
            raise NotFound(_("Cette pièce n’est pas jointe à la demande."))
        if str(request.person_id) != actor.principal:
            with trust.house():
                trust.record(
                    actor=actor, subject=request.person_id or "", action="request.attachment", purpose=PURPOSE,
                    object=named(request),
                )  # fmt: skip
    try:
        content = content_of(row)
    except FileNotFoundError:
        raise NotFound(_("Cette pièce a été effacée.")) from None
    name = unseal(row.name_sealed, key=key_of(row), holder=row, field="name_sealed")
    return TakenOut(name=str(name or "piece"), media_type=row.media_type, content=content)
