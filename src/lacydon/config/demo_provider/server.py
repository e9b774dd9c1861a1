"""The stand-in's server: one thread for each request, on the loopback, as long as the platform is served."""

import contextlib
import json
import os
import secrets
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.db import connections
from django.template import Context, Engine
from django.utils import translation
from django.utils.translation import gettext as _
from joserfc.jwk import ECKey

from .issuer import ASKED, Answer, Issuer, Shape
from .people import agents, residents

HERE: Final = Path(__file__).parent
CLIENT: Final = "lacydon-demonstration"
LONGEST: Final = 65_536
"""Bytes of a form."""
PORTS: Final = 100
"""Ports tried after the platform's own."""
SHAPES: Final = (
    Shape("franceconnect", "FranceConnect", residents, shortest_nonce=22, acr_values=True),
    Shape(
        "proconnect",
        "ProConnect",
        agents,
        shortest_nonce=32,
        acr_values=False,
        known=frozenset({*ASKED, "claims", "prompt", "login_hint", "siret_hint", "idp_hint"}),
    ),
)
SCOPES: Final = {
    "franceconnect": "openid identite_pivot email",
    "proconnect": "openid given_name usual_name email siret siren organizational_unit",
}
HEADERS: Final = {
    # The answer to the form leads back to the platform, wherever it is on this machine.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self' http://127.0.0.1:* http://localhost:*",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
TEMPLATES: Final = Engine(dirs=[str(HERE / "templates")], libraries={"i18n": "django.templatetags.i18n"})


@dataclass(frozen=True)
class Running:
    """A stand-in that answers. `settings`: what the platform's are to be (names without LACYDON_); `agents`: theirs."""

    url: str
    settings: Mapping[str, str]
    agents: Issuer
    server: ThreadingHTTPServer
    thread: threading.Thread
    told: Path

    def stop(self) -> None:
        self.told.unlink(missing_ok=True)
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def cannot_pretend(*, public_url: str, host: str) -> str | None:
    """Why a false provider may not be started here, in a sentence; None when it may: nobody but this machine comes."""
    for name in filter(None, (urlsplit(public_url).hostname if public_url else "", host)):
        if not _is_loopback(name):
            return (
                _("Le faux fournisseur d’identité n’est pas démarré : « %s » n’est pas réservé à cette machine.") % name
            )
    if public_url.startswith("https:"):
        return _("Le faux fournisseur d’identité n’est pas démarré : le site est servi en https.")
    return None


def start(*, home: Path, port: int) -> Running:
    """Start on the first free port after `port`. Raises OSError when none is."""
    server = _listening(port)
    origin = f"http://127.0.0.1:{server.server_address[1]}"
    key, salt = _kept(home / "demo-provider.json")
    told: dict[str, str] = {"IDENTITY_HOSTS": urlsplit(origin).netloc}
    issuers = []
    for shape in SHAPES:
        secret = secrets.token_urlsafe(32)
        issuers.append(Issuer(shape, origin=origin, key=key, salt=salt, client_id=CLIENT, client_secret=secret))
        name = shape.id.upper()
        told |= {f"{name}_URL": issuers[-1].issuer, f"{name}_CLIENT_ID": CLIENT, f"{name}_CLIENT_SECRET": secret}
        told[f"{name}_SCOPES"] = SCOPES[shape.id]
    server.issuers = {issuer.prefix: issuer for issuer in issuers}
    thread = threading.Thread(target=server.serve_forever, name="demo-provider", daemon=True)
    thread.start()
    address = home / "demo-provider.url"
    address.write_text(origin, encoding="ascii")
    return Running(origin, told, issuers[-1], server, thread, address)


def running(*, home: Path) -> str:
    """The address of the stand-in of another process on this home; empty when none answers."""
    try:
        origin = (home / "demo-provider.url").read_text(encoding="ascii")
        with socket.create_connection(("127.0.0.1", int(origin.rpartition(":")[2])), timeout=1):
            return origin
    except (OSError, ValueError):  # killed, it could not take its address away
        return ""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Another program's port must be found taken.
    allow_reuse_address = False
    issuers: Mapping[str, Issuer]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "LacydonDemonstration"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: addresses hold codes."""

    def _answer(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > LONGEST:
            self._send(Answer(413))
            return
        body = self.rfile.read(int(length))
        parts = urlsplit(self.path)
        if parts.path == "/style.css":
            self._send(Answer(200, (HERE / "style.css").read_bytes(), kind="text/css; charset=utf-8"))
            return
        for prefix, issuer in self.server.issuers.items():
            if parts.path.startswith(f"{prefix}/"):
                self._from(issuer, parts.path.removeprefix(prefix), query=parts.query, body=body)
                return
        self._send(Answer(404))

    def _from(self, issuer: Issuer, path: str, *, query: str, body: bytes) -> None:
        english = self.headers.get("Accept-Language", "").startswith("en")
        with translation.override("en" if english else "fr"):
            try:
                authorization = self.headers.get("Authorization", "")
                self._send(issuer.answer(self.command, path, query=query, body=body, authorization=authorization))
            finally:
                connections.close_all()

    def _send(self, answer: Answer) -> None:
        body, kind = answer.body, answer.kind
        if answer.page:
            facts = {**answer.facts, "language": translation.get_language()}
            body, kind = TEMPLATES.get_template(answer.page).render(Context(facts)).encode(), "text/html; charset=utf-8"
        self.send_response(answer.status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if answer.location:
            self.send_header("Location", answer.location)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)


def _listening(port: int) -> _Server:
    failure = OSError("no free port")
    for candidate in _candidates(port):
        try:
            return _Server(("127.0.0.1", candidate), _Handler)
        except OSError as error:
            failure = error
    raise failure


def _candidates(port: int) -> Iterator[int]:
    yield from range(port + 1, min(port + 1 + PORTS, 65_536))
    yield 0


def _kept(path: Path) -> tuple[ECKey, str]:
    """The key and the salt of this home, made at the first start and readable by its owner only."""
    if not path.exists():
        made = {"key": ECKey.generate_key("P-256", {"kid": "demonstration"}).as_dict(private=True)}
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(made | {"salt": secrets.token_urlsafe(32)}), encoding="utf-8")
        fresh.replace(path)
    told = json.loads(path.read_text(encoding="utf-8"))
    return ECKey.import_key(told["key"]), told["salt"]


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
