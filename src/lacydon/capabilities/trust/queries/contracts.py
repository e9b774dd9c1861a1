"""Sharing contracts: which hold, and those of an organisation."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lacydon.kernel.clock import now
from lacydon.kernel.errors import NotFound

from ..models import SharingContract


def holding(at: datetime | None = None) -> QuerySet[SharingContract]:
    moment = at or now()
    return SharingContract.objects.filter(
        accepted_at__isnull=False, since__lte=moment, until__gt=moment, ended_at=None, provider__active=True
    )


def contract_for(*, recipient: str, purpose: str, category: str) -> SharingContract | None:
    """The contract under which `recipient` may read this kind of data for this purpose now."""
    rows = holding().filter(recipient_id=recipient, purpose=purpose).order_by("since")
    return next((row for row in rows if category in row.categories), None)


def contracts_of(organisation: str) -> list[SharingContract]:
    """Those it gives or receives under, what waits for it first."""
    rows = SharingContract.objects.filter(Q(provider_id=organisation) | Q(recipient_id=organisation))
    found = list(rows.select_related("provider", "recipient").order_by("-since"))
    return sorted(found, key=lambda row: not (row.accepted_at is None and row.ended_at is None))


def contract_of(organisation: str, id: str) -> SharingContract:
    """Raises NotFound, also for a contract between two others."""
    found = next((row for row in contracts_of(organisation) if str(row.pk) == id), None)
    if found is None:
        raise NotFound(_("Ce contrat n’existe pas pour votre organisme."))
    return found
