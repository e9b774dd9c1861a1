"""Public figures of requests: how many, how fast, in time or not, how satisfied; by service, commune and month.

They are those of the twelve last months that are over, published once a month (actions.figures): a daily figure would
tell, by subtraction from the day before, of one person. `disclosure` decides what can be shown; services, communes and
months too small to be told are told together, under OTHERS.

Volumes are told by service, commune, month, and two of them at a time. The rest (delays, shares, marks) is told by
service, commune, month, and by service in a commune.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import Any

from lacydon.kernel.snapshots import Snapshot

from ..models import PublishedFigures
from .disclosure import THRESHOLD, merged, shown_in_list, shown_in_table
from .tallies import Place, Tally, gathered, quantile

SNAPSHOT = "requests.figures"
OTHERS = "*"
MONTHS = 12
ENOUGH_FOR_NINTH = 10
"""Answers from which « nine out of ten » is not the slowest one alone."""
WHOLE = Place("", "", "")
Parts = tuple[str, ...]
"""Which parts of a place matter."""
NOTHING: Parts = ()
SINGLES: tuple[Parts, ...] = (("service",), ("citycode",), ("month",))
PAIRS: tuple[Parts, ...] = (("service", "citycode"), ("service", "month"), ("citycode", "month"))
MEASURES: Mapping[str, Callable[[Tally], int]] = {
    "answered": lambda tally: tally.answered,
    "due": lambda tally: tally.due,
    "rated": lambda tally: tally.rated,
}
"""What is told besides the volume, and of how many."""
Groups = Mapping[Parts, Mapping[Place, Tally]]


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of a service, a commune, a month or two of them; empty: all of them; OTHERS: the small ones together.

    What may not be told is None. Delays are in days (half of the answers, nine out of ten); `on_time` in percent of
    the `due`; `satisfaction` from 1 to 5, of the `rated`.
    """

    service: str = ""
    citycode: str = ""
    month: str = ""
    opened: int | None = None
    answered: int | None = None
    median_days: int | None = None
    ninth_days: int | None = None
    due: int | None = None
    on_time: int | None = None
    rated: int | None = None
    satisfaction: str | None = None

    @property
    def key(self) -> Place:
        return Place(self.service, self.citycode, self.month)


COLUMNS = tuple(each.name for each in fields(Line))


@dataclass(frozen=True)
class Figures:
    """One publication."""

    since: str
    until: str
    """The first and the last month counted."""
    made_at: datetime
    lines: Mapping[Place, Line]

    def line(self, *, service: str = "", citycode: str = "") -> Line:
        """The figures of a service, of a commune, of both or of all; all None when they may not be told."""
        place = Place(service, citycode, "")
        return self.lines.get(place) or Line(*place)

    def months(self, *, service: str = "", citycode: str = "") -> list[Line]:
        """Month by month, in order; nothing for a service in a commune."""
        if service and citycode:
            return []
        found = [each for each in self._of(service, citycode) if each.month and each.month != OTHERS]
        return sorted(found, key=lambda each: each.month)

    def services(self, *, citycode: str = "") -> list[Line]:
        """Service by service, the most asked for first, the others last."""
        return _largest_first(
            (each for each in self.lines.values() if each.service and not each.month and each.citycode == citycode),
            lambda each: each.service,
        )

    def communes(self, *, service: str = "") -> list[Line]:
        """Commune by commune, the same."""
        return _largest_first(
            (each for each in self.lines.values() if each.citycode and not each.month and each.service == service),
            lambda each: each.citycode,
        )

    def _of(self, service: str, citycode: str) -> Iterable[Line]:
        return (each for each in self.lines.values() if (each.service, each.citycode) == (service, citycode))


def _largest_first(lines: Iterable[Line], name: Callable[[Line], str]) -> list[Line]:
    return sorted(lines, key=lambda each: (name(each) == OTHERS, -(each.opened or 0), name(each)))


def figures() -> Figures | None:
    """The last publication; None before the first."""
    return _figures()


def _read() -> Figures | None:
    row = PublishedFigures.objects.order_by("-until").first()
    if row is None:
        return None
    lines = [Line(**each) for each in row.content["lines"]]
    months = row.content["since"], row.content["until"]
    return Figures(*months, made_at=row.made_at, lines={each.key: each for each in lines})


_figures: Snapshot[Figures | None] = Snapshot(SNAPSHOT, _read)


def period(day: date) -> tuple[date, date]:
    """The twelve months that are over on a day: the first day counted, and the first that is not."""
    until = day.replace(day=1)
    return until.replace(year=until.year - MONTHS // 12), until


def content(tallies: Mapping[Place, Tally], *, since: date, until: date) -> dict[str, Any]:
    """What is published, as JSON: only what may be told."""
    last = until - timedelta(days=1)
    return {
        "since": f"{since:%Y-%m}",
        "until": f"{last:%Y-%m}",
        "lines": [
            {name: told for name, told in asdict(each).items() if told not in (None, "")} for each in _lines(tallies)
        ],
    }


def _lines(tallies: Mapping[Place, Tally]) -> list[Line]:
    small = {
        name: merged({key: each.opened for key, each in gathered(tallies, attrgetter(name)).items()})
        for name in Place._fields
    }

    def told(place: Place) -> Place:
        return Place(*(OTHERS if key in small[name] else key for name, key in place._asdict().items()))

    cube = gathered(tallies, told)
    groups: Groups = {names: gathered(cube, _only(names)) for names in (NOTHING, *SINGLES, *PAIRS)}
    if groups[NOTHING].get(WHOLE, Tally()).opened < THRESHOLD:
        return []
    opened = {WHOLE, *(place for names in SINGLES for place in groups[names])}
    for names in PAIRS:
        opened |= _shown_in_pairs(groups, names, lambda tally: tally.opened, told=opened, among=groups[names])
    shown = {"opened": opened} | {name: _shown(groups, count, opened) for name, count in MEASURES.items()}
    everything = {place: tally for group in groups.values() for place, tally in group.items()}
    return [
        _line(place, everything[place], {name for name, places in shown.items() if place in places})
        for place in sorted(opened)
    ]


def _only(names: Parts) -> Callable[[Place], Place]:
    """A place of which only these parts matter."""
    return lambda place: Place(*(key if name in names else "" for name, key in place._asdict().items()))


def _shown(groups: Groups, count: Callable[[Tally], int], opened: set[Place]) -> set[Place]:
    """Where something else than the volume is told."""
    if count(groups[NOTHING][WHOLE]) < THRESHOLD:
        return set()
    told = {WHOLE}
    for names in SINGLES:
        told |= shown_in_list({place: count(tally) for place, tally in groups[names].items()})
    return told | _shown_in_pairs(groups, PAIRS[0], count, told=told, among=opened & groups[PAIRS[0]].keys())


def _shown_in_pairs(
    groups: Groups,
    names: Parts,
    count: Callable[[Tally], int],
    *,
    told: set[Place],
    among: Iterable[Place],
) -> set[Place]:
    """Cells of the table of two parts of places (rows, columns), when the totals that are `told` are."""
    row, column = (_only((name,)) for name in names)
    cells = {(row(place), column(place)): count(tally) for place, tally in groups[names].items()}
    possible = {(row(place), column(place)): place for place in among}
    shown = shown_in_table(
        cells,
        rows=told & {each for each, _column in cells},
        columns=told & {each for _row, each in cells},
        among=possible,
    )
    return {possible[cell] for cell in shown}


def _line(place: Place, tally: Tally, shown: set[str]) -> Line:
    values: dict[str, Any] = {"opened": tally.opened}
    if "answered" in shown:
        values |= {"answered": tally.answered, "median_days": quantile(tally.days, share=0.5)}
        if tally.answered >= ENOUGH_FOR_NINTH:
            values["ninth_days"] = quantile(tally.days, share=0.9)
    if "due" in shown:
        values |= {"due": tally.due, "on_time": int(_rounded(Decimal(100 * tally.on_time) / tally.due, "1"))}
    if "rated" in shown:
        values |= {"rated": tally.rated, "satisfaction": str(_rounded(Decimal(tally.marks) / tally.rated, "0.1"))}
    return Line(*place, **values)


def _rounded(number: Decimal, to: str) -> Decimal:
    return number.quantize(Decimal(to), rounding=ROUND_HALF_UP)
