"""Departures in words and in groups, as people read them: on the page of a stop, its board, around a place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.clock import LOCAL, hour

from ..live import TripState
from ..timetable import Route, Timetable, Wheelchair
from .nouns import Departure, Sureness

SURENESS: Final[Mapping[Sureness, Any]] = {
    Sureness.MEASURED: _l("véhicule vu ici"),
    Sureness.PREDICTED: _l("temps réel"),
    Sureness.THEORETICAL: _l("horaire prévu"),
    Sureness.SOURCE_DOWN: _l("prévu, temps réel en panne"),
}
MINUTES: Final = 60
"""Up to so many minutes, how long to wait is said first; beyond, at what time."""
LATE: Final = 90
"""Seconds from which a delay is worth a word."""
NBSP = "\u00a0"
PLAIN, INK = "#FFFFFF", "#14213D"


@dataclass(frozen=True, slots=True)
class Shown:
    """One departure in words."""

    at: int
    iso: str
    wait: str
    """« 3 min », « maintenant »; empty when it is far."""
    clock: str
    """« 14 h 05 », with the day when it is another one."""
    look: str
    """Of the style sheet: measured, predicted, theoretical, source-down, off."""
    sure: str
    """How sure it is, in words, and since when."""
    note: str
    """What changed: late, cancelled, another quay; empty otherwise."""
    off: bool
    departure: Departure

    @property
    def first(self) -> str:
        return self.wait or self.clock


@dataclass(frozen=True, slots=True)
class Group:
    """The next departures of one line towards one end."""

    line: str
    badge: SafeString
    route: str
    headsign: str
    key: str
    times: tuple[Shown, ...]
    platform: str
    wheelchair: str
    """yes, no, or unknown: of the vehicles shown."""
    last: bool
    """Nothing more of it that day after what is shown."""


def age(seconds: int) -> str:
    """« il y a 20 s », « il y a 3 min »."""
    if seconds < 5:
        return _("à l’instant")
    if seconds < 100:
        return _("il y a %d s") % seconds
    return _("il y a %d min") % round(seconds / 60)


def shown(table: Timetable, row: Departure, *, now: int, at_stops: Iterable[int] = ()) -> Shown:
    """`now`: the moment of the reader. `at_stops`: the quays of the place it is shown for."""
    when = row.when
    moment = datetime.fromtimestamp(when, UTC)
    clock = hour(moment)
    today = datetime.fromtimestamp(now, UTC).astimezone(LOCAL).date()
    there = moment.astimezone(LOCAL).date()
    if there != today:
        clock = _("%(day)s à %(hour)s") % {"day": _day(there, today), "hour": clock}
    minutes = (when - now) // 60
    wait = ""
    if row.headway:
        told = {"minutes": row.headway // 60, "first": clock}
        clock = _("toutes les %d min") % told["minutes"]
        if row.until is not None and row.until > when:
            told["hour"] = hour(datetime.fromtimestamp(row.until, UTC))
            clock = _("toutes les %(minutes)d min jusqu’à %(hour)s") % told
            if when - now > row.headway:  # it has not begun
                clock = _("%(first)s, puis toutes les %(minutes)d min jusqu’à %(hour)s") % told
    elif row.runs and minutes < MINUTES:
        stands = row.sureness is Sureness.MEASURED and minutes < 1
        wait = _("à l’arrêt") if stands else _("< 1 min") if minutes < 1 else _("%d min") % minutes
    wait = wait.replace(" ", NBSP)
    if len(clock) < 10:
        clock = clock.replace(" ", NBSP)
    return Shown(
        at=when, iso=moment.isoformat().replace("+00:00", "Z"), wait=wait, clock=clock,
        look=str(row.sureness) if row.runs else "off", sure=_sure(row, now), note=_note(table, row, at_stops),
        off=not row.runs, departure=row,
    )  # fmt: skip


def _day(there: date, today: date) -> str:
    if (there - today).days == 1:
        return _("demain")
    return date_format(there, "l j F" if (there - today).days > 6 else "l")


def _sure(row: Departure, now: int) -> str:
    word = str(SURENESS[row.sureness])
    if row.said_at is None or row.sureness is Sureness.THEORETICAL:
        return word
    told = age(max(0, now - row.said_at))
    if row.sureness is Sureness.SOURCE_DOWN:
        return _("%(word)s (dernières nouvelles %(age)s)") % {"word": word, "age": told}
    return f"{word}, {told}"


def _note(table: Timetable, row: Departure, at_stops: Iterable[int]) -> str:
    notes = []
    if row.cancelled:
        notes.append(_("annulé"))
    elif row.skipped:
        notes.append(_("ne s’arrête pas ici"))
    elif row.planned is None:
        notes.append(_("départ supplémentaire"))
    delay = row.delay
    if row.runs and delay is not None and abs(delay) >= LATE:
        words = _("retard de %d min") if delay > 0 else _("avance de %d min")
        notes.append(words % max(1, round(abs(delay) / 60)))
    if row.moved and row.runs:
        quay = table.stops[row.stop]
        if row.stop not in at_stops:
            notes.append(_("part de « %s »") % quay.name)
        elif row.platform:
            notes.append(_("change de quai : %s") % row.platform)
        else:
            notes.append(_("change de quai"))
    if row.state is TripState.REPLACED and row.runs and row.planned is not None:
        notes.append(_("trajet modifié"))
    return ", ".join(notes)


def groups(
    table: Timetable, rows: Sequence[Departure], *, now: int, stops: Sequence[int], each: int = 3
) -> tuple[Group, ...]:
    """By line and end, in the order of the lines: what a phone shows at its best, and what does not jump about."""
    found: dict[tuple[int, str], list[Departure]] = {}
    for row in rows:
        found.setdefault((row.route, row.headsign), []).append(row)
    made = []
    for (number, headsign), some in found.items():
        route = table.routes[number] if number >= 0 else None
        first = some[:each]
        access = {row.wheelchair for row in first if row.trip >= 0}
        platforms = {row.platform for row in first if row.platform}
        made.append(
            (
                (route.order if route else 0, number, first[0].direction, headsign),
                Group(
                    line=route.name if route else "",
                    badge=badge(route) if route else SafeString(""),
                    route=route.id if route else "",
                    headsign=headsign,
                    key=f"{number}-{first[0].direction}",
                    times=tuple(shown(table, row, now=now, at_stops=stops) for row in first),
                    platform=platforms.pop() if len(platforms) == 1 else "",
                    wheelchair=_access(access),
                    last=False,
                ),
            )
        )
    return tuple(group for _order, group in sorted(made, key=lambda pair: pair[0]))


def _access(values: set[int]) -> str:
    if values == {Wheelchair.YES}:
        return "yes"
    return "no" if values == {Wheelchair.NO} else "unknown"


def badge(route: Route) -> SafeString:
    """The line in its colours; the letters are white or dark when the feed's own could not be read on them."""
    name = route.name[:12]
    ground = f"#{route.colour}" if len(route.colour) == 6 else INK
    ink = f"#{route.text_colour}" if len(route.text_colour) == 6 else PLAIN
    if _contrast(ground, ink) < 4.5:
        ink = max((PLAIN, INK, "#000000"), key=lambda each: _contrast(ground, each))
    wide = max(44, 18 + 12 * len(name))
    label = conditional_escape(_("Ligne %s") % route.name)
    return SafeString(
        f'<svg class="ln" width="{wide}" height="34" role="img" aria-label="{label}">'
        f'<rect width="100%" height="100%" rx="7" fill="{ground}"/>'
        f'<text x="50%" y="24" fill="{ink}">{conditional_escape(name)}</text></svg>'
    )


def _contrast(one: str, other: str) -> float:
    """WCAG 2, contrast ratio; 1 when a colour cannot be read."""
    try:
        light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    except ValueError:
        return 1.0
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
