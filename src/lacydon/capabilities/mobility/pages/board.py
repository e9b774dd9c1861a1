"""The board of a stop for a screen on a wall or a frame in another site; and where its data are."""

from html import escape
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import clock, site
from lacydon.kernel.access import open_to_all
from lacydon.kernel.middleware.headers import framable
from lacydon.kernel.ui.shell import page

from ..actions.live.demand import looked_at
from ..queries.departures import badge, departures, shown
from ..queries.disruptions import now_and_soon, on_place
from ..queries.live import live
from ..queries.timetable import Place, Timetable
from .stop import A_MOMENT, commune_of, head_of, place_of

LEAST, MOST, USUAL = 3, 20, 8


def _rows(request: HttpRequest, table: Timetable, place: Place) -> dict[str, Any]:
    asked = request.GET.get("lignes", "")
    limit = min(max(int(asked), LEAST), MOST) if asked.isascii() and asked.isdigit() and len(asked) < 4 else USUAL
    now = clock.now()
    rows = departures(table=table, live=live(), stops=place.stops, at=now, limit=limit)
    moment = int(now.timestamp())
    told = [
        (
            badge(table.routes[row.route]) if row.route >= 0 else "",
            row.headsign,
            row.platform,
            shown(table, row, now=moment, at_stops=place.stops),
        )
        for row in rows
    ]
    running, _coming = now_and_soon(on_place(place.id, now), now)
    return {
        "place": place, "commune": commune_of(place), "rows": told, "now": moment, "at": clock.hour(now),
        "disruptions": running[:2], "silence": next((row.reason for row in rows if row.reason), ""), "limit": limit,
    }  # fmt: skip


@open_to_all
@require_safe
def stop_board(request: HttpRequest, id: str) -> HttpResponse:
    """`/tableau`: no menu, no cookie read. Parameters: `lignes` (rows, 3 to 20), `fond` (sombre, clair), `partie`."""
    table, place = place_of(id)
    looked_at(places=[id])
    context = _rows(request, table, place)
    here = reverse("stop-board", kwargs={"id": id})
    context |= {
        "lang": (translation.get_language() or "fr")[:2],
        "stop": site.address() + reverse("stop", kwargs={"id": id}),
        "fragment": f"{here}?partie=1&lignes={context['limit']}",
        "look": {"sombre": "dark", "clair": "light"}.get(request.GET.get("fond", ""), ""),
        "head": head_of("mobility/board.css", script=True),
    }
    template = "rows" if request.GET.get("partie") else "board"
    response = HttpResponse(get_template(f"mobility/stops/{template}.html").render(context))
    response["Cache-Control"] = A_MOMENT
    response["X-Robots-Tag"] = "noindex"
    return framable(response)


@open_to_all
@require_safe
def stop_data(request: HttpRequest, id: str) -> HttpResponse:
    """`/donnees`: the lines to paste in another site, and the addresses for machines."""
    _table, place = place_of(id)
    board = site.address() + reverse("stop-board", kwargs={"id": id})
    title = escape(_("Prochains départs : %s") % place.name)
    code = f'<iframe src="{board}" title="{title}" width="100%" height="520" loading="lazy" style="border:0"></iframe>'
    context = {"place": place, "board": board, "code": code, "root": site.address()}
    answer = page(
        "mobility/stops/data.html", context, address=request.get_full_path(), section="mobility",
        title=_("Afficher ailleurs les départs de %s") % place.name, head=head_of(),
    )  # fmt: skip
    return HttpResponse(answer)


urlpatterns = [
    path("transports/arrets/<slug:id>/tableau", stop_board, name="stop-board"),
    path("transports/arrets/<slug:id>/donnees", stop_data, name="stop-data"),
]
