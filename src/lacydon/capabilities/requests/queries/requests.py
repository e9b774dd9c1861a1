"""Requests found: by number, by who made them, by secret. Who may see one is asked of the policy, always."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor

from ..errors import UnknownRequest
from ..models import Request
from . import numbers


def unknown() -> UnknownRequest:
    """Said alike of a request that does not exist and of one that is not theirs: nobody learns which numbers exist."""
    return UnknownRequest(_("Aucune demande de ce numéro ne vous est ouverte."))


def request_by_number(number: str, *, actor: Actor, action: str = "request.see") -> Request:
    """Raises UnknownRequest when there is none, or none that this actor may see."""
    row = Request.objects.select_related("form", "organisation").filter(number=numbers.tidy_number(number)).first()
    if row is None or not trust.can(actor, None, action, row):
        raise unknown()
    return row


def request_by_secret(number: str, *, secret: str) -> Request:
    """For who has no account. From then on the second wall lets them see it too. Raises UnknownRequest."""
    trust.bring(numbers.hash_of(secret))
    row = Request.objects.select_related("form", "organisation").filter(number=numbers.tidy_number(number)).first()
    if not numbers.opens(secret, kept=row.secret_hash if row else "0" * 64) or row is None:
        raise unknown()
    return row


def requests_of(actor: Actor) -> QuerySet[Request]:
    """Those of whom the actor acts for, the latest first."""
    rows = Request.objects.filter(person_id=actor.principal) if actor.principal else Request.objects.none()
    return rows.select_related("form", "organisation").order_by("-opened_at", "-pk")
