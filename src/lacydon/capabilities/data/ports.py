"""What a kind of catalogue must offer to be harvested, and the registry it is plugged into.

A catalogue is listed by its connector, which asks nothing by itself: every question goes through the `Visit`, that
holds the limits (bytes, seconds, questions) and remembers what was asked. The connector keeps nothing either:
`actions.harvesting` remembers, compares, publishes and withdraws. So a connector only has to be honest:

- it yields a `Record` for each dataset, and calls `visit.fault` for one that it cannot read, then goes on;
- it says `visit.whole = True` when it listed all of them: what lacks is then gone;
- it raises `Unavailable` when the catalogue does not answer as it should: nothing is then known to be gone.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _

from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.http import Answer, OutsideUnavailable, Timeout, partner, partner_address

LARGEST: Final = 20_000_000
"""Bytes of one answer."""
LONGEST_ADDRESS: Final = 2_000


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """What one visit may take: records, bytes, questions, seconds. What is left is for the next visit."""

    records: int = 100_000
    bytes: int = 500_000_000
    questions: int = 5_000
    seconds: float = 1_200.0
    patience: Timeout | None = None
    """For one question; by default that of `kernel.http.partner`."""


class VisitOver(Refused):
    """This visit has taken all it may."""

    code = "visit-over"


class Looping(OutsideUnavailable):
    """The catalogue leads back to what was read already."""

    code = "looping-catalogue"


class NoCatalogue(BadInput):
    """What this address answers is not a catalogue of this kind; the sentence says what was found."""

    code = "no-catalogue"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile:
    """A dcat:Distribution, as its catalogue writes it."""

    title: str = ""
    description: str = ""
    access_url: str = ""
    download_url: str = ""
    format: str = ""
    media_type: str = ""
    byte_size: int | None = None
    checksum: str = ""
    modified: datetime | None = None
    licence: str = ""


@dataclass(frozen=True, kw_only=True)
class Record:
    """A dcat:Dataset, as its catalogue writes it. `title`, `description`: {language: text}.

    `licence`, `frequency`, `themes`, `coverage` are codes, addresses or words of that catalogue:
    `queries.harvested` finds what they mean here. `url`: the page people read there.
    """

    identifier: str
    title: Mapping[str, str]
    description: Mapping[str, str] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    licence: str = ""
    rights: str = ""
    publisher: str = ""
    issued: datetime | None = None
    modified: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    coverage: tuple[str, ...] = ()
    frequency: str = ""
    hvd: str = ""
    contact_name: str = ""
    contact_email: str = ""
    url: str = ""
    schema: str = ""
    distributions: tuple[RecordFile, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that is said above: the same as last time, nothing has changed."""
        told = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


class Visit:
    """One visit to a catalogue, as its connector sees it.

    `since`: list what changed since then, if the catalogue can tell (None: all of it). `state`: what the connector
    kept last time; `keep` is what it wants next time, if this visit ends well. `cursor`: where a visit that was cut
    short had come to; `at` notes how far this one has.
    """

    def __init__(
        self,
        *,
        url: str,
        options: Mapping[str, Any] | None = None,
        state: Mapping[str, Any] | None = None,
        since: datetime | None = None,
        cursor: Any = None,
        limits: VisitLimits = VisitLimits(),
        name: str = "harvest",
    ) -> None:
        self.url = checked(url)
        self.options = dict(options or {})
        self.state = dict(state or {})
        self.since = since
        self.cursor = cursor
        self.whole = False
        self.unchanged = False
        """The catalogue said itself that nothing has changed since the last whole visit."""
        self.kept: dict[str, Any] = {}
        self.faults: list[tuple[str, str, str]] = []
        self.nameless = 0
        """Faults of records whose identifier is not known: they cannot be told from what is gone."""
        self._limits = limits
        self._name = name
        self._began = time.monotonic()
        self._bytes = 0
        self._asked: set[str] = set()

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """What the catalogue answers at this address. Raises OutsideUnavailable, AddressRefused, Looping, VisitOver."""
        if url in self._asked:
            raise Looping(_("Le catalogue renvoie à une page déjà lue : « %s ».") % url[:200])
        self._asked.add(url)
        self.check_limits()
        if len(self._asked) > self._limits.questions:
            raise VisitOver(
                _("Le catalogue a plus de %d pages : la suite à la prochaine visite.") % (len(self._asked) - 1)
            )
        client = partner(self._name, largest=LARGEST, retries=2, patience=self._limits.patience)
        answer = client.request("GET", checked(url), headers=headers)
        self._bytes += len(answer.content)
        if answer.status not in (200, 304):
            raise OutsideUnavailable(
                _("« %(url)s » a répondu %(status)d.") % {"url": url[:200], "status": answer.status}
            )
        return answer

    def check_limits(self) -> None:
        """Raises VisitOver."""
        if self._bytes > self._limits.bytes:
            raise VisitOver(
                _("Cette visite a lu plus de %d Mo : la suite à la prochaine.") % (self._limits.bytes // 1_000_000)
            )
        if self.elapsed > timedelta(seconds=self._limits.seconds):
            raise VisitOver(_("Cette visite a duré trop longtemps : la suite à la prochaine."))

    @property
    def elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)

    @property
    def most_records(self) -> int:
        return self._limits.records

    def at(self, cursor: Any) -> None:
        """How far this visit has come: JSON. All the records before were yielded."""
        self.cursor = cursor

    def keep(self, **facts: Any) -> None:
        """What to be told next time (JSON), when this visit ends well."""
        self.kept.update(facts)

    def fault(self, sentence: Any, *, identifier: str = "", title: str = "") -> None:
        """A record that cannot be read, and what to mend. Without its identifier, nothing is known to be gone."""
        self.faults.append((identifier[:500], title[:300], str(sentence)))
        self.nameless += not identifier


class Catalogue(Protocol):
    """A kind of catalogue. `example`: an address, shown beside the field; `options`: name → what it means."""

    id: str
    title: Any
    example: str
    options: Mapping[str, Any] = {}

    def records(self, visit: Visit) -> Iterator[Record]:
        """Its datasets. Raises Unavailable, NoCatalogue, VisitOver (from `visit.get`)."""


class Catalogues:
    """The registry of the port: kinds of catalogues by id."""

    def __init__(self) -> None:
        self._kinds: dict[str, Catalogue] = {}

    def plug(self, kind: Catalogue) -> None:
        """The same id twice replaces it, so that a module can be imported again."""
        self._kinds[kind.id] = kind

    def get(self, id: str) -> Catalogue | None:
        return self._kinds.get(id)

    def all(self) -> list[Catalogue]:
        return [self._kinds[id] for id in sorted(self._kinds)]

    @contextmanager
    def only(self, *kinds: Catalogue) -> Iterator[None]:
        """For tests: these kinds and no other."""
        before = self._kinds
        self._kinds = {kind.id: kind for kind in kinds}
        try:
            yield
        finally:
            self._kinds = before


catalogues = Catalogues()


def checked(url: str) -> str:
    """An address that a catalogue led to. Raises AddressRefused, OutsideUnavailable."""
    if len(url) > LONGEST_ADDRESS:
        raise OutsideUnavailable(_("Le catalogue renvoie à une adresse de plus de %d caractères.") % LONGEST_ADDRESS)
    partner_address(url.split("#")[0])
    return url
