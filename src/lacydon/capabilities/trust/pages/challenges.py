"""The challenge of a passkey: signed for one purpose and one person, good for ten minutes, and once.

It is not kept in a session: a page that offers to enter with a passkey sets no cookie. That a challenge serves once is
counted in the database (kernel.attempts), so that two answers at the same moment do not both pass.
"""

import base64
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from lacydon.kernel import attempts
from lacydon.kernel.errors import TooManyRequests

from ..queries.passkeys import Asked, Site, handle, refusal

SALT = "trust.passkey"
GOOD_FOR = timedelta(minutes=10)


def site_of(request: HttpRequest) -> Site:
    """Whom passkeys are for: PUBLIC_URL when it is set, else the host asked for (one of ALLOWED_HOSTS)."""
    parts = urlsplit(settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}")
    return Site(id=parts.hostname or "", origin=f"{parts.scheme}://{parts.netloc}")


def given(asked: Asked, *, purpose: str, person: str = "") -> dict[str, str]:
    """What the page holds for the browser: the options, and the challenge to send back with the answer."""
    said = {"for": purpose, "who": _who(person), "is": base64.b64encode(asked.challenge).decode()}
    return {"options": asked.options, "challenge": signing.dumps(said, salt=SALT)}


def taken(request: HttpRequest, *, purpose: str, person: str = "") -> bytes:
    """The challenge a form brings back, once. Raises PasskeyRefused. Not to be called in a transaction."""
    try:
        said = signing.loads(request.POST.get("challenge", "")[:1000], salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        raise refusal() from None
    if said["for"] != purpose or said["who"] != _who(person):
        raise refusal()
    try:
        attempts.spend(what="challenge", who=said["is"], most=1, per=2 * GOOD_FOR)
    except TooManyRequests:
        raise refusal() from None
    return base64.b64decode(said["is"])


def _who(person: str) -> str:
    return handle(person).hex() if person else ""
