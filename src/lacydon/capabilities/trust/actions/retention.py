"""Retention (GDPR art. 5.1.e): each kind of record has a rule, applied every day."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from lacydon.kernel import plugs
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now

from ..models import (
    CivilIdentity,
    Consent,
    ConsentRequest,
    Contest,
    DataExport,
    Entry,
    Mandate,
    MandateHelper,
    Membership,
    OneTimeLink,
    Person,
    Proof,
    RoleGrant,
    Session,
)  # fmt: skip
from .erasure import erase_now, note_erasures, reapply_erasures
from .journal import record

LIMITATION = timedelta(days=5 * 365 + 2)
"""What may be disputed is proven for five years (code civil, art. 2224)."""
INACTIVE = timedelta(days=3 * 365 + 1)
"""An account nobody used for three years is erased."""

log = structlog.get_logger("lacydon.retention")


def purge_all(*, dry_run: bool = False) -> dict[str, int]:
    """Apply every rule of every capability; how many records went, by capability. `dry_run`: undone at once."""
    moment, counted = now(), {}
    for name, offer in plugs.personal_data.items():
        with transaction.atomic():
            counted[name] = offer().purge(moment)
            if dry_run:
                transaction.set_rollback(True)
    if not dry_run:
        reapply_erasures()
        note_erasures()
        _sweep()
        log.info("purged", **counted)
    return counted


def purge(moment: datetime) -> int:
    """Trust's own rules."""
    return sum(count for count in _rules(moment).values())


def _rules(moment: datetime) -> Mapping[str, int]:
    return {name: rule(moment) for name, rule in RULES.items()}


def _deleted(rows: object) -> int:
    return int(rows.delete()[0])  # type: ignore[attr-defined]


def _inactive(moment: datetime) -> int:
    """Residents without any act, nor sign-in, for three years, and no mandate that holds."""
    limit = moment - INACTIVE
    acted = Entry.objects.filter(actor=OuterRef("pk"), at__gte=limit)
    helped = Mandate.objects.filter(principal=OuterRef("pk"), revoked_at=None, ends_at__gt=limit)
    rows = Person.objects.filter(kind="resident", erased_at=None, created_at__lt=limit)
    # An identity is seen at each sign-in, which the journal holds too; either is enough to be there.
    rows = rows.exclude(identities__last_seen_at__gte=limit).exclude(Exists(acted)).exclude(Exists(helped))
    people = list(rows.values_list("pk", flat=True)[:1000])
    for person in people:
        record(actor=MACHINE, subject=str(person), action="rights.expire", purpose="retention", object="account")
        erase_now(person)
    return len(people)


def _consents(moment: datetime) -> int:
    limit = moment - LIMITATION
    over = Consent.objects.filter(Q(withdrawn_at__lt=limit) | Q(until__lt=limit))
    ConsentRequest.objects.filter(consent__in=over).delete()
    return _deleted(over)


def _mandates(moment: datetime) -> int:
    limit = moment - LIMITATION
    over = Mandate.objects.filter(Q(ends_at__lt=limit) | Q(revoked_at__lt=limit))
    over = over.exclude(Exists(Consent.objects.filter(mandate=OuterRef("pk"))))
    over = over.exclude(Exists(Proof.objects.filter(mandate=OuterRef("pk"))))
    ids = list(over.values_list("pk", flat=True))
    MandateHelper.objects.filter(mandate_id__in=ids).delete()
    return _deleted(Mandate.objects.filter(pk__in=ids))


def _memberships(moment: datetime) -> int:
    over = Membership.objects.filter(until__lt=moment - LIMITATION)
    RoleGrant.objects.filter(membership__in=over).delete()
    return _deleted(over)


RULES: Mapping[str, Callable[[datetime], int]] = {
    "sessions": lambda moment: _deleted(Session.objects.filter(expire_date__lt=moment)),
    "links": lambda moment: _deleted(OneTimeLink.objects.filter(expires_at__lt=moment - timedelta(days=1))),
    "civil-identities": lambda moment: _deleted(CivilIdentity.objects.filter(kept_until__lte=moment)),
    "proofs": lambda moment: _deleted(Proof.objects.filter(kept_until__lte=moment)),
    "exports": lambda moment: _deleted(DataExport.objects.filter(kept_until__lte=moment)),
    "requests": lambda moment: _deleted(ConsentRequest.objects.filter(answered_at=None, expires_at__lte=moment)),
    "inactive": _inactive,
    "consents": _consents,
    "mandates": _mandates,
    "contests": lambda moment: _deleted(Contest.objects.filter(answered_at__lt=moment - LIMITATION)),
    "memberships": _memberships,
}
"""The name of each rule is the `rule` of an activity in queries/activities.py."""


def _sweep() -> None:
    """On PostgreSQL, the old versions of rows (a wrapped key among them) leave the disk now, not when it likes."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM trust_personkey")
