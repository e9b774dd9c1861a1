"""What a connector must offer so that a source of real time can be asked through it, and their registry.

The machinery (actions/live) decides when: it holds the turn, the quota, the delays after failures. The connector does
one thing: **ask** once, about what it is told, and say what was answered. It raises `Unavailable` (a sentence in it)
when the source does not answer as it should; whatever the bytes are, nothing else is raised.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.kernel.http import Answer, HttpClient, OutsideUnavailable, Timeout, partner, partner_address

from ..errors import NotWhatWasAsked
from .said import Said
from .stations import SaidStations

LARGEST: Final = 32_000_000
"""Bytes of one answer, once unfolded."""
PATIENCE: Final = Timeout(connect=3.0, read=8.0, total=12.0)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is asked about: a stop or a line, in the words of the source. `id`: ours."""

    kind: str
    """`stop`, `line`, `news` (messages), `state` (is it there?)."""
    ref: str = ""
    id: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.ref}" if self.ref else self.kind


WHOLE: Final = Subject(kind="whole")
"""All that the source knows, in one answer."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question to a source."""

    source: str
    urls: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    subject: Subject = WHOLE
    now: int = 0
    """Seconds since 1970."""
    patience: Timeout = PATIENCE
    refresh: bool = False
    """What changes seldom (names and places of stations) is to be asked again too."""

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """GET: what answers 200. Raises OutsideUnavailable, AddressRefused."""
        answer = self._client().get(partner_address(url), headers={**self._headers(), **(headers or {})})
        return self._good(answer)

    def post(self, url: str, content: bytes, *, headers: Mapping[str, str] | None = None) -> Answer:
        """POST, never twice. Answers 200 and 500, which is how SOAP says its faults."""
        answer = self._client().request(
            "POST", partner_address(url), content=content, headers={**self._headers(), **(headers or {})}
        )
        return self._good(answer, or_else=500)

    def secret(self, name: str) -> str:
        """A secret of this source: LACYDON_LIVE_SECRETS, `source.name=value`."""
        found: str = settings.LIVE_SECRETS.get(f"{self.source}.{name}", "")
        return found

    def _client(self) -> HttpClient:
        name = f"live-{self.source}"
        return partner(name, largest=LARGEST, retries=0, patience=self.patience, readable=(500,))

    def _headers(self) -> dict[str, str]:
        """Headers that the source wants; `{name}` in one is a secret."""
        told = self.options.get("headers")
        return {
            str(name): _filled(str(value), self.secret)
            for name, value in (told.items() if isinstance(told, Mapping) else ())
        }

    def _good(self, answer: Answer, *, or_else: int = 200) -> Answer:
        if answer.status not in (200, or_else):
            raise OutsideUnavailable(_("La source a répondu par le code %d.") % answer.status)
        return answer

    def address(self, url: str) -> str:
        """The address with its secrets, written `{name}` in it."""
        return _filled(url, self.secret)


def _filled(text: str, secret: Callable[[str], str]) -> str:
    parts = text.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        filled.append(secret(name) + rest if closed else "{" + part)
    return "".join(filled)


def looks_like_a_page(content: bytes) -> bool:
    """Whether an answer is a web page, as a proxy or a portal that asks for a password gives in place of data."""
    begin = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return begin.startswith((b"<!doctype html", b"<html")) or b"<html" in begin


def no_page(content: bytes) -> None:
    """Raises NotWhatWasAsked when it is a web page, or nothing."""
    if not content.strip():
        raise NotWhatWasAsked(_("La source a répondu sans rien dire (réponse vide)."))
    if looks_like_a_page(content):
        raise NotWhatWasAsked(_("La source a répondu par une page web (HTML) au lieu de données."))


class LiveConnector(Protocol):
    """A way of asking."""

    kind: str
    title: Any

    def ask(self, question: Question) -> Said | SaidStations:
        """Raises Unavailable, AddressRefused, NotWhatWasAsked."""

    def subjects(self, options: Mapping[str, Any], /) -> tuple[str, ...]:
        """Kinds of subjects that these options let ask about: `whole` for a source that tells all at once; else it is
        asked about the stops and lines that people look at, one at a time (`stop`, `line`, `news`, `state`)."""


class LiveConnectors:
    """The registry of the port, by kind."""

    def __init__(self) -> None:
        self._kinds: dict[str, LiveConnector] = {}

    def plug(self, connector: LiveConnector) -> None:
        """The same kind twice replaces it, so that a module can be imported again."""
        self._kinds[connector.kind] = connector

    def get(self, kind: str) -> LiveConnector | None:
        return self._kinds.get(kind)

    def kinds(self) -> list[str]:
        return sorted(self._kinds)

    @contextmanager
    def only(self, *connectors: LiveConnector) -> Iterator[None]:
        """For tests: these and no other."""
        before = self._kinds
        self._kinds = {each.kind: each for each in connectors}
        try:
            yield
        finally:
            self._kinds = before


live_connectors = LiveConnectors()
