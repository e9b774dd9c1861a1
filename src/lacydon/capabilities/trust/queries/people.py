"""Who somebody is to us: a pseudonym, its identities; the civil identity only through its purpose."""

import json
from typing import Any
from uuid import UUID

from lacydon.kernel import sealing

from ..models import CivilIdentity, Identity, Person
from .keys import unseal_of
from .wall import in_house


def subject_hash(*, issuer: str, subject: str) -> str:
    """What is kept of a subject: keyed with the pepper of this territory, so that two territories cannot be joined."""
    return sealing.keyed_hash(f"{issuer}\x00{subject}", purpose="identity-subject")


def person(id: UUID | str) -> Person | None:
    """A person that was not erased."""
    return Person.objects.filter(pk=id, erased_at=None).first()


@in_house
def person_of_identity(*, issuer: str, subject: str) -> Person | None:
    """The person this identity opens, if any."""
    key = subject_hash(issuer=issuer, subject=subject)
    found = Identity.objects.select_related("person").filter(issuer=issuer, subject_hash=key).first()
    return found.person if found else None


def identities(of: UUID | str) -> list[Identity]:
    """The ways in of a person, first linked first."""
    return list(Identity.objects.filter(person_id=of).order_by("linked_at", "pk"))


def civil_identity_place(*, person: UUID | str, purpose: str) -> str:
    return f"trust_civilidentity:{person}/{purpose}:sealed"


def civil_identity(person: UUID | str, *, purpose: str) -> dict[str, Any] | None:
    """The claims kept for this purpose. Whoever calls this records the access in the journal."""
    row = CivilIdentity.objects.filter(person_id=person, purpose=purpose).first()
    if row is None:
        return None
    opened = unseal_of(person, row.sealed, place=civil_identity_place(person=person, purpose=purpose))
    found: dict[str, Any] = json.loads(opened)
    return found
