"""The code flow: send the visitor to the provider, and believe what comes back only once everything is verified."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlencode, urlsplit

import structlog
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from .. import clock
from ..errors import Refused
from ..http import Answer
from .errors import (
    CallbackRefused,
    LevelTooLow,
    ProviderMisconfigured,
    ProviderUnavailable,
    SignInCancelled,
    SignInExpired,
    SignInRefused,
    TokenRefused,
)
from .provider import Provider
from .tokens import check_access_token, check_nonce, same, verified

PATIENCE: Final = timedelta(minutes=30)
"""How long a visitor may take to come back: as long as FranceConnect keeps an interaction."""
ENTROPY: Final = 32
"""Bytes of state and nonce: 43 characters, where ProConnect wants 32 and FranceConnect 22."""
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM: Final = "application/x-www-form-urlencoded"
Result = TypeVar("Result")
log = structlog.get_logger("lacydon.oidc")


@dataclass(frozen=True)
class Pending:
    """A sign-in that was begun: kept on the server, in the visitor's session, and used once (whoever calls pops it)."""

    issuer: str
    redirect_uri: str
    state: str
    nonce: str
    verifier: str
    """PKCE; empty when the provider does without."""
    began: int
    """Seconds since 1970, UTC."""
    fresh: bool = False
    """The visitor was to prove anew who they are, after `began`."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, told: object) -> "Pending":
        """Raises SignInExpired when nothing was pending (None: it was popped already), or nothing that we wrote."""
        kinds = {"began": int, "fresh": bool}
        names = cls.__dataclass_fields__
        if not isinstance(told, dict) or set(told) != set(names):
            raise SignInExpired(why="no sign-in was pending")
        if not all(isinstance(told[name], kinds.get(name, str)) for name in names):
            raise SignInExpired(why="what was pending is damaged")
        return cls(**told)


@dataclass(frozen=True)
class SignedIn:
    """Somebody the provider vouches for. `(issuer, subject)` is who they are; `claims` are those of the userinfo."""

    issuer: str
    subject: str
    acr: str
    amr: tuple[str, ...]
    claims: Mapping[str, Any]
    id_token: str


def begin(provider: Provider, *, redirect_uri: str, fresh: bool = False) -> tuple[str, Pending]:
    """Where to send the visitor, and what to keep until they come back. Raises ProviderUnavailable.

    `fresh`: they must sign in there anew (`prompt=login`, Core 3.1.2.1); an `auth_time` from before is then refused.
    """
    metadata = _told(provider, provider.metadata)
    pending = Pending(
        issuer=provider.issuer,
        redirect_uri=redirect_uri,
        state=secrets.token_urlsafe(ENTROPY),
        nonce=secrets.token_urlsafe(ENTROPY),
        verifier=secrets.token_urlsafe(48) if metadata.pkce else "",
        began=int(clock.now().timestamp()),
        fresh=fresh,
    )
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(provider.scopes),
        "state": pending.state,
        "nonce": pending.nonce,
    }
    if provider.acr_values:
        asked["acr_values"] = " ".join(provider.acr)
    if provider.claims:
        asked["claims"] = json.dumps(provider.claims, separators=(",", ":"))
    if prompt := " ".join(dict.fromkeys([*provider.prompt.split(), *(["login"] if fresh else [])])):
        asked["prompt"] = prompt
    if pending.verifier:
        digest = hashlib.sha256(pending.verifier.encode()).digest()
        asked |= {"code_challenge_method": "S256", "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode()}
    return _with(metadata.authorization, asked), pending


def finish(provider: Provider, pending: Pending, *, parameters: Mapping[str, str], redirect_uri: str) -> SignedIn:
    """Who came back, everything verified. `parameters`: those of the address the visitor came back to.

    Raises SignInRefused (nobody is signed in) and ProviderUnavailable. What was refused is logged, without values.
    """
    return _told(provider, lambda: _finish(provider, pending, parameters=parameters, redirect_uri=redirect_uri))


def logout_url(provider: Provider, *, id_token: str, redirect_uri: str, state: str) -> str:
    """Where to send the visitor to be signed out of the provider too (RP-Initiated Logout 1.0): it sends them to
    `redirect_uri`, with `state`, which is there to be compared. Raises ProviderUnavailable."""
    back = {"state": state}
    if not (end := _told(provider, provider.metadata).end_session):
        return _with(redirect_uri, back)
    return _with(end, {"id_token_hint": id_token, "post_logout_redirect_uri": redirect_uri} | back)


def introduce(provider: Provider, *, redirect_uri: str) -> None:
    """See whether the provider answers and knows us, by offering a code that it cannot know: it must refuse the code
    and not us. Raises ProviderUnavailable, and ProviderMisconfigured when it is we who are refused."""
    now = int(clock.now().timestamp())
    nobody = Pending(provider.issuer, redirect_uri, state="", nonce="", verifier=secrets.token_urlsafe(48), began=now)

    def ask() -> None:
        if not provider.fit_keys():
            raise ProviderMisconfigured(why=f"none of its keys signs by {' or '.join(provider.algorithms)}")
        try:
            _exchanged(provider, nobody, code=secrets.token_urlsafe(ENTROPY))
        except SignInRefused:
            return

    _told(provider, ask)


def _finish(provider: Provider, pending: Pending, *, parameters: Mapping[str, str], redirect_uri: str) -> SignedIn:
    code = _code(provider, pending, parameters=parameters, redirect_uri=redirect_uri)
    access_token, id_token = _exchanged(provider, pending, code=code)
    claims, alg = verified(provider, id_token, kind="id-token", dated=True)
    check_nonce(claims, nonce=pending.nonce)
    check_access_token(claims, alg=alg, access_token=access_token)
    if claims.get("acr") not in provider.acr:
        raise LevelTooLow(why="acr is none of those accepted")
    if pending.fresh:
        _check_fresh(claims, began=pending.began)
    amr = claims.get("amr")
    return SignedIn(
        issuer=provider.issuer,
        subject=claims["sub"],
        acr=claims["acr"],
        amr=tuple(each for each in amr if isinstance(each, str)) if isinstance(amr, list) else (),
        claims=_userinfo(provider, access_token=access_token, subject=claims["sub"]),
        id_token=id_token,
    )


def _check_fresh(claims: Mapping[str, Any], *, began: int) -> None:
    """A provider that says when the visitor signed in there must say: since they left us. One minute for its clock.

    Not every provider says so: FranceConnect and ProConnect obey `prompt` and are believed.
    """
    at = claims.get("auth_time")
    if at is not None and (not isinstance(at, int) or isinstance(at, bool) or at < began - 60):
        raise TokenRefused(code="id-token-auth-time", why="the visitor did not sign in anew")


def _code(provider: Provider, pending: Pending, *, parameters: Mapping[str, str], redirect_uri: str) -> str:
    """The code, once the answer is known to be that to what this visitor began."""
    if pending.issuer != provider.issuer or pending.redirect_uri != redirect_uri:
        raise CallbackRefused(code="sign-in-mixed-up", why="begun with another provider, or for another address")
    age = clock.now().timestamp() - pending.began
    # One minute of leave: the clock of another of our machines may be a little ahead.
    if not -60 <= age <= PATIENCE.total_seconds():
        raise SignInExpired(why="the visitor came back too late, or the clock went back")
    state, issuer = parameters.get("state", ""), parameters.get("iss")
    if not same(state, pending.state):
        raise CallbackRefused(code="sign-in-state", why="state is not the one that was sent")
    if issuer != provider.issuer and (issuer is not None or provider.metadata().names_itself):
        raise CallbackRefused(code="sign-in-mixed-up", why="iss of the answer is not this provider (RFC 9207)")
    if error := parameters.get("error"):
        if error in ("server_error", "temporarily_unavailable"):
            raise ProviderUnavailable(why=f"it said {error}")
        known = error.replace("_", "").isalnum() and len(error) <= 40
        code = "sign-in-cancelled" if error == "access_denied" else "sign-in-error"
        raise SignInCancelled(code=code, why=f"it said {error}" if known else "it said an error of its own")
    if not (code := parameters.get("code", "")):
        raise CallbackRefused(why="neither code nor error")
    return code


def _exchanged(provider: Provider, pending: Pending, *, code: str) -> tuple[str, str]:
    """The access token and the ID token given for a code (Core 3.1.3)."""
    address = provider.metadata().token
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": pending.redirect_uri}
    form |= {"client_id": provider.client_id} | _proof_of_us(provider, audience=address)
    if pending.verifier:
        form["code_verifier"] = pending.verifier
    headers = {"Content-Type": FORM, "Accept": "application/json"}
    content = urlencode(form).encode()
    answer = provider.speak(lambda: provider.http.request("POST", address, headers=headers, content=content))
    told = _object(answer)
    if answer.status != 200:
        if answer.status in (400, 401) and told.get("error") == "invalid_grant":
            raise SignInRefused(code="sign-in-code", why="the code was refused: replayed, or too old")
        if told.get("error") in ("invalid_client", "unauthorized_client"):
            raise ProviderMisconfigured(why="it refuses our client_id or our proof of who we are")
        raise ProviderUnavailable(why=f"token endpoint answered {answer.status}")
    access_token, id_token, kind = told.get("access_token"), told.get("id_token"), told.get("token_type")
    if not isinstance(access_token, str) or not access_token.isascii() or not access_token.isprintable():
        raise ProviderUnavailable(why="token endpoint gave no access token")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise ProviderUnavailable(why="token endpoint gave a token that is no bearer token")
    if not isinstance(id_token, str):
        raise TokenRefused(code="id-token-missing", why="token endpoint gave no ID token")
    return access_token, id_token


def _proof_of_us(provider: Provider, *, audience: str) -> dict[str, str]:
    if not provider.private_key:
        return {"client_secret": provider.client_secret}
    key = private_key(provider.private_key)
    alg = "ES256" if isinstance(key, ECKey) else "RS256"
    now = int(clock.now().timestamp())
    who = {"iss": provider.client_id, "sub": provider.client_id, "aud": audience, "jti": secrets.token_urlsafe(ENTROPY)}
    signed = jwt.encode({"alg": alg}, who | {"iat": now, "exp": now + 60}, key, algorithms=[alg])
    return {"client_assertion_type": ASSERTION, "client_assertion": signed}


def private_key(pem: str) -> ECKey | RSAKey:
    """The key of a PEM. Raises ProviderMisconfigured."""
    try:
        elliptic = isinstance(load_pem_private_key(pem.encode(), password=None), EllipticCurvePrivateKey)
        return ECKey.import_key(pem) if elliptic else RSAKey.import_key(pem)
    except (ValueError, TypeError, JoseError) as error:
        raise ProviderMisconfigured(why="our private key cannot be read") from error


def _userinfo(provider: Provider, *, access_token: str, subject: str) -> Mapping[str, Any]:
    """What the provider says of this very person, signed (Core 5.3.2 and 5.3.4)."""
    address = provider.metadata().userinfo
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/jwt"}
    answer = provider.speak(lambda: provider.http.request("GET", address, headers=headers))
    if answer.status in (400, 401, 403):
        raise SignInRefused(code="userinfo-refused", why=f"userinfo endpoint answered {answer.status}")
    if answer.status != 200 or answer.url != address:
        raise ProviderUnavailable(why=f"userinfo endpoint answered {answer.status}, or led elsewhere")
    if answer.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/jwt":
        raise TokenRefused(code="userinfo-unsigned", why="userinfo is not signed")
    claims, _alg = verified(provider, answer.text.strip(), kind="userinfo", dated=False)
    if claims["sub"] != subject:
        raise TokenRefused(code="userinfo-subject", why="userinfo is about somebody else")
    return claims


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        told = answer.json()
    except Refused:
        told = None
    return told if isinstance(told, dict) else {}


def _with(address: str, parameters: Mapping[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(parameters)}"


def _told(provider: Provider, act: Callable[[], Result]) -> Result:
    """Do it; what is refused is written down with its technical reason."""
    try:
        return act()
    except (SignInRefused, ProviderUnavailable) as refusal:
        log.warning("sign-in-refused", issuer=provider.issuer, code=refusal.code, why=refusal.why)
        raise
