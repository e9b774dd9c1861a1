"""A source of real time that is a real server on this machine: well, killed, slow, saying something else."""

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from threading import Thread

from tests.kernel.http.test_client import Server, send

Answer = bytes | Callable[[BaseHTTPRequestHandler], bytes | None]


class Source:
    """Answers each path with what `pages` holds: bytes, or a function that makes them (None: it answered by itself).

    `asked`: path and body of each request. `kill()` closes the door: nobody answers any more.
    """

    def __init__(self, server: Server, thread: Thread) -> None:
        self._server, self._thread = server, thread
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, bytes]] = []
        self.url, self.host = server.url, server.host
        self._closed = False
        self._lines: list[socket.socket] = []
        server.reply = self._reply

    def _reply(self, handler: BaseHTTPRequestHandler) -> None:
        self._lines.append(handler.connection)
        body: bytes = handler.body  # type: ignore[attr-defined]
        self.asked.append((handler.path, body))
        page = self.pages.get(handler.path.partition("?")[0], self.pages.get("*"))
        if callable(page):
            page = page(handler)
            if page is None:
                return None
        return send(handler, 404, b"") if page is None else send(handler, body=page)

    def kill(self) -> None:
        if not self._closed:
            self._closed = True
            self._server.server.shutdown()
            self._server.server.server_close()
            self._thread.join()
            for line in self._lines:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)


@contextmanager
def source(pages: Mapping[str, Answer] = {}) -> Iterator[Source]:
    running = Server()
    thread = Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made = Source(running, thread)
    made.pages.update(pages)
    try:
        yield made
    finally:
        made.kill()


def slow(seconds: float, then: bytes = b"late") -> Callable[[BaseHTTPRequestHandler], bytes]:
    """Answers after a while."""

    def answer(_handler: BaseHTTPRequestHandler) -> bytes:
        time.sleep(seconds)
        return then

    return answer


def page_of_a_portal(handler: BaseHTTPRequestHandler) -> None:
    """A web page where data was asked for, as a captive portal gives."""
    send(handler, body=b"<!DOCTYPE html><html><body>Connexion</body></html>", Content_Type="text/html")


def failing(status: int, body: bytes = b"oops") -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: send(handler, status, body)
