"""Where a person can be written to, and who is behind an address that was proven to be theirs."""

from uuid import UUID

from lacydon.kernel import sealing

from ..models import ContactKind, ContactPoint
from .keys import unseal_of


def contact_place(*, person: UUID | str, kind: str) -> str:
    """Where the sealed address of a person belongs."""
    return f"trust_contactpoint:{person}/{kind}:sealed"


def contact_kind(address: str) -> str:
    """An e-mail address has an @, a telephone number does not."""
    return ContactKind.EMAIL if "@" in address else ContactKind.PHONE


def tidy(address: str) -> str:
    """The one way to write an address: lower case, or digits with the country (+33 6… and 06… are one number)."""
    if "@" in address:
        return address.strip().lower()
    digits = "".join(sign for sign in address if sign.isdigit())
    if address.strip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+33{digits[1:]}" if len(digits) == 10 and digits.startswith("0") else digits


def address_hash(address: str) -> str:
    """What `ContactPoint.address_hash` holds: finds an address again without storing it."""
    return sealing.keyed_hash(f"{contact_kind(address)}\0{tidy(address)}", purpose="contact-point")


def owner_of(address: str) -> UUID | None:
    """The one person who proved that this address is theirs; None when nobody did, or when several share it."""
    found = ContactPoint.objects.filter(
        address_hash=address_hash(address), verified_at__isnull=False, person__erased_at=None
    ).values_list("person_id", flat=True)[:2]
    return found[0] if len(found) == 1 else None


def reachable_at(person: UUID | str) -> list[tuple[str, str]]:
    """(kind, address) of the verified addresses of a person; empty when their key is gone."""
    rows = ContactPoint.objects.filter(
        person_id=person, verified_at__isnull=False, person__key__shredded_at=None, person__erased_at=None
    ).order_by("kind")
    return [
        (row.kind, unseal_of(person, row.sealed, place=contact_place(person=person, kind=row.kind)).decode())
        for row in rows
    ]
