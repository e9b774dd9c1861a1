"""The timetable of a place for its poster: by line and end, by kind of day, the minutes of each hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.clock import LOCAL

from ..live import LiveState
from ..timetable import Place, Timetable, start_of
from .board import between
from .nouns import Departure
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
    name: str
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


def sheet(table: Timetable, place: Place, *, today: date) -> Sheet:
    """Of the coming fortnight, the day of each kind on which most leaves: holidays are not usual days."""
    found: dict[str, tuple[date, Sequence[Departure]]] = {}
    empty = LiveState(taken_at=0)
    for n in range(AHEAD):
        day = today + timedelta(days=n)
        kind = "week" if day.weekday() < 5 else "saturday" if day.weekday() == 5 else "sunday"
        start = start_of(day)
        rows = between(table=table, live=empty, stops=place.stops, low=start + FROM, high=start + TO)
        if kind not in found or len(rows) > len(found[kind][1]):
            found[kind] = (day, rows)
    kinds = [kind for kind in DAYS if kind in found]
    keys: dict[tuple[int, str], None] = {}
    for kind in kinds:
        for row in found[kind][1]:
            keys[row.route, row.headsign] = None
    tables = []
    for number, headsign in sorted(keys, key=lambda key: (table.routes[key[0]].order, key[0], key[1])):
        by_kind = [[row for row in found[kind][1] if (row.route, row.headsign) == (number, headsign)] for kind in kinds]
        route = table.routes[number]
        hours: dict[int, list[list[str]]] = {}
        for column, some in enumerate(by_kind):
            for row in some:
                if row.headway:
                    continue
                local = datetime.fromtimestamp(row.planned or 0, UTC).astimezone(LOCAL)
                place_of = hours.setdefault((local.hour - 3) % 24, [[] for _kind in kinds])
                place_of[column].append(f"{local.minute:02d}")
        tables.append(
            Table(
                line=route.name, name=route.long_name, badge=badge(route), headsign=headsign,
                hours=tuple(
                    Hour((hour + 3) % 24, tuple(tuple(each) for each in minutes))
                    for hour, minutes in sorted(hours.items())
                ),
                every=tuple(tuple(_every(row) for row in rows if row.headway) for rows in by_kind),
            )
        )  # fmt: skip
    return Sheet(tuple((str(DAYS[kind]), found[kind][0]) for kind in kinds), tuple(tables))


def _every(row: Departure) -> str:
    from_, to = (
        datetime.fromtimestamp(moment or 0, UTC).astimezone(LOCAL) for moment in (row.planned, row.until or row.planned)
    )
    return f"{from_:%H:%M}–{to:%H:%M} : {row.headway // 60} min"
