"""Mandates: which hold now, for whom, by whom."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from lacydon.kernel.clock import now

from ..models import Mandate


def holding(at: datetime | None = None) -> QuerySet[Mandate]:
    """Mandates that hold at a moment: confirmed, not revoked, begun, not over."""
    moment = at or now()
    return Mandate.objects.filter(
        confirmed_at__isnull=False, revoked_at=None, starts_at__lte=moment, ends_at__gt=moment
    ).exclude(principal__erased_at__isnull=False)


def usable_by(person: UUID | str, *, organisation: str, helper: bool) -> QuerySet[Mandate]:
    """Mandates a person may take in hand now: held in person, or of the organisation in which they help."""
    mine = Q(holder_id=person)
    if helper and organisation:
        mine |= Q(organisation_id=organisation, helpers__agent_id=person, organisation__active=True)
    return holding().filter(mine).distinct()
