"""The page of a stop: next departures first and large, each with how sure it is; then disruptions; then the rest."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import NoReverseMatch, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shell import page

from ..actions.live.demand import looked_at
from ..errors import UnknownStop
from ..queries.departures import Departure, badge, departures, groups, shown
from ..queries.disruptions import now_and_soon, on_line, on_place
from ..queries.live import LiveState, live
from ..queries.nearby import places_near
from ..queries.timetable import Place, Timetable, Wheelchair, timetable
from .disruptions import card_of
from .drawn import around

SOON = timedelta(hours=2)
"""How far lines are looked for; beyond, the next departures whatever their line."""
GROUPS = 8
"""Lines shown at first: a phone's two screens."""
ROWS = 16
NEAR_METRES = 600
SHEETS = ("mobility/mobility.css",)
A_MOMENT = "public, max-age=10"


@dataclass(frozen=True, slots=True)
class Moment:
    """When departures are asked from. `chosen`: by the reader; else it is now."""

    at: datetime
    chosen: bool = False
    day: str = ""
    hour: str = ""
    trouble: str = ""


def head_of(*sheets: str, script: bool = False) -> SafeString:
    """The style sheet of transport, and the module that refreshes."""
    links = "".join(format_html('<link rel="stylesheet" href="{}">', static(each)) for each in (*SHEETS, *sheets))
    module = format_html('<script type="module" src="{}"></script>', static("mobility/departures.js"))
    return SafeString(links + (module if script else ""))


def place_of(id: str) -> tuple[Timetable, Place]:
    """Raises NoTimetable, UnknownStop."""
    table = timetable()
    number = table.place_of_id.get(id)
    if number is None:
        raise UnknownStop(_("Cet arrêt n’existe pas, ou n’existe plus, dans les horaires d’aujourd’hui."))
    return table, table.places[number]


def moment_of(request: HttpRequest) -> Moment:
    """`jour` (2026-03-02) and `heure` (14:30), of which one is enough."""
    now = clock.now()
    day, hour = (request.GET.get(name, "").strip()[:20] for name in ("jour", "heure"))
    if not day and not hour:
        return Moment(now)
    try:
        there = date.fromisoformat(day) if day else clock.today()
        then = time.fromisoformat(hour) if hour else time(5)
    except ValueError:
        return Moment(now, day=day, hour=hour, trouble=_("Écrivez un jour comme 2026-03-02 et une heure comme 14:30."))
    return Moment(datetime.combine(there, then.replace(tzinfo=None), clock.LOCAL).astimezone(UTC), True, day, hour)


def of_place(
    table: Timetable, place: Place, state: LiveState, when: Moment, *, whole: bool, flat: bool
) -> dict[str, Any]:
    """What the list of departures shows."""
    now = int(clock.now().timestamp())
    stops = place.stops
    if flat:
        rows = departures(table=table, live=state, stops=stops, at=when.at, limit=ROWS)
        shown_groups: tuple[Any, ...] = ()
    else:
        rows = departures(table=table, live=state, stops=stops, at=when.at, limit=None, window=SOON)
        if not rows:
            rows = departures(table=table, live=state, stops=stops, at=when.at, limit=6)
        shown_groups = groups(table, rows, now=now, stops=stops)
    cut = len(shown_groups) - GROUPS if not whole and len(shown_groups) > GROUPS + 1 else 0
    first = rows[0] if rows else None
    return {
        "place": place,
        "groups": shown_groups[: len(shown_groups) - cut] if cut else shown_groups,
        "more": cut,
        "rows": [(_line(table, row), shown(table, row, now=now, at_stops=stops)) for row in rows] if flat else (),
        "flat": flat,
        "at": clock.hour(clock.now()),
        "now": now,
        "next": _sentence(table, first) if first else "",
        "silence": next((row.reason for row in rows if row.reason), ""),
        "chosen": when,
    }


def _line(table: Timetable, row: Departure) -> dict[str, Any]:
    route = table.routes[row.route] if row.route >= 0 else None
    return {"badge": badge(route) if route else "", "headsign": row.headsign, "route": route.id if route else ""}


def _sentence(table: Timetable, row: Departure) -> str:
    """The next departure as it is said aloud, when it is no more the same."""
    line = table.routes[row.route].name if row.route >= 0 else ""
    at = clock.hour(datetime.fromtimestamp(row.when, UTC))
    words = {"line": line, "headsign": row.headsign, "hour": at}
    if not row.runs:
        return _("Ligne %(line)s vers %(headsign)s : le départ de %(hour)s est annulé.") % words
    return _("Prochain départ : ligne %(line)s vers %(headsign)s à %(hour)s.") % words


@open_to_all
@require_safe
def stop(request: HttpRequest, id: str) -> HttpResponse:
    """Parameters: `jour`, `heure` (later), `ordre=heure` (one list by time), `tout` (all lines)."""
    table, place = place_of(id)
    looked_at(places=[id])
    when = moment_of(request)
    whole, flat = bool(request.GET.get("tout")), request.GET.get("ordre") == "heure"
    context = of_place(table, place, live(), when, whole=whole, flat=flat)
    here = reverse("stop", kwargs={"id": id})
    kept = {"jour": when.day, "heure": when.hour, "ordre": "heure" if flat else "", "tout": "1" if whole else ""}
    context |= {
        "here": here,
        "fragment": address(reverse("stop-departures", kwargs={"id": id}), kept),
        "by_line": address(here, {**kept, "ordre": ""}),
        "by_time": address(here, {**kept, "ordre": "heure"}),
        "everything": address(here, {**kept, "tout": "1"}),
        "commune": commune_of(place),
        "access": Wheelchair(place.wheelchair).name.lower(),
        "quays": quays(table, place),
        "lines": [_named(table, number) for number in table.routes_of_place[table.place_of_id[id]]],
        "near": [
            (table.places[each.place], each)
            for each in places_near(table, lon=place.lon, lat=place.lat, metres=NEAR_METRES, limit=5)
            if table.places[each.place].id != id
        ],
        "map": around(table, place),
        "journey": maybe("journey"),
        "today": clock.today().isoformat(),
        **_disruptions(table, place),
    }
    answer = page(
        "mobility/stops/stop.html", context, address=request.get_full_path(), section="mobility",
        title=_("%(stop)s, %(commune)s : prochains départs") % {"stop": place.name, "commune": context["commune"]}
        if context["commune"] else _("%s : prochains départs") % place.name,
        description=_("Prochains départs à l’arrêt %s, en temps réel quand il est connu.") % place.name,
        head=head_of(script=True),
    )  # fmt: skip
    return HttpResponse(answer, status=422 if when.trouble else 200, headers={"Cache-Control": A_MOMENT})


@open_to_all
@require_safe
def stop_departures(request: HttpRequest, id: str) -> HttpResponse:
    """The list alone, as the page asks for it every half minute while somebody looks."""
    table, place = place_of(id)
    looked_at(places=[id])
    whole, flat = bool(request.GET.get("tout")), request.GET.get("ordre") == "heure"
    context = of_place(table, place, live(), moment_of(request), whole=whole, flat=flat)
    context["everything"] = address(reverse("stop", kwargs={"id": id}), {"ordre": "heure" if flat else "", "tout": "1"})
    answer = get_template("mobility/stops/departures.html").render(context)
    return HttpResponse(answer, headers={"Cache-Control": A_MOMENT, "X-Robots-Tag": "noindex"})


def address(base: str, kept: dict[str, str]) -> str:
    """An address with what is not empty of its parameters."""
    said = urlencode({name: value for name, value in kept.items() if value})
    return f"{base}?{said}" if said else base


def commune_of(place: Place) -> str:
    """Its name; empty outside of the territory."""
    try:
        return territory.commune(place.citycode).name if place.citycode else ""
    except Refused:
        return ""


def quays(table: Timetable, place: Place) -> list[tuple[str, str]]:
    """Quays that have a name of their own, with their access; nothing when there is one."""
    told = [
        (stop.platform or stop.code or stop.description, Wheelchair(stop.wheelchair).name.lower())
        for stop in (table.stops[n] for n in place.stops)
    ]
    return [each for each in told if each[0]] if len(told) > 1 else []


def _named(table: Timetable, number: int) -> dict[str, Any]:
    route = table.routes[number]
    return {
        "badge": badge(route),
        "id": route.id,
        "name": route.long_name or route.name,
        "href": line_address(route.id),
    }


def line_address(id: str) -> str:
    """The page of a line; empty as long as there is none."""
    return maybe("line", id=id)


def maybe(name: str, **kwargs: str) -> str:
    """The address of a page; empty as long as there is none."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def _disruptions(table: Timetable, place: Place) -> dict[str, Any]:
    """What goes on at the stop, then on its lines: each once."""
    when = clock.now()
    found = {each.id: each for each in on_place(place.id, when)}
    for number in table.routes_of_place[table.place_of_id[place.id]]:
        found |= {each.id: each for each in on_line(table.routes[number].id, when) if each.id not in found}
    running, coming = now_and_soon(found.values(), when)
    return {"cards": [card_of(each, when) for each in (*running, *coming)][:4], "on_place": True}


urlpatterns = [
    path("transports/arrets/<slug:id>", stop, name="stop"),
    path("transports/arrets/<slug:id>/departs", stop_departures, name="stop-departures"),
]
