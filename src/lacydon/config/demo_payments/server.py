"""The stand-in's server: operations in memory, one thread for each request, on the loopback."""

import contextlib
import http.client
import re
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.sax.saxutils import escape

from defusedxml.ElementTree import ParseError, fromstring
from django.template import Context, Engine
from django.utils import translation

from lacydon.kernel.clock import LOCAL, now

HERE: Final = Path(__file__).parent
LONGEST: Final = 65_536
"""Bytes of a request."""
PORTS: Final = 100
ANSWERS: Final = "http://securite.service.tpa.cp.finances.gouv.fr/reponse"
WANTED: Final = ("exer", "mel", "montant", "numcli", "objet", "refdet", "saisie", "urlnotif", "urlredirect")
RESULTS: Final = ("P", "A", "R")
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self' http://127.0.0.1:* http://localhost:*",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
TEMPLATES: Final = Engine(dirs=[str(HERE / "templates")], libraries={"i18n": "django.templatetags.i18n"})


@dataclass
class Operation:
    """What was opened; `result`: P, A or R once it has ended."""

    asked: Mapping[str, str]
    result: str = ""
    at: str = ""
    number: str = ""


@dataclass
class Running:
    """A stand-in that answers. `settings`: what the platform's are to be (names without LACYDON_)."""

    url: str
    server: "_Server"
    thread: threading.Thread
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def operations(self) -> dict[str, Operation]:
        return self.server.operations

    def end(self, id: str, result: str) -> None:
        """As the payer would, without telling anybody."""
        _end(self.server.operations[id], result)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def start(*, port: int = 0, organisations: tuple[str, ...] = ()) -> Running:
    """Start on the first free port from `port` on (0: any). Raises OSError when none is."""
    server = _listening(port)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, name="demo-payments", daemon=True)
    thread.start()
    clients = ",".join(f"{each}={number:06d}" for number, each in enumerate(organisations, 1))
    told = {
        "PAYFIP_URL": f"{url}/service",
        "PAYFIP_PAGE": f"{url}/payer",
        "PAYFIP_CLIENTS": clients,
        "PAYFIP_MODE": "T",
    }
    return Running(url, server, thread, told)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, _Handler)
        self.operations: dict[str, Operation] = {}


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "LacydonDemonstration"
    sys_version = ""
    timeout = 30

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: addresses hold codes."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/style.css":
            content = (HERE.parent / "demo_provider" / "style.css").read_bytes()
            self._send(200, content, kind="text/css; charset=utf-8")
            return
        id = parse_qs(parts.query).get("idop", [""])[0]
        operation = self.server.operations.get(id) if parts.path == "/payer" else None
        if operation is None:
            self._send(404)
        else:
            self._page(id, operation)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > LONGEST:
            self._send(413)
            return
        body = self.rfile.read(int(length))
        if self.path == "/service":
            self._service(body)
        elif urlsplit(self.path).path == "/payer":
            self._paid(parse_qs(body.decode("utf-8", "replace")))
        else:
            self._send(404)

    def _service(self, body: bytes) -> None:
        try:
            root = fromstring(body, forbid_dtd=True)
        except ParseError:
            self._fault("T0", "Requete illisible")
            return
        told = {str(each.tag).rpartition("}")[2]: (each.text or "") for each in root.iter() if each.text}
        names = {str(each.tag).rpartition("}")[2] for each in root.iter()}
        if "creerPaiementSecurise" in names:
            self._open({name: told.get(name, "") for name in WANTED})
        elif "recupererDetailPaiementSecurise" in names:
            self._detail(told.get("idOp", ""))
        else:
            self._fault("T0", "Operation inconnue")

    def _open(self, asked: dict[str, str]) -> None:
        wrong = {
            "T1": not re.fullmatch(r"\d{1,6}", asked["numcli"]),
            "T3": not re.fullmatch(r"[A-Za-z0-9]{6,30}", asked["refdet"]),
            "T4": not asked["montant"].isdigit() or int(asked["montant"]) < 100, "T5": "@" not in asked["mel"],
            "T6": asked["saisie"] != "T", "T7": not re.fullmatch(r"[A-Za-z0-9 -]{1,99}", asked["objet"]),
        }  # fmt: skip
        for code, is_wrong in wrong.items():
            if is_wrong:
                self._fault(code, "Parametre incorrect")
                return
        id = str(uuid.uuid4())
        self.server.operations[id] = Operation(asked)
        self._answer("creerPaiementSecurise", {"idOp": id})

    def _detail(self, id: str) -> None:
        operation = self.server.operations.get(id)
        if operation is None:
            self._fault("P1", "IdOp inconnu")
        elif not operation.result:
            self._fault("P5", "Resultat indisponible")
        else:
            asked = operation.asked
            told = {name: asked[name] for name in ("exer", "mel", "montant", "numcli", "objet", "refdet", "saisie")}
            day, hour = operation.at.split()
            more = {"dattrans": day, "heurtrans": hour, "idOp": id, "numauto": operation.number}
            self._answer("recupererDetailPaiementSecurise", told | more | {"resultrans": operation.result})

    def _paid(self, form: dict[str, list[str]]) -> None:
        """The button that was pressed; then, as PayFiP does: the machine is told, the browser led back."""
        id, result = form.get("idop", [""])[0], form.get("resultat", [""])[0]
        operation = self.server.operations.get(id)
        if operation is None or result not in RESULTS:
            self._send(404)
            return
        if not operation.result:
            _end(operation, result)
        _notify(operation.asked["urlnotif"], id)
        self._send(303, location=operation.asked["urlredirect"])

    def _page(self, id: str, operation: Operation) -> None:
        english = self.headers.get("Accept-Language", "").startswith("en")
        with translation.override("en" if english else "fr"):
            euros = int(operation.asked["montant"]) / 100
            facts = {"id": id, "asked": operation.asked, "euros": euros, "ended": operation.result}
            context = Context(facts | {"language": translation.get_language()})
            self._send(200, TEMPLATES.get_template("pay.html").render(context).encode())

    def _answer(self, operation: str, fields: Mapping[str, str]) -> None:
        inside = "".join(f"<r:{name}>{escape(value)}</r:{name}>" for name, value in fields.items())
        name = f"{operation}Response"
        self._soap(200, f'<s:{name} xmlns:s="urn:service" xmlns:r="{ANSWERS}"><return>{inside}</return></s:{name}>')

    def _fault(self, code: str, words: str) -> None:
        inside = f"<code>{code}</code><descriptif>{words}</descriptif><libelle>{words}</libelle><severite>2</severite>"
        detail = f"<detail><e:FonctionnelleErreur xmlns:e='urn:service'>{inside}</e:FonctionnelleErreur></detail>"
        self._soap(500, f"<S:Fault><faultcode>S:Server</faultcode><faultstring>{words}</faultstring>{detail}</S:Fault>")

    def _soap(self, status: int, body: str) -> None:
        whole = f'<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>{body}</S:Body></S:Envelope>'
        self._send(status, f'<?xml version="1.0" encoding="UTF-8"?>{whole}'.encode(), kind="text/xml; charset=utf-8")

    def _send(
        self, status: int, body: bytes = b"", *, kind: str = "text/html; charset=utf-8", location: str = ""
    ) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)


def _end(operation: Operation, result: str) -> None:
    operation.result, operation.at = result, f"{now().astimezone(LOCAL):%d%m%Y %H%M}"
    operation.number = uuid.uuid4().hex[:12].upper()


def _notify(url: str, id: str) -> None:
    """Tell the platform, on this machine only; a platform that does not answer is not waited for."""
    parts = urlsplit(url)
    if parts.hostname not in ("127.0.0.1", "localhost"):
        return
    with contextlib.suppress(OSError, http.client.HTTPException):
        line = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=5)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", parts.path, urlencode({"idop": id}), headers)
        line.getresponse().read()
        line.close()


def _listening(port: int) -> _Server:
    failure = OSError("no free port")
    candidates = [*range(port, min(port + PORTS, 65_536))] if port else []
    for candidate in [*candidates, 0]:
        try:
            return _Server(("127.0.0.1", candidate))
        except OSError as error:
            failure = error
    raise failure
