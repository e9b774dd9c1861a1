"""Vehicles of a line: a list, and a map where those that a GPS saw and those that are worked out do not look alike."""

from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page

from ..actions.live.demand import looked_at
from ..errors import UnknownLine
from ..queries.departures import badge
from ..queries.departures.fleet import Running, moment, running
from ..queries.departures.words import age
from ..queries.live import live
from ..queries.timetable import Timetable, timetable
from .drawn import Ground, colour_of, patterns_of, way_of
from .stop import A_MOMENT, head_of, line_address

WIDTH, HEIGHT = 900, 640


@open_to_all
@require_safe
def vehicles(request: HttpRequest) -> HttpResponse:
    """`ligne`: the id of a line; without it, the lines to choose from."""
    table = timetable()
    asked = request.GET.get("ligne", "")[:120]
    context: dict[str, Any] = {"lines": (), "line": None}
    title = _("Véhicules en circulation")
    if asked:
        number = table.route_of_id.get(asked)
        if number is None:
            raise UnknownLine(_("Cette ligne n’existe pas dans les horaires d’aujourd’hui."))
        looked_at(routes=[asked])
        now = int(clock.now().timestamp())
        found = running(table, live(), route=number, now=now)
        route = table.routes[number]
        title = _("Véhicules de la ligne %s") % route.name
        context |= {
            "line": route,
            "badge": badge(route),
            "line_address": line_address(route.id),
            "rows": [_row(table, n, each, now) for n, each in enumerate(found, 1)],
            "seen": sum(each.seen for each in found),
            "map": _map(table, number, found) if found else "",
            "at": clock.hour(clock.now()),
        }
    else:
        context["lines"] = [(badge(each), each) for each in sorted(table.routes, key=lambda each: each.order)]
    template = f"mobility/stops/{'fleet' if asked else 'vehicles'}.html"
    answer = page(
        template, context, address=request.get_full_path(), section="mobility", title=title,
        head=head_of(),
    )  # fmt: skip
    return HttpResponse(answer, headers={"Cache-Control": A_MOMENT})


def _row(table: Timetable, number: int, each: Running, now: int) -> dict[str, Any]:
    told = age(max(0, now - each.said_at)) if each.said_at is not None else ""
    return {
        "number": number,
        "headsign": each.headsign,
        "stop": table.stops[each.stop].name if each.stop >= 0 else "",
        "place": table.places[table.stops[each.stop].place].id if each.stop >= 0 else "",
        "due": clock.hour(moment(each.due)) if each.due is not None else "",
        "seen": each.seen,
        "age": told,
        "late": round(each.late / 60) if each.late is not None else None,
        "label": each.label,
    }


def _map(table: Timetable, route: int, found: tuple[Running, ...]) -> SafeString:
    """The way of the line and its vehicles, numbered as in the list."""
    ways = [way_of(table, pattern) for pattern in patterns_of(table, [route])]
    points = np.concatenate([*ways, np.array([(each.lon, each.lat) for each in found])])
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    narrow = np.cos(np.radians((south + north) / 2))
    high = max((north - south) * 111_195, (east - west) * 111_195 * narrow * HEIGHT / WIDTH, 600) * 1.15
    ground = Ground(lon=(west + east) / 2, lat=(south + north) / 2, high=high, width=WIDTH, height=HEIGHT)
    title = conditional_escape(_("Véhicules de la ligne %s") % table.routes[route].name)
    told = conditional_escape(_("Un rond : vu par GPS. Un losange : position estimée. Le nord est en haut."))
    parts = [
        f'<svg class="around fleet" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="fleet-title fleet-desc">'
        f'<title id="fleet-title">{title}</title><desc id="fleet-desc">{told}</desc>'
    ]
    paths = "".join(ground.path(way) for way in ways)
    parts.append(f'<path class="way" d="{paths}" stroke="{colour_of(table, route)}"/>')
    for n, each in enumerate(found, 1):
        x, y = ground.at(np.array([(each.lon, each.lat)]))[0].tolist()
        if each.seen:
            parts.append(f'<circle class="gps" cx="{x:.0f}" cy="{y:.0f}" r="15"/>')
        else:
            parts.append(f'<path class="guess" d="M{x:.0f} {y - 18:.0f}l18 18-18 18-18-18z"/>')
        parts.append(f'<text x="{x:.0f}" y="{y + 5:.0f}" aria-hidden="true">{n}</text>')
    parts.append("</svg>")
    return SafeString("".join(parts))


urlpatterns = [path("transports/carte", vehicles, name="vehicles")]
