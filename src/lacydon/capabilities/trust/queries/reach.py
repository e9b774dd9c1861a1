"""Who is behind an address that was proven to be theirs; found by a keyed hash, without storing the address."""

from uuid import UUID

from lacydon.kernel import sealing
from lacydon.kernel.errors import BadInput

from ..models import ContactKind, ContactPoint, LocalAccount
from .accounts import email_hash
from .contacts import cleaned


def contact_kind(address: str) -> str:
    """An e-mail address has an @, a telephone number does not."""
    return ContactKind.EMAIL if "@" in address else ContactKind.PHONE


def address_hash(address: str) -> str:
    """What `ContactPoint.address_hash` holds. Raises BadInput."""
    kind = contact_kind(address)
    tidy = cleaned(kind, address)
    return email_hash(tidy) if kind == ContactKind.EMAIL else sealing.keyed_hash(tidy, purpose="phone")


def owner_of(address: str) -> UUID | None:
    """The one person who proved that this address is theirs; None when nobody did, or when several share it."""
    try:
        sought = address_hash(address)
    except BadInput:
        return None
    proven = ContactPoint.objects.filter(
        address_hash=sought, verified_at__isnull=False, person__erased_at=None
    ).values_list("person_id", flat=True)
    accounts = LocalAccount.objects.filter(email_hash=sought, person__erased_at=None)
    found = {*proven[:2], *accounts.values_list("person_id", flat=True)}
    return found.pop() if len(found) == 1 else None
