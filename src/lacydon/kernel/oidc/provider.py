"""A provider of identities: what we agreed with it, what it says of itself, its keys."""

import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, RSAKey

from .. import clock
from ..errors import Refused
from ..http import Answer, HttpClient, Timeout
from .errors import ProviderMisconfigured, ProviderUnavailable

SIGNATURES: Final = frozenset({"ES256", "ES384", "RS256", "PS256"})
"""Algorithms a provider may be agreed with: all asymmetric, so that no shared secret can sign an identity."""
CURVES: Final = {"ES256": "P-256", "ES384": "P-384"}
KEPT: Final = timedelta(hours=1)
"""How long what the provider says of itself, and its keys, are believed without asking again."""
REST: Final = timedelta(minutes=1)
"""The least time between two readings of the keys caused by an unknown key: tokens cannot make us hammer it."""
TIMEOUT: Final = Timeout(connect=3.0, read=5.0, total=8.0)
"""Seconds. A code lives 30 seconds, and a resident is waiting."""
LARGEST: Final = 256_000
WEAKEST_RSA: Final = 2048
"""Bits (ANSSI, RGS B1)."""


@dataclass(frozen=True)
class Metadata:
    """What the provider's discovery says (OpenID Connect Discovery 1.0, section 3), the part that serves."""

    authorization: str
    token: str
    userinfo: str
    jwks: str
    end_session: str
    pkce: bool
    names_itself: bool
    """It promises `iss` in each answer (RFC 9207)."""


@dataclass
class _Kept:
    """What is remembered of a provider in this process."""

    metadata: Metadata | None = None
    metadata_at: datetime | None = None
    keys: tuple[Key, ...] = ()
    keys_at: datetime | None = None
    asked_again_at: datetime | None = None


@dataclass(eq=False)
class Provider:
    """One provider as agreed with it; kept, because it holds connections and what the provider said of itself.

    `issuer`: exactly as the provider writes it. `acr`: the levels accepted, compared one by one, never by order.
    `acr_values`: whether to ask for them in that parameter. `private_key`: PEM; when given, we prove who we are by a
    signed assertion (private_key_jwt), else by the secret in the body (client_secret_post). `private_hosts`: hosts
    (name or name:port) that may be on a private network; those on the loopback may also do without TLS.
    """

    issuer: str
    client_id: str
    acr: tuple[str, ...]
    client_secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ("openid",)
    acr_values: bool = True
    claims: Mapping[str, Any] | None = None
    prompt: str = ""
    algorithms: tuple[str, ...] = ("ES256", "RS256")
    private_hosts: tuple[str, ...] = ()
    timeout: Timeout = TIMEOUT
    http: HttpClient = field(init=False, repr=False)
    _kept: _Kept = field(default_factory=_Kept, init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.algorithms or not set(self.algorithms) <= SIGNATURES:
            raise ValueError(f"algorithms must be among {', '.join(sorted(SIGNATURES))}")
        if not self.acr or "openid" not in self.scopes or not (self.client_secret or self.private_key):
            raise ValueError("a provider needs levels accepted, the scope openid, and a secret or a key")
        self.http = HttpClient(
            name="sign-in", timeout=self.timeout, retries=1, largest=LARGEST, allowed=self.private_hosts
        )
        weakref.finalize(self, self.http.close)

    def metadata(self) -> Metadata:
        """What the provider says of itself. Raises ProviderUnavailable, ProviderMisconfigured."""
        kept, now = self._kept, clock.now()
        if kept.metadata is None or kept.metadata_at is None or now - kept.metadata_at > KEPT:
            self._must_be_safe(self.issuer, "issuer")
            address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            kept.metadata, kept.metadata_at = self._understood(self._document(address)), now
        return kept.metadata

    def key(self, *, kid: str, alg: str) -> Key | None:
        """The provider's key of that name, fit for that algorithm; its keys are read again at most once a minute
        when it is unknown. None when there is none. Raises ProviderUnavailable."""
        kept, now = self._kept, clock.now()
        if kept.keys_at is None or now - kept.keys_at > KEPT:
            self._read_keys()
        elif not self._named(kid=kid, alg=alg) and (kept.asked_again_at is None or now - kept.asked_again_at >= REST):
            kept.asked_again_at = now
            self._read_keys()
        return self._named(kid=kid, alg=alg)

    def fit_keys(self) -> int:
        """How many of the provider's keys, read now, fit what was agreed. Raises ProviderUnavailable."""
        self._read_keys()
        return sum(1 for key in self._kept.keys if any(self._fits(key, alg=alg) for alg in self.algorithms))

    def speak(self, ask: Callable[[], Answer]) -> Answer:
        """What the provider answers. Raises ProviderUnavailable when it is silent, broken, or leads us inside."""
        try:
            return ask()
        except Refused as refusal:
            raise ProviderUnavailable(why=f"{refusal.code}: {refusal.sentence}") from refusal

    def _document(self, address: str) -> Mapping[str, Any]:
        answer = self.speak(lambda: self.http.get(address, headers={"Accept": "application/json"}))
        if answer.status != 200 or answer.url != address:
            raise ProviderUnavailable(why=f"{urlsplit(address).path} answered {answer.status} or led elsewhere")
        try:
            told = answer.json()
        except Refused as refusal:
            raise ProviderUnavailable(why=f"{urlsplit(address).path} is not JSON") from refusal
        if not isinstance(told, dict):
            raise ProviderUnavailable(why=f"{urlsplit(address).path} is not an object")
        return told

    def _understood(self, told: Mapping[str, Any]) -> Metadata:
        if told.get("issuer") != self.issuer:
            raise ProviderMisconfigured(why=f"it calls itself {told.get('issuer')!r}, not {self.issuer!r}")

        def address(name: str) -> str:
            found = told.get(name)
            if not isinstance(found, str):
                raise ProviderMisconfigured(why=f"its discovery has no {name}")
            self._must_be_safe(found, name)
            return found

        methods = told.get("code_challenge_methods_supported")
        return Metadata(
            authorization=address("authorization_endpoint"),
            token=address("token_endpoint"),
            userinfo=address("userinfo_endpoint"),
            jwks=address("jwks_uri"),
            end_session=address("end_session_endpoint") if told.get("end_session_endpoint") else "",
            pkce=isinstance(methods, list) and "S256" in methods,
            names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        )

    def _must_be_safe(self, address: str, name: str) -> None:
        parts = urlsplit(address)
        named = {parts.hostname or "", parts.netloc} & set(self.private_hosts)
        if not parts.hostname or parts.username or parts.fragment or parts.scheme not in ("http", "https"):
            raise ProviderMisconfigured(why=f"{name} is not an address")
        if parts.scheme == "http" and not (named and _is_loopback(parts.hostname)):
            raise ProviderMisconfigured(why=f"{name} is not protected (https)")

    def _named(self, *, kid: str, alg: str) -> Key | None:
        return next((key for key in self._kept.keys if key.kid == kid and self._fits(key, alg=alg)), None)

    @staticmethod
    def _fits(key: Key, *, alg: str) -> bool:
        kind = ("EC", CURVES[alg]) if alg in CURVES else ("RSA", None)
        return (key.key_type, key.get("crv")) == kind and key.get("alg") in (None, alg)

    def _read_keys(self) -> None:
        told = self._document(self.metadata().jwks).get("keys")
        if not isinstance(told, list):
            raise ProviderUnavailable(why="its keys are not a list")
        self._kept.keys, self._kept.keys_at = tuple(_usable(told)), clock.now()


def _usable(told: list[Any]) -> Iterable[Key]:
    """Public keys that sign, strong enough; the others are as if they were not there (RFC 7517, section 5)."""
    for each in told:
        if not isinstance(each, dict) or each.get("use") not in (None, "sig") or not isinstance(each.get("kid"), str):
            continue
        public = {
            name: value for name, value in each.items() if name in ("kty", "kid", "alg", "crv", "x", "y", "n", "e")
        }
        try:
            key: Key
            if each.get("kty") == "EC":
                key = ECKey.import_key(public)
                key.raw_value  # noqa: B018  (a point that is not on the curve fails here)
            elif each.get("kty") == "RSA" and _bits(each.get("n")) >= WEAKEST_RSA:
                key = RSAKey.import_key(public)
                key.raw_value  # noqa: B018
            else:
                continue
        except (JoseError, ValueError, TypeError):
            continue
        yield key


def _bits(modulus: Any) -> int:
    return len(modulus) * 6 if isinstance(modulus, str) else 0


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
