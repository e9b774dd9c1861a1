"""The timetable of a place for its poster: by line and end, by kind of day, the minutes of each hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.clock import LOCAL

from ..live import LiveState
from ..timetable import Place, Timetable, start_of
from .board import between
from .nouns import Departure
from .planned import candidates
from .spoken import Spoken
from .words import badge

DAYS: Final[Mapping[str, Any]] = {
    "week": _l("Du lundi au vendredi"), "saturday": _l("Samedi"), "sunday": _l("Dimanche")
}  # fmt: skip
FROM, TO = 3 * 3_600, 27 * 3_600
"""A day of service on a poster: from three in the morning to three in the next."""
AHEAD: Final = 14
"""Days among which a usual one of each kind is looked for: the one on which most leaves from here."""


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of a poster: « 7 », and the minutes of each kind of day."""

    hour: int
    minutes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What leaves towards one end."""

    line: str
    badge: SafeString
    headsign: str
    hours: tuple[Hour, ...]
    every: tuple[tuple[str, ...], ...]
    """By kind of day: « toutes les 10 min de 7 h 00 à 9 h 00 »."""


@dataclass(frozen=True, slots=True)
class Sheet:
    days: tuple[tuple[str, date], ...]
    """Kind of day and the day that was read."""
    tables: tuple[Table, ...]


@lru_cache(maxsize=64)
def sheet(table: Timetable, place: Place, *, today: date, lang: str) -> Sheet:  # noqa: ARG001 (part of what it is kept by)
    """Of the coming fortnight, the day of each kind on which most leaves: holidays are not usual days.

    `lang`: the active language, in which it is kept.
    """
    chosen: dict[str, tuple[int, date]] = {}
    for n in range(AHEAD):
        day = today + timedelta(days=n)
        kind = "week" if day.weekday() < 5 else "saturday" if day.weekday() == 5 else "sunday"
        low, high = start_of(day) + FROM, start_of(day) + TO
        found = candidates(table, Spoken(), stops=place.stops, low=low, high=high, back=0, ahead=0)
        if kind not in chosen or len(found.when) > chosen[kind][0]:
            chosen[kind] = (len(found.when), day)
    kinds = [kind for kind in DAYS if kind in chosen]
    columns: dict[tuple[int, str], list[list[Departure]]] = {}
    for n, kind in enumerate(kinds):
        start = start_of(chosen[kind][1])
        empty = LiveState(taken_at=0)
        for row in between(table=table, live=empty, stops=place.stops, low=start + FROM, high=start + TO):
            columns.setdefault((row.route, row.headsign), [[] for _kind in kinds])[n].append(row)
    tables = []
    for number, headsign in sorted(columns, key=lambda key: (table.routes[key[0]].order, key[0], key[1])):
        route, by_kind = table.routes[number], columns[number, headsign]
        every = tuple(tuple(_every(row) for row in some if row.headway) for some in by_kind)
        tables.append(Table(route.name, badge(route), headsign, _hours(by_kind), every if any(every) else ()))
    return Sheet(tuple((str(DAYS[kind]), chosen[kind][1]) for kind in kinds), tuple(tables))


def _hours(by_kind: Sequence[Sequence[Departure]]) -> tuple[Hour, ...]:
    """Hours in the order of a day that begins at three."""
    hours: dict[int, list[list[str]]] = {}
    for n, some in enumerate(by_kind):
        for row in some:
            if not row.headway:
                local = datetime.fromtimestamp(row.planned or 0, UTC).astimezone(LOCAL)
                minutes = hours.setdefault((local.hour - 3) % 24, [[] for _kind in by_kind])
                minutes[n].append(f"{local.minute:02d}")
    return tuple(
        Hour((hour + 3) % 24, tuple(tuple(each) for each in minutes)) for hour, minutes in sorted(hours.items())
    )


def _every(row: Departure) -> str:
    from_, to = (
        datetime.fromtimestamp(moment or 0, UTC).astimezone(LOCAL) for moment in (row.planned, row.until or row.planned)
    )
    return f"{from_:%H:%M}–{to:%H:%M} : {row.headway // 60} min"
