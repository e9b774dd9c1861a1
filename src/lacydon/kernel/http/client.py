"""Asking an outside system, without letting it keep us waiting, fill the memory or lead us elsewhere."""

import json
import random
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO
from urllib.parse import urljoin

import httpx
import structlog
from django.conf import settings
from django.utils.translation import gettext as _

import lacydon

from .. import metrics
from ..errors import Unavailable
from .breaker import Breaker
from .resolution import AddressRefused, PinnedTransport

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods that may be asked again (RFC 9110, section 9.2.2)."""
PASSING = frozenset({429, 500, 502, 503, 504})
"""Answers that another try may change."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5
UNFOLDED = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
"""Compressions that are read: one, and of those that swell a thousandfold at most. A piece is unfolded whole before it
can be measured, and brotli, or gzip inside gzip, makes gigabytes of one."""
CACHED = 64
"""Answers kept with their ETag; each of at most CACHED_BYTES."""
CACHED_BYTES = 1_000_000
log = structlog.get_logger("lacydon.http")


class OutsideUnavailable(Unavailable):
    """An outside system does not answer, or not as it should."""

    code = "outside-unavailable"


class AnswerTooLarge(OutsideUnavailable):
    code = "answer-too-large"


@dataclass(frozen=True)
class Timeout:
    """Seconds: to connect, between two pieces of an answer, and for everything (tries and waits included)."""

    connect: float = 3.0
    read: float = 10.0
    total: float = 30.0


@dataclass(frozen=True)
class Answer:
    """What an outside system answered. `unchanged` when it said that what we held is still right (304)."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    unchanged: bool = False

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """The content as JSON. Raises OutsideUnavailable when it is not."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise OutsideUnavailable(_("La source a répondu autre chose que du JSON.")) from error


@dataclass
class _Held:
    """Answers by address, each with what proves it is still right; the least used goes first."""

    answers: "OrderedDict[tuple[str, str], Answer]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: tuple[str, str]) -> Answer | None:
        with self.lock:
            if key in self.answers:
                self.answers.move_to_end(key)
            return self.answers.get(key)

    def keep(self, key: tuple[str, str], answer: Answer) -> None:
        if not ("etag" in answer.headers or "last-modified" in answer.headers):
            return
        if len(answer.content) > CACHED_BYTES or "no-store" in answer.headers.get("cache-control", ""):
            return
        with self.lock:
            self.answers[key] = answer
            while len(self.answers) > CACHED:
                self.answers.popitem(last=False)


class HttpClient:
    """One for each connector, kept: it holds connections, the state of circuits, and answers with their ETag.

    `name` shows in the User-Agent and in the logs. `allowed` names hosts that may be private (a source on this very
    machine or in this data centre). `retries` counts the tries after the first, for methods that may be asked again.
    `largest` is in bytes, once decompressed. `readable`: answers from 500 on say something (a SOAP fault is one).
    """

    def __init__(
        self,
        *,
        name: str,
        timeout: Timeout | None = None,
        retries: int = 2,
        largest: int = 10_000_000,
        allowed: Iterable[str] = (),
        breaker: Breaker | None = None,
        readable: Iterable[int] = (),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self.timeout = timeout or Timeout()
        self.retries = retries
        self.largest = largest
        self.breaker = breaker or Breaker()
        self.readable = frozenset(readable)
        self._sleep = sleep
        self._held = _Held()
        self._client = httpx.Client(
            transport=PinnedTransport(allowed=frozenset(allowed)),
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": user_agent(name), "Accept-Encoding": "gzip, deflate"},
        )

    def close(self) -> None:
        self._client.close()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int | float] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for `url`; an answer held with an ETag is asked for again only if it has changed."""
        target = str(httpx.URL(url, params=dict(params))) if params else url
        key = (target, json.dumps(sorted((headers or {}).items())))
        held = self._held.get(key)
        asked = dict(headers or {})
        if held is not None:
            if etag := held.headers.get("etag"):
                asked["If-None-Match"] = etag
            if modified := held.headers.get("last-modified"):
                asked["If-Modified-Since"] = modified
        answer = self.request("GET", target, headers=asked)
        if answer.status == 304 and held is not None:
            return replace(held, unchanged=True)
        if answer.status == 200:
            self._held.keep(key, answer)
        return answer

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        into: BinaryIO | None = None,
    ) -> Answer:
        """Ask, again if need be. Answers below 500 (429 excepted) are returned; the others raise.

        `into`: a file that takes the content of the answer, which then is not held in memory.

        Raises OutsideUnavailable, AnswerTooLarge, AddressRefused.
        """
        deadline = time.monotonic() + self.timeout.total
        target = _checked(url)
        host = target.host
        if not self.breaker.allows(host):
            metrics.outside_called(host=host, outcome="open")
            raise OutsideUnavailable(_("« %s » ne répond plus depuis un moment ; réessayez plus tard.") % host)
        try:
            answer = self._persistently(
                method, target, headers=headers or {}, content=content, deadline=deadline, into=into
            )
        except AddressRefused:
            self.breaker.succeeded(host)
            metrics.outside_called(host=host, outcome="refused")
            raise
        except BaseException as error:
            self.breaker.failed(host)
            metrics.outside_called(host=host, outcome="error")
            log.warning("outside-failed", client=self.name, host=host, why=type(error).__name__)
            raise
        self.breaker.succeeded(host)
        metrics.outside_called(host=host, outcome="ok")
        return answer

    def _persistently(
        self,
        method: str,
        url: httpx.URL,
        *,
        headers: Mapping[str, str],
        content: bytes | None,
        deadline: float,
        into: BinaryIO | None = None,
    ) -> Answer:
        tries = 1 + (self.retries if method in IDEMPOTENT else 0)
        for attempt in range(1, tries + 1):
            asked_to_wait: float | None = None
            failure: Exception | None = None
            try:
                answer = self._following(method, url, headers=headers, content=content, deadline=deadline, into=into)
            except httpx.InvalidURL as error:  # httpx reads the address of a redirect before we do
                raise AddressRefused(_("« %s » renvoie vers une adresse mal formée.") % url.host) from error
            except httpx.TransportError as error:
                failure = error
            else:
                if answer.status not in PASSING or answer.status in self.readable:
                    return answer
                asked_to_wait = _seconds(answer.headers.get("retry-after", ""))
            # Full jitter: clients that failed together do not come back together.
            pause = asked_to_wait if asked_to_wait is not None else random.uniform(0, 0.25 * 2**attempt)  # noqa: S311
            if attempt == tries or time.monotonic() + pause >= deadline:
                break
            self._sleep(pause)
        raise OutsideUnavailable(_("« %s » ne répond pas comme il faut.") % url.host) from failure

    def _following(
        self,
        method: str,
        url: httpx.URL,
        *,
        headers: Mapping[str, str],
        content: bytes | None,
        deadline: float,
        into: BinaryIO | None = None,
    ) -> Answer:
        """One try, redirects included: each new address is checked like the first."""
        for _hop in range(MOST_REDIRECTS + 1):
            answer = self._once(method, url, headers=headers, content=content, deadline=deadline, into=into)
            if answer.status not in REDIRECTS or "location" not in answer.headers or method not in ("GET", "HEAD"):
                return answer
            target = _checked(urljoin(str(url), answer.headers["location"]))
            if url.scheme == "https" and target.scheme != "https":
                raise AddressRefused(_("« %s » renvoie vers une adresse qui n'est pas protégée.") % url.host)
            if (target.scheme, target.host, target.port) != (url.scheme, url.host, url.port):
                headers = {name: value for name, value in headers.items() if name.lower() not in PRIVATE}
            url = target
        raise OutsideUnavailable(_("« %s » renvoie sans fin d'une adresse à une autre.") % url.host)

    def _once(
        self,
        method: str,
        url: httpx.URL,
        *,
        headers: Mapping[str, str],
        content: bytes | None,
        deadline: float,
        into: BinaryIO | None = None,
    ) -> Answer:
        left = max(0.05, deadline - time.monotonic())
        timeout = httpx.Timeout(min(self.timeout.read, left), connect=min(self.timeout.connect, left))
        with self._client.stream(method, url, headers=dict(headers), content=content, timeout=timeout) as response:
            if response.headers.get("Content-Encoding", "").strip().lower() not in UNFOLDED:
                raise OutsideUnavailable(_("La source a répondu dans un codage qui n’a pas été demandé."))
            announced = response.headers.get("Content-Length", "")
            if announced.isdecimal() and int(announced) > self.largest:
                raise self._too_large(url)
            pieces, size = [], 0
            if into is not None:  # a try before this one may have left something
                into.seek(0)
                into.truncate()
            for piece in response.iter_bytes():
                size += len(piece)
                if size > self.largest:
                    raise self._too_large(url)
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("the whole answer takes too long")
                if into is None:
                    pieces.append(piece)
                else:
                    into.write(piece)
            found = {name.lower(): value for name, value in response.headers.items()}
            return Answer(url=str(url), status=response.status_code, headers=found, content=b"".join(pieces))

    def _too_large(self, url: httpx.URL) -> AnswerTooLarge:
        sentence = _("La réponse de « %(host)s » dépasse %(largest)d octets.")
        return AnswerTooLarge(sentence % {"host": url.host, "largest": self.largest})


PRIVATE = frozenset({"authorization", "cookie", "proxy-authorization"})


def user_agent(name: str) -> str:
    """Who we are, and where to find us."""
    where = f"; +{settings.PUBLIC_URL}" if settings.PUBLIC_URL else ""
    return f"Lacydon/{lacydon.__version__} ({name}{where})"


def _checked(url: str) -> httpx.URL:
    """An address a connector may ask. Raises AddressRefused for another scheme, credentials, or no host."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressRefused(_("L'adresse de la source est mal formée.")) from error
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo:
        raise AddressRefused(_("L'adresse de la source doit être de la forme https://nom/chemin."))
    return parsed


def _seconds(retry_after: str) -> float | None:
    return float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else None
