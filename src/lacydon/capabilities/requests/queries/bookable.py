"""What one can take an appointment for, and in which communes; in memory: every sheet of a service asks for it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.errors import Refused
from lacydon.kernel.snapshots import Snapshot

from ..models import CounterDesk, Motive

SNAPSHOT = "requests.appointments"


@dataclass(frozen=True, slots=True)
class Bookable:
    """A motive that somebody receives for; `communes`: INSEE codes of those with a place that does."""

    id: str
    name: Any
    forms: frozenset[str]
    services: frozenset[str]
    communes: frozenset[str]


def bookable(*, form: str = "", service: str = "", citycode: str = "") -> list[Bookable]:
    """The motives that go with a form or a service, where a place receives in this commune (anywhere, without one)."""
    where = commune_of(citycode)
    return [
        each
        for each in _held()
        if ((form and form in each.forms) or (service and service in each.services))
        and (where is None or where in each.communes)
    ]


def commune_of(citycode: str) -> str | None:
    """The commune of a code, which may be that of an arrondissement; a code of nowhere stays what it is."""
    try:
        return territory.place_of(citycode).commune.code if citycode else None
    except Refused:
        return citycode


def _build() -> tuple[Bookable, ...]:
    communes: dict[str, set[str]] = defaultdict(set)
    for desk in CounterDesk.objects.filter(active=True, place__active=True).select_related("place"):
        for id in desk.motives:
            communes[id].add(desk.place.citycode)
    return tuple(
        Bookable(each.id, each.name, frozenset(each.forms), frozenset(each.services), frozenset(communes[each.id]))
        for each in Motive.objects.filter(active=True, id__in=communes).order_by("position", "id")
    )


_held = Snapshot(SNAPSHOT, _build)
