"""A line: where it goes, when it runs on a day, its stops; and its sheet, to read or to print."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.french import NBSP
from lacydon.kernel.ui.shell import page

from ..actions.live.demand import looked_at
from ..queries import lines
from ..queries.departures import badge
from ..queries.disruptions import now_and_soon, on_line
from ..queries.fares import for_line
from ..queries.lines import Service, Trip, Way
from ..queries.timetable import Timetable, Wheelchair
from ..queries.vehicles import KIND_WORDS, Kind, kind_of
from .disruptions import card_of
from .front import SHORT_WHILE, freshness, head
from .line_map import line_map
from .stop import address, maybe

COLUMNS = 8
"""Trips shown at once: what a phone scrolls through and a desk shows whole."""
TABLE = 12
"""Trips in a row of tables when the whole day is printed."""
HOUR = 3600
MOST_PRICES = 3
"""Prices told beside a line; all of them are one link away."""


@open_to_all
@require_safe
def line(request: HttpRequest, id: str) -> HttpResponse:
    """Parameter: `jour` (2026-03-02)."""
    table, n = lines.line(id)
    looked_at(routes=[id])
    route = table.routes[n]
    day, trouble = _day(request, table)
    ways = lines.ways(table, n)
    kind = kind_of(route.type, school=route.school)
    agency = table.agencies[route.agency] if route.agency >= 0 else None
    when = clock.now()
    running, coming = now_and_soon(on_line(id, when), when)
    context: dict[str, Any] = {
        "route": route,
        "named": lines.title(table, n),
        "badge": badge(route),
        "kind": KIND_WORDS[kind],
        "school": kind is Kind.SCHOOL,
        "ferry": kind is Kind.FERRY,
        "agency": agency,
        "day": day,
        "days": _days(day, table, reverse("line", kwargs={"id": id})),
        "trouble": trouble,
        "ways": [_way(table, each, day) for each in ways],
        "map": line_map(table, n, ways),
        "cards": [card_of(each, when) for each in (*running, *coming)][:4],
        "on_line": True,
        "alerts": address(maybe("alerts"), {"ligne": id}) if maybe("alerts") else "",
        "vehicles": maybe("vehicles"),
        "sheet": reverse("line-sheet", kwargs={"id": id}),
        "prices": for_line(table, n)[:MOST_PRICES],
        "freshness": freshness(table),
    }
    html = page(
        "mobility/lines/line.html", context, address=request.get_full_path(), section="mobility",
        title=_("Ligne %(name)s, %(long)s") % {"name": route.name, "long": route.long_name}
        if route.long_name else _("Ligne %s") % route.name,
        description=_("Arrêts, horaires et plan de la ligne %s.") % route.name, head=head(),
    )  # fmt: skip
    return HttpResponse(html, status=422 if trouble else 200, headers={"Cache-Control": SHORT_WHILE})


@open_to_all
@require_safe
def sheet(request: HttpRequest, id: str) -> HttpResponse:
    """Parameters: `jour`, `sens` (0 or 1), `heure` (14), `tout` (the whole day, to print)."""
    table, n = lines.line(id)
    route = table.routes[n]
    day, trouble = _day(request, table)
    ways = lines.ways(table, n)
    number = request.GET.get("sens", "")
    way = next((each for each in ways if str(each.number) == number), ways[0] if ways else None)
    trips = lines.sheet(table, way, day) if way else []
    planned = [each for each in trips if not each.headway]
    whole = bool(request.GET.get("tout"))
    start = _start(request, planned, day)
    here = reverse("line-sheet", kwargs={"id": id})
    kept = {"jour": day.isoformat(), "sens": str(way.number) if way else ""}
    shown = (
        [planned[at : at + TABLE] for at in range(0, len(planned), TABLE)]
        if whole
        else [planned[start : start + COLUMNS]]
    )
    context: dict[str, Any] = {
        "route": route,
        "badge": badge(route),
        "way": way,
        "day": day,
        "trouble": trouble,
        "days": _days(day, table, here, {"sens": kept["sens"]}),
        "ways": [(each, address(here, {**kept, "sens": str(each.number)}), each is way) for each in ways],
        "tables": [_table(table, way, part) for part in shown if part] if way else [],
        "whole": whole,
        "frequencies": _frequencies(trips),
        "before": address(here, {**kept, "rang": str(max(0, start - COLUMNS))}) if start and not whole else "",
        "after": address(here, {**kept, "rang": str(start + COLUMNS)})
        if start + COLUMNS < len(planned) and not whole else "",
        "print": address(here, {**kept, "tout": "1"}) if len(planned) > COLUMNS and not whole else "",
        "freshness": freshness(table),
    }  # fmt: skip
    html = page(
        "mobility/lines/sheet.html", context, address=request.get_full_path(), section="mobility",
        title=_("Horaires de la ligne %s") % route.name,
        description=_("La fiche horaire de la ligne %s, pour un jour et un sens.") % route.name, head=head(),
    )  # fmt: skip
    return HttpResponse(html, status=422 if trouble else 200, headers={"Cache-Control": SHORT_WHILE})


def _day(request: HttpRequest, table: Timetable) -> tuple[date, str]:
    """The day that is asked, else today, or the nearest day of the timetable; and what is wrong with what was asked."""
    first, last = table.days()
    today = min(max(clock.today(), first), last)
    typed = request.GET.get("jour", "").strip()[:20]
    if not typed:
        return today, ""
    try:
        return date.fromisoformat(typed), ""
    except ValueError:
        return today, _("Écrivez un jour comme 2026-03-02.")


def _days(day: date, table: Timetable, here: str, kept: dict[str, str] | None = None) -> dict[str, Any]:
    """The day before and after, and its name."""
    first, last = table.days()
    near = {"before": day - timedelta(days=1), "after": day + timedelta(days=1)}
    links = {
        name: address(here, {**(kept or {}), "jour": each.isoformat()}) if first <= each <= last else ""
        for name, each in near.items()
    }
    today = clock.today()
    return {**links, "here": here, "kept": kept or {}, "iso": day.isoformat(), "today": day == today}


def _way(table: Timetable, way: Way, day: date) -> dict[str, Any]:
    held = lines.service(table, way, day)
    communes = {each.code: each.name for each in territory.communes()}
    before = ""
    stops = []
    for rank, n in enumerate(way.places):
        place = table.places[n]
        commune = communes.get(place.citycode, "")
        stops.append(
            {
                "place": place,
                "commune": commune if commune != before else "",
                "some": n in way.some,
                "access": Wheelchair(place.wheelchair).name.lower(),
                "end": rank in (0, len(way.places) - 1),
            }
        )
        before = commune
    return {"way": way, "stops": stops, "sentence": _sentence(held), "runs": bool(held.trips)}


def said(seconds: int) -> str:
    """« 5 h 12 »; past midnight, the hour of the next night."""
    hours, minutes = seconds // HOUR, seconds // 60 % 60
    return (_("%(hour)d h %(minute)02d") % {"hour": hours % 24, "minute": minutes}).replace(" ", NBSP)


def _sentence(held: Service) -> str:
    if not held.trips:
        return _("Pas de passage ce jour-là.")
    ends = {"first": said(held.first), "last": said(held.last)}
    if held.trips == 1:
        return _("Un seul départ, à %(first)s.") % ends
    told = _("Premier départ à %(first)s, dernier à %(last)s.") % ends
    if held.every:
        told += " " + _("En journée, environ toutes les %d minutes.") % max(1, round(held.every / 60))
    return told


def _frequencies(trips: list[Trip]) -> list[str]:
    """Spells of the day of which only the frequency is known."""
    spells: list[list[int]] = []
    for each in trips:
        if each.headway:
            if spells and spells[-1][2] == each.headway and each.starts - spells[-1][1] <= 2 * each.headway:
                spells[-1][1] = each.starts
            else:
                spells.append([each.starts, each.starts, each.headway])
    return [
        _("De %(first)s à %(last)s, toutes les %(every)d minutes environ.")
        % {"first": said(first), "last": said(last + every), "every": max(1, round(every / 60))}
        for first, last, every in spells
    ]


def _start(request: HttpRequest, trips: list[Trip], day: date) -> int:
    """The first column: what was asked, else the trips of now, else those of the morning."""
    typed = request.GET.get("rang", "")
    if typed.isascii() and typed.isdecimal() and len(typed) < 5:
        return min(int(typed), max(0, len(trips) - 1))
    if day != clock.today():
        return 0
    local = clock.now().astimezone(clock.LOCAL)
    seconds = local.hour * HOUR + local.minute * 60
    later = next((n for n, each in enumerate(trips) if max(each.times) >= seconds), None)
    return later if later is not None else max(0, len(trips) - COLUMNS)


def _table(table: Timetable, way: Way, trips: list[Trip]) -> dict[str, Any]:
    """Rows of stops, columns of trips; a stop where none of these calls is left out."""
    rows = []
    for rank, n in enumerate(way.places):
        times = [said(each.times[rank]) if each.times[rank] >= 0 else "" for each in trips]
        if any(times):
            rows.append((table.places[n], times))
    label = _("Départs de %(first)s à %(last)s") % {"first": said(trips[0].starts), "last": said(trips[-1].starts)}
    return {"rows": rows, "label": label}


urlpatterns = [
    path("transports/lignes/<path:id>/horaires", sheet, name="line-sheet"),
    path("transports/lignes/<path:id>", line, name="line"),
]
