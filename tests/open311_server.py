"""The system of a commune, as others run it: a small and faithful Open311 GeoReport v2 server that keeps what it is sent.

In the process of a test: `with open311_server.running() as theirs: … theirs.solve(id, "Bac remplacé")`. On its own, for a
browser's journey: `python -m tests.open311_server PORT`; then `POST /_do` with JSON, such as {"mode": "down"} or
{"solve": "1001", "notes": "…"}, and `GET /_kept` says what it holds. `mode`:

- `up`; `down` (hangs up without a word); `broken` (503);
- `slow` (gives its answer byte by byte, too slowly); `silent` (takes the request, answers nothing);
- `forgetful` (makes the request, then hangs up: its answer is lost); `holding` (makes it, answers when `release` is set); `twice` (says the same request twice);
- `refusing` (400); `locked` (403); `nonsense` (200, and a page of HTML).
"""

import email.parser
import email.policy
import json
import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

SERVICES = {
    "BIN-BROKEN": "Bac cassé",
    "POTHOLE": "Trou dans la chaussée",
}
ATTRIBUTES = [
    {
        "variable": True,
        "code": "SIZE",
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": "",
        "order": 1,
        "description": "Quelle taille ?",
        "values": [{"key": "small", "name": "Petit"}, {"key": "large", "name": "Grand"}],
    }
]
LONGEST_SILENCE = 20.0


@dataclass
class Open311Server:
    """What it keeps and how it behaves. `api_key` empty: none is asked. `tokens`: it gives a token first."""

    api_key: str = "secret-key"
    jurisdiction: str = ""
    mode: str = "up"
    tokens: bool = False
    lists: bool = True
    updates: bool = False
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    media: dict[str, list[tuple[str, str, bytes]]] = field(default_factory=dict)
    news: list[dict[str, Any]] = field(default_factory=list)
    heard: list[dict[str, str]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    numbered: dict[str, str] = field(default_factory=dict)
    release: threading.Event = field(default_factory=threading.Event)
    made: threading.Event = field(default_factory=threading.Event)
    url: str = ""
    port: int = 0
    clock: Any = field(default=lambda: datetime.now(UTC))

    def solve(self, id: str, notes: str = "") -> None:
        self.move(id, "closed", notes)

    def move(self, id: str, status: str, notes: str = "") -> None:
        """Into another status, said in `requests` (open or closed), and word for word in the updates."""
        self.kept[id] |= {
            "status": status if status in ("open", "closed") or not self.updates else "open",
            "status_notes": notes,
            "updated_datetime": self._now(),
        }
        update = {"update_id": str(len(self.news) + 1), "service_request_id": id, "status": status}
        self.news.append(update | {"description": notes, "updated_datetime": self._now(), "media_url": ""})

    def make(self, form: dict[str, list[str]], media: list[tuple[str, str, bytes]]) -> tuple[int, Any]:
        """POST Service Request: (status, answer)."""

        def given(name: str) -> str:
            return form.get(name, [""])[0]

        if self.api_key and given("api_key") != self.api_key:
            return 403, [{"code": 403, "description": "api_key is wrong or missing"}]
        if self.jurisdiction and given("jurisdiction_id") != self.jurisdiction:
            return 404, [{"code": 404, "description": "jurisdiction_id was not found"}]
        if given("service_code") not in SERVICES:
            return 404, [{"code": 404, "description": "service_code was not found"}]
        if not (given("lat") and given("long")) and not given("address_string") and not given("address_id"):
            return 400, [{"code": 400, "description": "a location is required"}]
        if len(given("description")) > 4_000:
            return 400, [{"code": 400, "description": "description is longer than 4000 characters"}]
        id = str(1001 + len(self.kept))
        self.kept[id] = {
            "service_request_id": id,
            "status": "open",
            "status_notes": "",
            "service_name": SERVICES[given("service_code")],
            "service_code": given("service_code"),
            "description": given("description"),
            "agency_responsible": "Services techniques",
            "service_notice": "",
            "requested_datetime": self._now(),
            "updated_datetime": self._now(),
            "expected_datetime": "",
            "address": given("address_string"),
            "address_id": "",
            "zipcode": "",
            "lat": float(given("lat")) if given("lat") else None,
            "long": float(given("long")) if given("long") else None,
            "media_url": given("media_url"),
        }
        self.sent[id], self.media[id] = form, media
        if self.tokens:
            return 200, [{"token": f"t-{id}", "service_notice": "", "account_id": ""}]
        made = {"service_request_id": id, "service_notice": "Merci.", "account_id": ""}
        return 200, [made, made] if self.mode == "twice" else [made]

    def listed(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        """GET Service Requests, filtered as asked; at most 90 days; pages are an extension that it offers."""
        rows = list(self.kept.values())
        if ids := query.get("service_request_id"):
            return [row for row in rows if row["service_request_id"] in ids[0].split(",")]
        if codes := query.get("service_code"):
            rows = [row for row in rows if row["service_code"] in codes[0].split(",")]
        if statuses := query.get("status"):
            rows = [row for row in rows if row["status"] in statuses[0].split(",")]
        until = _moment(query.get("end_date"), self.clock())
        since = _moment(query.get("start_date"), until - timedelta(days=90))
        rows = [row for row in rows if since <= datetime.fromisoformat(row["requested_datetime"]) <= until]
        page, size = (int(query.get(name, [default])[0]) for name, default in (("page", "1"), ("page_size", "1000")))
        return rows[(page - 1) * size : page * size]

    def _now(self) -> str:
        return str(self.clock().astimezone(UTC).isoformat(timespec="seconds"))


def _moment(given: list[str] | None, default: datetime) -> datetime:
    return datetime.fromisoformat(given[0].replace("Z", "+00:00")) if given else default


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    theirs: Open311Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.theirs.asked.append(("GET", self.path))
        query = parse_qs(parts.query)
        if parts.path == "/_kept":
            return self._send(200, list(self.theirs.kept.values()), "json")
        if self._misbehaves():
            return None
        found = re.fullmatch(r"/(?P<what>[a-z]+)(?:/(?P<id>[^/]+))?\.(?P<format>json|xml)", parts.path)
        if found is None:
            return self._send(404, [{"code": 404, "description": "not found"}], "json")
        what, id, form = found["what"], unquote(found["id"] or ""), found["format"]
        match what, bool(id):
            case "discovery", False:
                return self._send(200, self._discovery(), form)
            case "services", False:
                return self._send(200, [self._service(code) for code in SERVICES], form)
            case "services", True if id in SERVICES:
                return self._send(200, {"service_code": id, "attributes": ATTRIBUTES}, form)
            case "requests", False if self.theirs.lists:
                return self._send(200, self.theirs.listed(query), form)
            case "requests", True if id in self.theirs.kept:
                return self._send(200, [self.theirs.kept[id]], form)
            case "tokens", True:
                number = self.theirs.numbered.get(id, "")
                return self._send(200, [{"service_request_id": number, "token": id}], form)
            case "servicerequestupdates", False if self.theirs.updates:
                return self._send(200, self.theirs.news, form)
        return self._send(404, [{"code": 404, "description": "not found"}], form)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.theirs.asked.append(("POST", self.path))
        if self.path == "/_do":
            return self._told(json.loads(body))
        if self.theirs.mode in ("forgetful", "holding"):
            self.theirs.make(*self._form(body))
            self.theirs.made.set()
            if self.theirs.mode == "holding":
                self.theirs.release.wait(LONGEST_SILENCE)
            return self._hang_up()
        if self._misbehaves():
            return None
        if self.path == "/servicerequestupdates.json" and self.theirs.updates:
            form, _media = self._form(body)
            self.theirs.heard.append({name: values[0] for name, values in form.items()})
            return self._send(200, [{"update_id": f"u-{len(self.theirs.heard)}"}], "json")
        if not re.fullmatch(r"/requests\.(json|xml)", self.path):
            return self._send(404, [{"code": 404, "description": "not found"}], "json")
        status, answer = self.theirs.make(*self._form(body))
        return self._send(status, answer, self.path.rpartition(".")[2])

    def _told(self, asked: dict[str, Any]) -> None:
        """What a journey does in the name of the commune's agents."""
        if "mode" in asked:
            self.theirs.mode = asked["mode"]
        if "solve" in asked:
            self.theirs.solve(asked["solve"], asked.get("notes", ""))
        if "move" in asked:
            self.theirs.move(asked["move"], asked["status"], asked.get("notes", ""))
        self._send(200, {"done": True}, "json")

    def _misbehaves(self) -> bool:
        match self.theirs.mode:
            case "down":
                self._hang_up()
            case "broken":
                self._send(503, [{"code": 503, "description": "maintenance"}], "json")
            case "refusing":
                self._send(400, [{"code": 400, "description": "Le champ SIZE manque"}], "json")
            case "locked":
                self._send(403, [{"code": 403, "description": "api_key is wrong or missing"}], "json")
            case "nonsense":
                self._raw(200, b"<html>Bienvenue</html>", "text/html")
            case "silent":
                self.theirs.release.wait(LONGEST_SILENCE)
                self._hang_up()
            case "slow":
                self._drip()
            case _:
                return False
        return True

    def _drip(self) -> None:
        """One byte at a time, for ever: each read succeeds, the whole never comes."""
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        try:
            while not self.theirs.release.wait(0.05):
                self.wfile.write(b" ")
                self.wfile.flush()
        except OSError:
            pass
        self.close_connection = True

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _form(self, body: bytes) -> tuple[dict[str, list[str]], list[tuple[str, str, bytes]]]:
        """Fields and files, urlencoded or multipart."""
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("multipart/form-data"):
            fields: dict[str, list[str]] = {}
            for name, value in parse_qsl(body.decode(), keep_blank_values=True):
                fields.setdefault(name, []).append(value)
            return fields, []
        head = f"Content-Type: {kind}\r\n\r\n".encode()
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        fields, files = {}, []
        for part in message.iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            if part.get_filename():
                files.append((str(part.get_filename()), part.get_content_type(), content))
            else:
                fields.setdefault(name, []).append(content.decode())
        return fields, files

    def _discovery(self) -> dict[str, Any]:
        endpoint = {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": self.theirs.url,
            "changeset": "2026-01-01 00:00",
            "type": "test",
            "formats": ["application/json", "text/xml"],
        }
        return {"changeset": "2026-01-01 00:00", "contact": "mairie", "key_service": "", "endpoints": [endpoint]}

    def _service(self, code: str) -> dict[str, Any]:
        return {
            "service_code": code,
            "service_name": SERVICES[code],
            "description": SERVICES[code],
            "metadata": code == "BIN-BROKEN",
            "type": "realtime",
            "keywords": "",
            "group": "rue",
        }

    def _send(self, status: int, answer: Any, form: str) -> None:
        if form == "xml":
            self._raw(status, _xml(answer).encode(), "text/xml; charset=utf-8")
        else:
            self._raw(status, json.dumps(answer).encode(), "application/json; charset=utf-8")

    def _raw(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        pass


def _xml(answer: Any, *, name: str = "response") -> str:
    if isinstance(answer, list):
        return f"<{name}>{''.join(_xml(each, name='item') for each in answer)}</{name}>"
    if isinstance(answer, dict):
        return f"<{name}>{''.join(_xml(value, name=key) for key, value in answer.items())}</{name}>"
    return f"<{name}>{escape('' if answer is None else str(answer))}</{name}>"


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: object) -> None:
        """A client that hangs up is part of these tests."""


@contextmanager
def running(*, port: int = 0, **how: Any) -> Iterator[Open311Server]:
    """One in a thread of this process."""
    theirs = Open311Server(**how)
    server = _Quiet(("127.0.0.1", port), type("Mine", (Handler,), {"theirs": theirs}))
    theirs.port = server.server_address[1]
    theirs.url = f"http://127.0.0.1:{theirs.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield theirs
    finally:
        theirs.release.set()
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    with running(port=int(sys.argv[1])) as theirs:
        print(theirs.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
