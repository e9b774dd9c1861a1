"""Messages between machines that carry their own proof: Standard Webhooks (https://www.standardwebhooks.com/).

HMAC-SHA256 over `id.timestamp.body`, in the header `webhook-signature` as `v1,<base64>`; several may be given,
separated by spaces, while a secret is being changed. A message is too old after five minutes, so that an old one cannot
be replayed for ever; within them, whoever receives it knows it again by its id.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

from django.utils.translation import gettext as _

from .clock import now
from .errors import Forbidden, Unavailable

TOLERANCE = 300
"""Seconds between the two clocks, either way."""
LONGEST_ID = 200


class WrongSignature(Forbidden):
    """Nobody who has the secret wrote this message, or not lately."""

    code = "wrong-signature"


class NoSecret(Unavailable):
    """The secret is missing or not of the agreed form: what waits leaves once it is mended."""

    code = "no-secret"


def signed_headers(body: bytes, *, id: str, secret: str) -> dict[str, str]:
    """The three headers of a message. Raises NoSecret."""
    timestamp = str(int(now().timestamp()))
    return {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(body, id=id, timestamp=timestamp, secret=secret),
    }


def signature(body: bytes, *, id: str, timestamp: str, secret: str) -> str:
    """As the header writes it. Raises NoSecret."""
    signed = hmac.new(key_of(secret), f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def proven_id(body: bytes, *, headers: Mapping[str, str], secret: str) -> str:
    """The id of a message that whoever has the secret wrote within the last minutes. Raises WrongSignature,
    NoSecret."""
    id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not id or len(id) > LONGEST_ID or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 15):
        raise WrongSignature(_("Il faut les en-têtes webhook-id, webhook-timestamp et webhook-signature."))
    if abs(now().timestamp() - int(timestamp)) > TOLERANCE:
        raise WrongSignature(_("Ce message est trop ancien, ou une des deux horloges est fausse."))
    expected = signature(body, id=id, timestamp=timestamp, secret=secret)
    given = headers.get("webhook-signature", "").split(" ")[:10]
    if not any(hmac.compare_digest(each.encode(), expected.encode()) for each in given):
        raise WrongSignature(_("La signature de ce message n’est pas la bonne."))
    return id


def key_of(secret: str) -> bytes:
    """The key in `whsec_…`: 24 to 64 bytes in base64. Raises NoSecret."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not 24 <= len(key) <= 64:
        raise NoSecret(_("Le secret manque, ou n’est pas whsec_ suivi de 24 à 64 octets en base64."))
    return key
