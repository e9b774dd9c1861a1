"""A provider of identities on this machine that obeys the tests: each field of what it says can be bent."""

import hashlib
import hmac
import json
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from lacydon.kernel import clock
from lacydon.kernel.oidc import Pending, Provider, SignedIn, begin, finish
from tests.kernel.http.test_client import Server, send

EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EVIL = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
"""Calls itself as the honest key does."""
BACK = "https://lacydon.test/connexion/essai/retour"
CLIENT = "lacydon"
GONE = object()
"""Instead of a value: the field is left out."""


def b64(value: bytes | str) -> str:
    return urlsafe_b64encode(value.encode() if isinstance(value, str) else value).rstrip(b"=").decode()


def signed(claims: Any, header: Mapping[str, Any], key: Any = EC) -> str:
    """A token by hand: nothing of its header or claims is looked at, but the algorithm to sign with."""
    text = f"{b64(json.dumps(header))}.{b64(json.dumps(claims))}"
    match alg := header.get("alg"):
        case "ES256" | "RS256" | "PS256":
            signature = JWSRegistry.algorithms[alg].sign(text.encode(), key)
        case "HS256":
            signature = hmac.new(key.as_pem(private=False), text.encode(), hashlib.sha256).digest()
        case _:
            signature = b""
    return f"{text}.{b64(signature)}"


class Hostile:
    """Honest until bent. `id_token`, `userinfo`: claims to change; `*_header`: header fields to change; `*_key`: who
    signs; `made`: whole answers instead; `down`: what each endpoint does instead of answering."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.issuer = f"{server.url}/api/v2"
        self.discovery: dict[str, Any] = {}
        self.claims: dict[str, dict[str, Any]] = {"id-token": {}, "userinfo": {}}
        self.header: dict[str, dict[str, Any]] = {"id-token": {}, "userinfo": {}}
        self.key: dict[str, Any] = {"id-token": EC, "userinfo": EC}
        self.made: dict[str, Callable[[str], str]] = {}
        self.token: dict[str, Any] = {}
        self.token_status = 200
        self.userinfo_type = "application/jwt; charset=utf-8"
        self.keys: list[dict[str, Any]] = [
            EC.as_dict(private=False) | {"alg": "ES256"},
            RSA.as_dict(private=False) | {"alg": "RS256"},
        ]
        self.down: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.nonce = ""
        self.forms: list[dict[str, str]] = []
        server.reply = self.reply
        self.provider = self.agree()

    def agree(self, **changes: Any) -> Provider:
        """The same agreement but for what changes."""
        agreed = {"issuer": self.issuer, "client_id": CLIENT, "client_secret": "s3cret", "acr": ("eidas1", "eidas2")}
        return Provider(**(agreed | {"private_hosts": (self.server.host,)} | changes))

    def begin(self) -> Pending:
        """The visitor is sent to the provider, which remembers what it was asked."""
        url, pending = begin(self.provider, redirect_uri=BACK)
        self.nonce = parse_qs(urlsplit(url).query)["nonce"][0]
        return pending

    def sign_in(self, pending: Pending | None = None, **parameters: str | None) -> SignedIn:
        pending = pending or self.begin()
        told = {"code": "c0de", "state": pending.state, "iss": self.issuer} | parameters
        back = {name: value for name, value in told.items() if value is not None}
        return finish(self.provider, pending, parameters=back, redirect_uri=BACK)

    def asked(self) -> list[str]:
        return [path.rpartition("/")[2] for _method, path, _headers in self.server.asked]

    def reply(self, handler: BaseHTTPRequestHandler) -> None:
        name = urlsplit(handler.path).path.rpartition("/")[2]
        if name in self.down:
            self.down[name](handler)
            return
        status, kind = 200, "application/json"
        match name:
            case "openid-configuration":
                body = json.dumps(bent(self._discovery(), self.discovery))
            case "jwks":
                body = json.dumps({"keys": self.keys})
            case "token":
                self.forms.append(dict(parse_qsl(handler.body.decode())))
                status, body = self.token_status, json.dumps(bent(self._tokens(), self.token))
            case "userinfo":
                kind, body = self.userinfo_type, self._token("userinfo", {"given_name": "Angélique"})
            case _:
                status, body = 404, "{}"
        send(handler, status, body.encode(), Content_Type=kind)

    def _discovery(self) -> dict[str, Any]:
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo", "end_session": "session/end"}
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            "code_challenge_methods_supported": ["S256"],
        } | {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in ends.items()}

    def _tokens(self) -> dict[str, Any]:
        token = self._token("id-token", {"nonce": self.nonce, "acr": "eidas1", "amr": ["pwd", "mfa"]})
        return {"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": token}

    def _token(self, which: str, more: Mapping[str, Any]) -> str:
        now = int(clock.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "f00dv1", "iat": now, "exp": now + 60} | dict(more)
        header = bent({"alg": "ES256", "kid": "ec", "typ": "JWT"}, self.header[which])
        token = signed(bent(claims, self.claims[which]), header, self.key[which])
        return self.made[which](token) if which in self.made else token


def bent(honest: dict[str, Any], bends: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (honest | dict(bends)).items() if value is not GONE}


def flipped(token: str) -> str:
    """The same token, one bit of its signature changed."""
    head, _, signature = token.rpartition(".")
    raw = bytearray(urlsafe_b64decode(signature + "=="))
    raw[7] ^= 1
    return f"{head}.{b64(bytes(raw))}"


def flawed(status: int) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: send(handler, status, b"<html>down</html>", Retry_After="0")


@contextmanager
def hostile_provider() -> Iterator[Hostile]:
    """A hostile provider that answers, until the end of the block."""
    server = Server()
    thread = threading.Thread(target=server.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    hostile = Hostile(server)
    try:
        yield hostile
    finally:
        server.server.shutdown()
        server.server.server_close()
        thread.join()
