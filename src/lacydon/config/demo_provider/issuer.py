"""One issuer of the stand-in: what it answers to each request, and what it remembers between two. No network here."""

import hashlib
import hmac
import json
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from lacydon.kernel import clock

from .people import Person

CODE_SECONDS: Final = 30
TOKEN_SECONDS: Final = 60
KEPT: Final = 1000
"""Codes and tokens remembered at most: the oldest goes first."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
ASKED: Final = ("client_id", "scope", "response_type", "redirect_uri", "state", "nonce")
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "profile": ("given_name", "given_name_array", "family_name", "birthdate", "gender"),
    "birth": ("birthplace", "birthcountry"),
    "identite_pivot": (
        "given_name", "given_name_array", "family_name", "birthdate", "gender", "birthplace", "birthcountry",
    ),
    "given_name": ("given_name", "given_name_array"),
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """How a provider differs from another. `known`: parameters that it takes, None for any."""

    id: str
    title: str
    people: Callable[[], tuple[Person, ...]]
    shortest_nonce: int
    acr_values: bool
    known: frozenset[str] | None = None


@dataclass(frozen=True)
class Answer:
    """Status, headers, and a body; `page` names a template instead, filled with `facts`."""

    status: int
    body: bytes = b""
    kind: str = "application/json"
    location: str = ""
    page: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Given:
    """What a code or an access token (its `kind`) stands for."""

    kind: str
    person: Person
    asked: Mapping[str, str]
    until: float


class Issuer:
    """A provider of one shape. `salt` keeps the pseudonyms of a home the same from one start to the next."""

    def __init__(self, shape: Shape, *, origin: str, key: ECKey, salt: str, client_id: str, client_secret: str) -> None:
        self.shape = shape
        self.prefix = f"/{shape.id}/api/v2"
        self.issuer = f"{origin}{self.prefix}"
        self._key, self._salt = key, salt
        self._client_id, self._client_secret = client_id, client_secret
        self._given: dict[str, _Given] = {}
        self._lock = threading.Lock()

    def answer(self, method: str, path: str, *, query: str, body: bytes, authorization: str) -> Answer:
        """What to answer to a request; `path` without the prefix."""
        asked = dict(parse_qsl(query, keep_blank_values=True))
        form = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        match method, path:
            case "GET", "/.well-known/openid-configuration":
                return _json(self.discovery())
            case "GET", "/jwks":
                public = self._key.as_dict(private=False) | {"alg": "ES256", "use": "sig"}
                return _json({"keys": [public]})
            case (("GET" | "POST"), "/authorize"):
                return self._authorize(asked, form if method == "POST" else None)
            case "POST", "/token":
                return self._token(form)
            case "GET", "/userinfo":
                return self._userinfo(authorization)
            case "GET", "/session/end":
                return self._end(asked)
        return _json({"error": "not_found"}, status=404)

    def discovery(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/session/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "userinfo_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
        }
        told |= {
            f"{name}_endpoint": f"{self.issuer}/{path}"
            for name, path in (("authorization", "authorize"), ("token", "token"), ("userinfo", "userinfo"))
        }
        if self.shape.known is None:
            told["code_challenge_methods_supported"] = ["S256"]
        return told

    def _authorize(self, asked: Mapping[str, str], form: Mapping[str, str] | None) -> Answer:
        wrong = self._wrong(asked)
        if wrong:
            return Answer(400, page="wrong.html", facts={"shape": self.shape, "wrong": wrong})
        people = {person.id: person for person in self.shape.people()}
        if form is None or (form.get("person") not in people and "cancel" not in form):
            return Answer(200, page="people.html", facts={"shape": self.shape, "people": people.values()})
        back = {"state": asked["state"], "iss": self.issuer}
        if "cancel" in form:
            back |= {"error": "access_denied", "error_description": "User auth aborted"}
        else:
            back["code"] = self._give(people[form["person"]], asked, kind="code", seconds=CODE_SECONDS)
        return Answer(303, location=f"{asked['redirect_uri']}?{urlencode(back)}")

    def _wrong(self, asked: Mapping[str, str]) -> str:
        """The name of the first parameter that is missing, wrong, or not known; empty when all is well."""
        for name in (*ASKED, *(("acr_values",) if self.shape.acr_values else ())):
            if not asked.get(name):
                return name
        shortest = self.shape.shortest_nonce
        checks = {
            "client_id": asked["client_id"] == self._client_id,
            "redirect_uri": _ours(asked["redirect_uri"], path=f"/connexion/{self.shape.id}/retour"),
            "response_type": asked["response_type"] == "code",
            "scope": "openid" in asked["scope"].split(),
            "nonce": len(asked["nonce"]) >= shortest,
            "state": len(asked["state"]) >= shortest,
            "code_challenge_method": asked.get("code_challenge_method", "S256") == "S256",
        }
        known = self.shape.known
        checks |= {name: False for name in asked if known is not None and name not in known}
        return next((name for name, good in checks.items() if not good), "")

    def _token(self, form: Mapping[str, str]) -> Answer:
        secret = form.get("client_secret", "")
        known = form.get("client_id") == self._client_id
        if not (known and hmac.compare_digest(secret.encode(), self._client_secret.encode())):
            return _json({"error": "invalid_client"}, status=401)
        if form.get("grant_type") != "authorization_code":
            return _json({"error": "unsupported_grant_type"}, status=400)
        given = self._take(form.get("code", ""), kind="code")
        if given is None or form.get("redirect_uri") != given.asked["redirect_uri"] or not _proven(given.asked, form):
            return _json({"error": "invalid_grant"}, status=400)
        token = self._give(given.person, given.asked, kind="token", seconds=TOKEN_SECONDS)
        person = given.person
        digest = hashlib.sha256(token.encode()).digest()[:16]
        claims = {"nonce": given.asked["nonce"], "acr": person.acr, "at_hash": _b64(digest)}
        if self.shape.acr_values is False:
            claims["amr"] = list(person.amr)  # type: ignore[assignment]
        id_token = self._signed(person, claims)
        told = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, "id_token": id_token}
        return _json(told)

    def _userinfo(self, authorization: str) -> Answer:
        given = self._take(authorization.removeprefix("Bearer "), kind="token")
        if given is None:
            return _json({"error": "invalid_token"}, status=401)
        names = {name for scope in given.asked["scope"].split() for name in GROUPS.get(scope, (scope,))}
        claims = {name: value for name, value in given.person.claims.items() if name in names}
        return Answer(200, self._signed(given.person, claims).encode(), kind="application/jwt")

    def _end(self, asked: Mapping[str, str]) -> Answer:
        back = asked.get("post_logout_redirect_uri", "")
        if not _ours(back, path="/deconnexion/retour") or not asked.get("id_token_hint"):
            return Answer(400, page="wrong.html", facts={"shape": self.shape, "wrong": "post_logout_redirect_uri"})
        return Answer(303, location=f"{back}?{urlencode({'state': asked.get('state', '')})}")

    def _signed(self, person: Person, claims: Mapping[str, Any]) -> str:
        now = int(clock.now().timestamp())
        subject = hashlib.sha256(f"{self._salt}|{self.shape.id}|{person.id}".encode()).hexdigest()
        who = {
            "iss": self.issuer,
            "aud": self._client_id,
            "sub": f"{subject}v1",
            "iat": now,
            "exp": now + TOKEN_SECONDS,
        }
        return jwt.encode({"alg": "ES256", "kid": self._key.kid}, who | dict(claims), self._key, algorithms=["ES256"])

    def _give(self, person: Person, asked: Mapping[str, str], *, kind: str, seconds: int) -> str:
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._given[secret] = _Given(kind, person, asked, clock.now().timestamp() + seconds)
            while len(self._given) > KEPT:
                del self._given[next(iter(self._given))]
        return secret

    def _take(self, secret: str, *, kind: str) -> _Given | None:
        """What that secret stands for: once, and not too late."""
        with self._lock:
            given = self._given.pop(secret, None)
        good = given is not None and given.kind == kind and clock.now().timestamp() <= given.until
        return given if good else None


def _proven(asked: Mapping[str, str], form: Mapping[str, str]) -> bool:
    """Whoever offers the code is whoever asked for it (RFC 7636, section 4.6)."""
    challenge = asked.get("code_challenge", "")
    if not challenge:
        return True
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return hmac.compare_digest(_b64(digest).encode(), challenge.encode(errors="replace"))


def _ours(address: str, *, path: str) -> bool:
    """An address of a platform on this machine, with that very path."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    exact = address == f"http://{parts.netloc}{path}" and not parts.username
    return exact and (port is None or port > 0) and parts.hostname in LOOPBACK


def _b64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _json(told: Any, *, status: int = 200) -> Answer:
    return Answer(status, json.dumps(told).encode())
