"""Where to write to a person. A change of e-mail that has come into effect counts, even before its row is settled."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput

from ..models import ContactKind, ContactPoint, EmailChange
from .accounts import email_address
from .keys import unseal_of

LONGEST_POSTAL = 400
"""Characters of a postal address: six lines of 38 (NF Z10-011), and some room."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach somebody. `coming`: the address that replaces it at `effective_at`."""

    kind: str
    value: str
    verified: bool
    coming: str = ""
    effective_at: datetime | None = None


def contact_place(*, person: UUID | str, kind: str) -> str:
    return f"trust_contactpoint:{person}/{kind}:sealed"


def change_place(person: UUID | str) -> str:
    return f"trust_emailchange:{person}:sealed"


def contact(person: UUID | str, *, kind: str) -> Contact:
    """How to reach somebody this way, as it is now; empty when nothing is known."""
    row = ContactPoint.objects.filter(person_id=person, kind=kind).first()
    value, verified = "", False
    if row is not None:
        value = unseal_of(person, row.sealed, place=contact_place(person=person, kind=kind)).decode()
        verified = row.verified_at is not None
    change = EmailChange.objects.filter(person_id=person).first() if kind == ContactKind.EMAIL else None
    if change is None:
        return Contact(kind, value, verified)
    coming = unseal_of(person, change.sealed, place=change_place(person)).decode()
    if change.effective_at <= now():
        return Contact(kind, coming, True)
    return Contact(kind, value, verified, coming, change.effective_at)


def contacts(person: UUID | str) -> list[Contact]:
    """E-mail, phone and postal address of somebody, known or not, in this order."""
    return [contact(person, kind=kind) for kind in ContactKind.values]


def cleaned(kind: str, typed: str) -> str:
    """A phone number or a postal address as it is kept. Raises BadInput."""
    if kind == ContactKind.PHONE:
        return _phone(typed)
    if kind == ContactKind.POSTAL:
        lines = [" ".join(line.split()) for line in typed.splitlines()]
        text = "\n".join(line for line in lines if line)
        if len(text) > LONGEST_POSTAL or any(not (sign.isprintable() or sign == "\n") for sign in text):
            raise BadInput(_("Écrivez l’adresse sur six lignes au plus, comme sur une enveloppe."), field="value")
        return text
    return email_address(typed, field="value")


def _phone(typed: str) -> str:
    """`04.91.00 00 00` → `04 91 00 00 00`; other countries as +… (ITU-T E.164: fifteen digits at most)."""
    bare = re.sub(r"[\s.()/-]+", "", typed)
    if not bare:
        return ""
    french = re.fullmatch(r"(?:\+33|0033)?0?([1-9]\d{8})", bare)
    if french and (bare.startswith(("0", "+33"))):
        digits = f"0{french[1]}"
        return " ".join(digits[at : at + 2] for at in range(0, 10, 2))
    if re.fullmatch(r"(?:\+|00)[1-9]\d{6,14}", bare):
        return re.sub(r"^00", "+", bare)
    raise BadInput(_("Écrivez un numéro comme 04 91 00 00 00, ou +41 22 000 00 00."), field="value")
