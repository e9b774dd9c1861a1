"""What an agent asks the queue for: read from an address, said again as an address. What is unknown is no filter."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.utils.translation import gettext_lazy as _l

from ..models import RequestState
from ..models.requests import FAR

TODO, LATE, SOON, WAITING, CLOSED, ALL = "a-traiter", "retard", "bientot", "attente", "closes", "toutes"
SHOWN: Mapping[str, Any] = {
    TODO: _l("À traiter"),
    LATE: _l("En retard"),
    SOON: _l("À rendre sous 7 jours"),
    WAITING: _l("En attente de l’habitant"),
    CLOSED: _l("Closes"),
    ALL: _l("Toutes"),
}
"""The parts of the queue. `a-traiter`: open, and not waiting for the resident."""
WANTED, NEWEST, OLDEST = "echeance", "recentes", "anciennes"
ORDERS: Mapping[str, Any] = {
    WANTED: _l("Les plus urgentes d’abord"),
    NEWEST: _l("Les plus récentes d’abord"),
    OLDEST: _l("Les plus anciennes d’abord"),
}
ME, NOBODY = "moi", "personne"
YEARS = (1970, FAR.year)
"""Moments that a place may have: at the ends of the calendar there is none in another zone."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (or before) a row, which is a moment and an id in the order of the page."""

    moment: datetime
    id: UUID
    before: bool = False

    def __str__(self) -> str:
        return urlsafe_b64encode(f"{self.moment.isoformat()}|{self.id}".encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Filters:
    """`assignee`: `moi`, `personne`, or somebody's pseudonym. `number`: the number, or signs of it."""

    shown: str = TODO
    state: str = ""
    service: str = ""
    skill: str = ""
    commune: str = ""
    assignee: str = ""
    source: str = ""
    number: str = ""
    order: str = ""

    @property
    def open(self) -> bool:
        return self.shown not in (CLOSED, ALL)

    @property
    def sorted_by(self) -> str:
        """What is open is sorted by when it is wanted, unless asked; what is not, by when it came."""
        if not self.open:
            return self.order if self.order == OLDEST else NEWEST
        return self.order or WANTED

    @property
    def any(self) -> bool:
        """Whether something beside the part of the queue and the order is asked."""
        return any(name not in ("vue", "tri") for name, _value in self.pairs())

    def pairs(self) -> Iterator[tuple[str, str]]:
        for name, of in NAMES.items():
            value = getattr(self, of)
            if value and not (name == "vue" and value == TODO):
                yield name, value

    def __str__(self) -> str:
        return urlencode(list(self.pairs()))

    def but(self, **changed: str) -> "Filters":
        return replace(self, **changed)


NAMES: Mapping[str, str] = {
    "vue": "shown", "etat": "state", "service": "service", "competence": "skill", "commune": "commune",
    "agent": "assignee", "source": "source", "numero": "number", "tri": "order",
}  # fmt: skip
"""The name of each filter in an address."""


def asked(parameters: Mapping[str, str]) -> Filters:
    """The filters of an address."""
    told = {of: str(parameters.get(name, "")).strip()[:120] for name, of in NAMES.items()}
    if told["shown"] not in SHOWN:
        told["shown"] = TODO
    if told["state"] not in RequestState.values:
        told["state"] = ""
    if told["order"] not in ORDERS:
        told["order"] = ""
    if told["assignee"] not in ("", ME, NOBODY) and not _uuid(told["assignee"]):
        told["assignee"] = ""
    return Filters(**told)


def read(query: str) -> Filters:
    """The same from a query string, as a saved view or a link keeps it."""
    return asked(dict(parse_qsl(query[:600])))


def cursor(parameters: Mapping[str, str]) -> Cursor | None:
    """Where the page asked for begins; None for the first page, and for what is no place."""
    for name in ("apres", "avant"):
        text = str(parameters.get(name, ""))[:120]
        if not text:
            continue
        try:
            moment, _bar, id = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii").partition("|")
            at = datetime.fromisoformat(moment)
            if at.tzinfo is None or not YEARS[0] <= at.year <= YEARS[1]:
                return None
            return Cursor(at, UUID(id), before=name == "avant")
        except ValueError:
            return None
    return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
