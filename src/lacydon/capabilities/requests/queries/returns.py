"""How another system, or a town hall without an account, answers about one delivery: by secrets that nobody keeps.

Each is derived from the delivery's id under the ring's pepper (kernel.sealing), for its own purpose: one never opens
what another does, and nothing of them lies in the database.
"""

import hmac
import re
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from lacydon.kernel import sealing

from ..models import Delivery
from ..ports import Return

MACHINE: Final = "delivery-callback"
PEOPLE: Final = "delivery-page"
MAIL: Final = "delivery-mail"
FILE: Final = "delivery-file"
MAILBOX: Final = re.compile(r"([0-9a-f]{32})([0-9a-f]{16})")


def secret(of: UUID | str, *, purpose: str, detail: str = "") -> str:
    """32 hexadecimal signs (128 bits)."""
    return sealing.keyed_hash(f"{of}/{detail}", purpose=purpose)[:32]


def opens(given: str, *, of: UUID | str, purpose: str, detail: str = "") -> bool:
    return hmac.compare_digest(given.encode(), secret(of, purpose=purpose, detail=detail).encode())


def ways_back(delivery: Delivery) -> Return:
    """Where the other side may answer; what the platform cannot receive is empty."""
    return Return(
        address=address("delivery-callback", id=delivery.pk),
        token=secret(delivery.pk, purpose=MACHINE),
        page=address("delivery-answer", id=delivery.pk, token=secret(delivery.pk, purpose=PEOPLE)),
        mail=mailbox(delivery.pk),
    )


def file_address(delivery: Delivery, *, attachment: UUID) -> str:
    """Where the other side fetches a file of this delivery."""
    token = secret(delivery.pk, purpose=FILE, detail=str(attachment))
    return address("delivery-file", id=delivery.pk, attachment=attachment, token=token)


def address(name: str, **parts: object) -> str:
    """A page of ours as others see it; empty while the platform has no public address."""
    if not settings.PUBLIC_URL:
        return ""
    with translation.override("fr"):
        return f"{settings.PUBLIC_URL}{reverse(name, kwargs=parts)}"


def mailbox(id: UUID) -> str:
    """The secret address of a delivery, within the mailbox that is read; empty when none is."""
    local, _at, domain = settings.MAIL_REPLIES.partition("@")
    if not domain:
        return ""
    return f"{local}+{id.hex}{secret(id, purpose=MAIL)[:16]}@{domain}"


def delivery_of_mailbox(given: str) -> UUID | None:
    """The delivery whose secret address this is; None for any other."""
    local, _at, domain = settings.MAIL_REPLIES.lower().partition("@")
    name, _at, where = given.strip().lower().rpartition("@")
    prefix, _plus, rest = name.partition("+")
    found = MAILBOX.fullmatch(rest)
    if not domain or where != domain or prefix != local or found is None:
        return None
    id = UUID(found.group(1))
    return id if hmac.compare_digest(found.group(2), secret(id, purpose=MAIL)[:16]) else None
