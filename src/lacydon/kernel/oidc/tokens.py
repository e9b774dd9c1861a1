"""A signed token, verified before anything of it is believed (OpenID Connect Core 1.0, 3.1.3.7; RFC 8725)."""

import hashlib
import hmac
import json
import math
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError

from .. import clock
from .errors import TokenRefused
from .provider import Provider

LEEWAY: Final = 60
"""Seconds by which two clocks may differ."""
TYPE: Final = "jwt"
"""What the header of an ID token and of a signed userinfo may call itself (RFC 7519, 5.1)."""
LONGEST_SUBJECT: Final = 255
"""ASCII characters (OpenID Connect Core 1.0, section 2)."""


def verified(provider: Provider, token: str, *, kind: str, dated: bool) -> tuple[Mapping[str, Any], str]:
    """The claims of a token of this provider meant for us, and the algorithm that signed it.

    `kind` ("id-token" or "userinfo") begins the code of a refusal. `dated`: it must say when it was made and until
    when it holds; otherwise these are checked when they are there. Raises TokenRefused, ProviderUnavailable.
    """
    claims, alg = _signed(provider, token, kind=kind)
    if claims.get("iss") != provider.issuer:
        raise TokenRefused(code=f"{kind}-issuer", why="iss is not this provider")
    _for_us(claims, client_id=provider.client_id, kind=kind)
    _timely(claims, kind=kind, dated=dated)
    subject = claims.get("sub")
    printable = isinstance(subject, str) and subject.isascii() and subject.isprintable()
    if not printable or not 0 < len(str(subject)) <= LONGEST_SUBJECT:
        raise TokenRefused(code=f"{kind}-subject", why="sub is missing, too long, or is no ASCII text")
    return claims, alg


def check_nonce(claims: Mapping[str, Any], *, nonce: str) -> None:
    """The token answers the request this visitor made. Raises TokenRefused."""
    told = claims.get("nonce")
    if not isinstance(told, str) or not same(told, nonce):
        raise TokenRefused(code="id-token-nonce", why="nonce is not the one that was sent")


def check_access_token(claims: Mapping[str, Any], *, alg: str, access_token: str) -> None:
    """When `at_hash` is there, it is that of the access token (3.1.3.8). Raises TokenRefused."""
    if "at_hash" not in claims:
        return
    digest = hashlib.new(f"sha{alg[2:]}", access_token.encode()).digest()
    wanted = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    told = claims["at_hash"]
    if not isinstance(told, str) or not same(told, wanted):
        raise TokenRefused(code="id-token-at-hash", why="at_hash is not that of the access token")


def same(told: str, expected: str) -> bool:
    """Whether two secrets are the same text, in a time that does not say where they differ."""
    return hmac.compare_digest(told.encode(errors="replace"), expected.encode())


def _signed(provider: Provider, token: str, *, kind: str) -> tuple[dict[str, Any], str]:
    registry = jws.JWSRegistry(algorithms=list(provider.algorithms), strict_check_header=False)
    try:
        parsed = jws.extract_compact(token.encode("ascii"), registry=registry)
        header = parsed.headers()
        registry.check_header(header)
    except (JoseError, ValueError) as error:
        raise TokenRefused(code=f"{kind}-unreadable", why=f"no signed token: {type(error).__name__}") from error
    # Many providers leave `typ` out; one that says it must not say that this is another kind of token (RFC 8725, 3.11).
    typ = header.get("typ", TYPE)
    if not isinstance(typ, str) or typ.lower().removeprefix("application/") != TYPE:
        raise TokenRefused(code=f"{kind}-type", why="typ says another kind of token")
    alg, kid = header.get("alg"), header.get("kid")
    if alg not in provider.algorithms:
        raise TokenRefused(code=f"{kind}-algorithm", why="alg was not agreed with this provider")
    # The key is chosen by its name among those the provider publishes, never by what the token carries or points to.
    key = provider.key(kid=kid, alg=alg) if isinstance(kid, str) else None
    if key is None:
        raise TokenRefused(code=f"{kind}-key", why="kid is no key of this provider fit for its alg")
    try:
        good = jws.validate_compact(parsed, key, registry=registry)
    except (JoseError, ValueError) as error:
        raise TokenRefused(code=f"{kind}-signature", why=f"signature: {type(error).__name__}") from error
    if not good:
        raise TokenRefused(code=f"{kind}-signature", why="signature is not that of the key")
    try:
        claims = json.loads(parsed.payload or b"")
    except (ValueError, RecursionError) as error:
        raise TokenRefused(code=f"{kind}-unreadable", why="payload is not JSON") from error
    if not isinstance(claims, dict):
        raise TokenRefused(code=f"{kind}-unreadable", why="payload is no object")
    return claims, alg


def _for_us(claims: Mapping[str, Any], *, client_id: str, kind: str) -> None:
    told = claims.get("aud")
    audience = [told] if isinstance(told, str) else told
    if not isinstance(audience, list) or client_id not in audience:
        raise TokenRefused(code=f"{kind}-audience", why="aud does not name us")
    party = claims.get("azp")
    if party != client_id and (party is not None or len(audience) > 1):
        raise TokenRefused(code=f"{kind}-audience", why="azp is not us")


def _timely(claims: Mapping[str, Any], *, kind: str, dated: bool) -> None:
    now = clock.now().timestamp()
    for name in ("exp", "iat", "nbf"):
        told = claims.get(name)
        if told is None and not (dated and name != "nbf"):
            continue
        if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told):
            raise TokenRefused(code=f"{kind}-dates", why=f"{name} is missing or is no date")
        if name == "exp" and told <= now - LEEWAY:
            raise TokenRefused(code=f"{kind}-expired", why="exp is past")
        if name != "exp" and told > now + LEEWAY:
            raise TokenRefused(code=f"{kind}-not-yet", why=f"{name} is to come")
