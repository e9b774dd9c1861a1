"""SIRI Lite StopMonitoring out: /api/siri-lite/stop-monitoring.json and .xml, for operators and clients of SIRI."""

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import BadInput

from ..actions.live.demand import looked_at
from ..errors import UnknownStop
from ..queries.departures import Departure, departures
from ..queries.departures.siri import as_json, as_xml, stop_monitoring
from ..queries.live import live
from ..queries.timetable import Timetable, timetable
from .answering import answer, json_answer

USUAL, MOST = 20, 200
HOUR: Final = timedelta(hours=1)


def _asked(request: HttpRequest) -> tuple[Timetable, tuple[Departure, ...], str]:
    """`MonitoringRef`: a place, a quay, or the identifier that SIRI itself gives it; `LineRef`,
    `MaximumStopVisits`, `PreviewInterval` (PT30M).
    """
    table = timetable()
    ref = request.GET.get("MonitoringRef", "").strip()[:200]
    if not ref:
        raise BadInput(_("« MonitoringRef » dit de quel arrêt il s’agit."), field="MonitoringRef")
    place = table.place_of_id.get(ref)
    number = table.stop_of_id.get(ref, table.stop_of_netex_id.get(ref))
    if place is not None:
        stops = list(table.places[place].stops)
    elif number is not None:
        stops = [number]
        place = table.stops[number].place
    else:
        raise UnknownStop(_("Cet arrêt n’existe pas, ou n’existe plus, dans les horaires d’aujourd’hui."))
    if place >= 0:
        looked_at(places=[table.places[place].id])
    given = request.GET.get("MaximumStopVisits", str(USUAL))
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= MOST):
        raise BadInput(_("« MaximumStopVisits » doit être un nombre entre 1 et %d.") % MOST, field="MaximumStopVisits")
    line = request.GET.get("LineRef", "")
    rows = departures(
        table=table, live=live(), stops=stops, at=clock.now(), limit=None if line else int(given),
        window=_interval(request.GET.get("PreviewInterval", "")) or (24 * HOUR if line else None),
    )  # fmt: skip
    if line:
        rows = tuple(row for row in rows if row.route >= 0 and table.routes[row.route].id == line)
    return table, rows[: int(given)], ref


def _interval(text: str) -> timedelta | None:
    """`PT30M`, `PT2H`."""
    if not text:
        return None
    number = text[2:-1]
    if not (text.startswith("PT") and text[-1] in "MH" and number.isascii() and number.isdigit() and len(number) < 4):
        raise BadInput(_("« PreviewInterval » s’écrit PT30M ou PT2H."), field="PreviewInterval")
    return min(int(number) * (HOUR / 60 if text[-1] == "M" else HOUR), 48 * HOUR)


@open_to_all
@require_safe
def in_json(request: HttpRequest) -> HttpResponse:
    table, rows, ref = _asked(request)
    now = int(clock.now().timestamp()) // 10 * 10
    message = request.GET.get("MessageIdentifier", "")[:100]
    return json_answer(request, as_json(stop_monitoring(table, rows, ref=ref, now=now, message=message)))


@open_to_all
@require_safe
def in_xml(request: HttpRequest) -> HttpResponse:
    table, rows, ref = _asked(request)
    now = int(clock.now().timestamp()) // 10 * 10
    message = request.GET.get("MessageIdentifier", "")[:100]
    told = stop_monitoring(table, rows, ref=ref, now=now, message=message)
    return answer(request, as_xml(told), media_type="application/xml; charset=utf-8")


urlpatterns = [
    path("api/siri-lite/stop-monitoring.json", in_json, name="siri-lite-json"),
    path("api/siri-lite/stop-monitoring", in_json, name="siri-lite"),
    path("api/siri-lite/stop-monitoring.xml", in_xml, name="siri-lite-xml"),
]
