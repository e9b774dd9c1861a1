"""Web push: a notification to a browser that asked for it, sealed for that browser alone.

RFC 8030 (the push service), 8291 (the content is encrypted for the browser, aes128gcm of RFC 8188), 8292 (VAPID: who
sends is known by a key, made at the first use in the folder of keys). The push service is chosen by the browser: its
address comes from a visitor, and is asked through kernel.http, which lets nobody lead it inside.
"""

import base64
import binascii
import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import http_ece
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.jwk import ECKey

from .clock import now
from .errors import BadInput, Refused
from .http import HttpClient, OutsideUnavailable, Timeout

FILE: Final = "web-push"
LARGEST: Final = 3_000
"""Bytes of a notification: push services need not take more than 4096 once sealed (RFC 8030, section 7.2)."""
TOKEN_GOOD_FOR: Final = 12 * 3600
"""Seconds; at most 24 hours (RFC 8292, section 2)."""
URGENCIES: Final = ("very-low", "low", "normal", "high")
client = HttpClient(name="web-push", timeout=Timeout(connect=3, read=10, total=20), largest=100_000, retries=0)


class SubscriptionGone(Refused):
    """The browser wants no more: the subscription is to be forgotten (404 or 410)."""

    code = "subscription-gone"


class PushRefused(Refused):
    """The push service will never take this one."""

    code = "push-refused"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A browser's own (Push API, `PushSubscription.toJSON()`): where to send, and the keys to seal with (base64url)."""

    endpoint: str
    p256dh: str
    auth: str


def subscription_of(told: Any) -> Subscription:
    """What a browser sent as JSON, checked. Raises BadInput."""
    try:
        keys = told["keys"]
        found = Subscription(endpoint=str(told["endpoint"]), p256dh=str(keys["p256dh"]), auth=str(keys["auth"]))
        parts = urlsplit(found.endpoint)
        point = _decoded(found.p256dh)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        sound = len(point) == 65 and len(_decoded(found.auth)) == 16 and len(found.endpoint) <= 1_000
    except (KeyError, TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise BadInput(_("Ce navigateur n’a pas donné une adresse de notification valable.")) from error
    if not sound or parts.scheme != "https" or not parts.hostname or parts.username is not None:
        raise BadInput(_("Ce navigateur n’a pas donné une adresse de notification valable."))
    return found


def push(
    subscription: Subscription,
    message: Mapping[str, Any],
    *,
    topic: str,
    good_for: int = 86_400,
    urgency: str = "normal",
) -> None:
    """Hand a notification to the browser's push service.

    `topic` (32 signs of base64url at most): one that was not delivered yet is replaced by the next with the same, so
    that a message sent twice shows once (RFC 8030, section 5.4). `good_for`: seconds. Raises SubscriptionGone,
    PushRefused; OutsideUnavailable and AddressRefused of kernel.http.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", topic) or urgency not in URGENCIES:
        raise ValueError("a topic is 1 to 32 signs of base64url; an urgency one of URGENCIES")
    content = json.dumps(message, ensure_ascii=False).encode()
    if len(content) > LARGEST:
        raise ValueError("a notification is 3000 bytes at most")
    headers = {
        "Authorization": _vapid(subscription.endpoint),
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(good_for),
        "Urgency": urgency,
        "Topic": topic,
    }
    answer = client.request("POST", subscription.endpoint, headers=headers, content=sealed(subscription, content))
    if answer.status in (404, 410):
        raise SubscriptionGone(_("Ce navigateur ne veut plus de notifications."))
    if answer.status in (400, 401, 403, 413):
        raise PushRefused(_("Le service de notification refuse le message (%d).") % answer.status)
    if not 200 <= answer.status < 300:
        raise OutsideUnavailable(_("Le service de notification a répondu %d.") % answer.status)


def sealed(subscription: Subscription, content: bytes) -> bytes:
    """The content for this browser alone (RFC 8291): a new key pair for each message."""
    found: bytes = http_ece.encrypt(
        content,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_decoded(subscription.p256dh),
        auth_secret=_decoded(subscription.auth),
        version="aes128gcm",
    )
    return found


def public_key() -> str:
    """What a browser subscribes with (`applicationServerKey`), base64url of the point."""
    point = _key().public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _vapid(endpoint: str) -> str:
    """RFC 8292, section 3: a token for this push service alone, and the key that checks it."""
    parts = urlsplit(endpoint)
    contact = settings.CONTACT if settings.CONTACT.startswith(("mailto:", "https:")) else settings.PUBLIC_URL
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now().timestamp()) + TOKEN_GOOD_FOR,
        "sub": contact or f"mailto:{settings.DEFAULT_FROM_EMAIL.rpartition('<')[2].rstrip('>')}",
    }
    pem = _key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    token = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, ECKey.import_key(pem), algorithms=["ES256"])
    return f"vapid t={token}, k={public_key()}"


def _key() -> ec.EllipticCurvePrivateKey:
    """The private key. Two processes that make it at once end with the same one."""
    path = Path(settings.KEYS) / FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".new-") as file:  # mode 0600
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):
                path.hardlink_to(file.name)
    found = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} does not hold a key of the curve P-256")
    return found


def _decoded(text: str) -> bytes:
    """Base64url without padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
