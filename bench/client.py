"""A client that keeps one server busy: plain GETs on connections kept open, so that the client costs little."""

import selectors
import socket
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bench.measuring import Latencies

PATIENCE = 60.0
HEADERS = {"User-Agent": "bench", "Accept": "text/html,application/json;q=0.9"}


@dataclass
class Answers:
    """What came back: milliseconds of each answer, bytes in all (headers included), seconds of the whole."""

    milliseconds: list[float] = field(default_factory=list)
    size: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds

    @property
    def latencies(self) -> Latencies:
        return Latencies.of(self.milliseconds)

    @property
    def mean_size(self) -> float:
        return self.size / len(self.milliseconds)


class _Connection:
    """One connection of the load: sends a request, gathers its answer."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self._received = bytearray()
        self._whole = 0

    def send(self, request: bytes) -> None:
        self._received.clear()
        self._whole = 0
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> int:
        """Bytes of the whole answer once it is there, else 0. Raises RuntimeError when it is not a 200."""
        part = self.socket.recv(262_144)
        if not part:
            raise RuntimeError("the server closed the connection")
        self._received += part
        if not self._whole:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return 0
            status, *lines = bytes(self._received[:end]).decode("latin-1").split("\r\n")
            if status.split()[1] != "200":
                raise RuntimeError(f"{status}: {bytes(self._received[end:])[:500]!r}")
            headers = dict(line.lower().split(": ", 1) for line in lines)
            if headers.get("transfer-encoding") == "chunked":  # of a peer: ours say how long they are
                return len(self._received) if self._received.endswith(b"\r\n0\r\n\r\n") else 0
            self._whole = end + 4 + int(headers["content-length"])
        return self._whole if len(self._received) >= self._whole else 0


def ask(url: str, paths: Iterable[str], *, connections: int = 1, gzip: bool = False, cookie: str = "") -> Answers:
    """GET every path; each of `connections` asks for the next one as soon as it has its answer.

    `gzip`: accept compressed answers, as browsers do; `cookie`: of somebody signed in. Raises RuntimeError on any
    answer but 200.
    """
    parts = urlsplit(url)
    assert parts.hostname and parts.port
    headers = {"Host": parts.netloc, **HEADERS} | ({"Accept-Encoding": "gzip"} if gzip else {})
    headers |= {"Cookie": cookie} if cookie else {}
    tail = "".join(f"\r\n{name}: {value}" for name, value in headers.items()) + "\r\n\r\n"
    waiting = deque(f"GET {path} HTTP/1.1{tail}".encode() for path in paths)
    answers = Answers()
    began = time.perf_counter()
    with selectors.DefaultSelector() as ready:
        for _each in range(min(connections, len(waiting))):
            connection = _Connection(parts.hostname, parts.port)
            ready.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(waiting.popleft())
        while ready.get_map():
            for key, _events in ready.select(PATIENCE):
                connection = key.data
                size = connection.receive()
                if not size:
                    continue
                answers.milliseconds.append((time.perf_counter() - connection.began) * 1000)
                answers.size += size
                if waiting:
                    connection.send(waiting.popleft())
                else:
                    ready.unregister(connection.socket)
                    connection.socket.close()
    answers.seconds = time.perf_counter() - began
    return answers
