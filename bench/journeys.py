"""Residents who fill forms in, page by page, as a browser without JavaScript does; each on a connection kept open.

A journey: the first page, its posting, the next page, its posting, the summary, the sending, the receipt. What a page
asks comes from tests/territories/plausible.py; nothing is looked at but what a browser would send back.
"""

import re
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode, urlsplit

from lacydon.kernel.forms import Form
from lacydon.kernel.forms.posted import posted
from tests.territories.plausible import Spot, answers_of

PATIENCE = 60.0
STEPS = ("first page", "post 1", "second page", "post 2", "summary", "send", "receipt")
PRINT = re.compile(rb'name="empreinte" value="([^"]+)"')
LOCATION = re.compile(rb"\r\nlocation: ([^\r]+)", re.IGNORECASE)
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


@dataclass
class Done:
    """Milliseconds of each step; seconds of the whole; how many journeys reached their receipt."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0.0
    journeys: int = 0
    latest: float = 0.0
    """Seconds after its moment that a journey began, at worst: what the load could not keep up with."""

    @property
    def per_second(self) -> float:
        return self.journeys / self.seconds


class Visitor:
    """One connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname and parts.port
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tail = (
            f" HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: bench\r\nAccept: text/html\r\n"
            f"Sec-Fetch-Site: same-origin\r\nOrigin: {url}\r\n"
        )

    def get(self, path: str) -> bytes:
        """The whole answer. Raises RuntimeError when it is not a 200."""
        return self._asked(f"GET {path}{self._tail}\r\n".encode(), wanted=b"200")

    def post(self, path: str, values: Mapping[str, Sequence[str]]) -> str:
        """Where the answer leads. Raises RuntimeError when it leads nowhere."""
        body = urlencode(values, doseq=True).encode()
        head = (
            f"POST {path}{self._tail}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        )
        answer = self._asked(f"{head}\r\n".encode() + body, wanted=b"30")
        found = LOCATION.search(answer)
        assert found is not None
        return found[1].decode()

    def _asked(self, request: bytes, *, wanted: bytes) -> bytes:
        self.socket.sendall(request)
        received, whole = bytearray(), 0
        while not whole or len(received) < whole:
            part = self.socket.recv(262_144)
            if not part:
                raise RuntimeError("the server closed the connection")
            received += part
            if not whole and (end := received.find(b"\r\n\r\n")) >= 0:
                length = LENGTH.search(received[: end + 2])
                whole = end + 4 + (int(length[1]) if length else 0)
        answer = bytes(received)
        if not answer[9:12].startswith(wanted):
            raise RuntimeError(answer[:2000].decode("latin-1"))
        return answer


@dataclass(frozen=True)
class Journey:
    """A form of two pages in a commune, and what is posted to each."""

    start: str
    pages: tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]

    @classmethod
    def of(cls, form: Form, *, spot: Spot, seed: int) -> "Journey":
        answers = answers_of(form, spot=spot, draw=Random(seed))
        one, two = (
            {name: told for each in page.fields for name, told in posted(each, answers.get(each.id), each.id).items()}
            | {"faire": ["suivre"], "vu": [""]}
            for page in form.pages
        )
        return cls(f"/demarches/{form.id}/commencer?citycode={spot.citycode}", (one, two))

    def made_by(self, visitor: Visitor, done: Done, lock: threading.Lock) -> None:
        """From the first page to the receipt."""
        times = [time.perf_counter()]

        def step() -> None:
            times.append(time.perf_counter())

        visitor.get(self.start)
        step()
        onward = visitor.post(self.start, self.pages[0])
        step()
        visitor.get(onward)
        step()
        onward = visitor.post(onward, self.pages[1])
        step()
        seen = PRINT.search(visitor.get(onward))
        assert seen is not None, "no fingerprint on the summary"
        step()
        onward = visitor.post(onward.replace("/verifier", "/envoyer"), {"empreinte": [seen[1].decode()]})
        step()
        visitor.get(onward)
        step()
        with lock:
            done.journeys += 1
            for name, began, ended in zip(STEPS, times, times[1:], strict=False):
                done.milliseconds[name].append((ended - began) * 1000)


def at_once(url: str, journeys: Sequence[Journey], *, visitors: int) -> Done:
    """All of them, by so many visitors, each of whom begins the next as soon as one is done."""
    return _walked(url, journeys, visitors=visitors, rate=0.0)


def at_rate(url: str, journeys: Sequence[Journey], *, rate: float) -> Done:
    """All of them, so many begun a second whatever became of those before."""
    return _walked(url, journeys, visitors=min(len(journeys), int(rate * 2) + 8), rate=rate)


def _walked(url: str, journeys: Sequence[Journey], *, visitors: int, rate: float) -> Done:
    done, lock, waiting = Done(), threading.Lock(), iter(list(enumerate(journeys)))
    failures: list[BaseException] = []
    began = time.perf_counter()

    def walk() -> None:
        try:
            visitor = Visitor(url)
            while not failures:
                with lock:
                    number, journey = next(waiting, (0, None))
                if journey is None:
                    break
                if rate:
                    wait = began + number / rate - time.perf_counter()
                    time.sleep(max(wait, 0.0))
                    done.latest = max(done.latest, -wait)
                journey.made_by(visitor, done, lock)
            visitor.socket.close()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=walk) for _each in range(visitors)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failures:
        raise failures[0]
    done.seconds = time.perf_counter() - began
    return done
