"""GTFS Realtime out: /api/gtfs-rt/trip-updates, /vehicle-positions, /alerts, of all and of one network (by its feed).

Made at most every ten seconds by a process, whoever asks: one question to an operator serves every reuser.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from google.protobuf.json_format import MessageToJson  # type: ignore[import-untyped]

from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import BadInput, NotFound

from ..queries.departures.realtime_feed import alerts, trip_updates, vehicle_positions
from ..queries.disruptions import current
from ..queries.live import live
from ..queries.timetable import Timetable, timetable
from .answering import JSON, MAX_AGE, answer

PROTOBUF: Final = "application/x-protobuf"
_made: dict[tuple[str, str, str, str], tuple[float, bytes]] = {}
_lock = threading.Lock()


def _alerts(table: Timetable, prefix: str) -> Any:
    now = clock.now()
    return alerts(table, current(now), now=int(now.timestamp()), prefix=prefix)


KINDS: Final[dict[str, Callable[[Timetable, str], Any]]] = {
    "trip-updates": lambda table, prefix: trip_updates(table, live(), prefix=prefix),
    "vehicle-positions": lambda table, prefix: vehicle_positions(table, live(), prefix=prefix),
    "alerts": _alerts,
}


@open_to_all
@require_safe
def feed(request: HttpRequest, kind: str, network: str = "") -> HttpResponse:
    """`network`: the id of a feed, whose identifiers are then its own; `format=json` for people who look."""
    table = timetable()
    if kind not in KINDS:
        raise NotFound(_("Il n’y a rien à cette adresse."))
    form = request.GET.get("format", "protobuf")
    if form not in ("protobuf", "pb", "json"):
        raise BadInput(_("« format » est protobuf ou json."), field="format")
    prefix = ""
    if network:
        found = next((each for each in table.feeds if network in (each.id, each.prefix)), None)
        if found is None:
            raise NotFound(_("Aucun réseau de ce nom."))
        prefix = found.prefix
    content = _content(table, kind, prefix, "json" if form == "json" else "protobuf")
    return answer(request, content, media_type=JSON if form == "json" else PROTOBUF)


def _content(table: Timetable, kind: str, prefix: str, form: str) -> bytes:
    key = (table.content, kind, prefix, form)
    with _lock:
        made = _made.get(key)
        if made is not None and time.monotonic() - made[0] < min(MAX_AGE, _patience()):
            return made[1]
        message = KINDS[kind](table, prefix)
        content = MessageToJson(message).encode() if form == "json" else message.SerializeToString(deterministic=True)
        for old in [each for each in _made if each[0] != table.content]:
            del _made[old]
        _made[key] = (time.monotonic(), content)
    return content


def _patience() -> float:
    """Seconds that an answer is kept: none where snapshots are asked for at each request (tests)."""
    return 5.0 * float(settings.SNAPSHOT_SECONDS)


urlpatterns = [
    path("api/gtfs-rt/<slug:kind>", feed, name="gtfs-rt"),
    path("api/gtfs-rt/<slug:network>/<slug:kind>", feed, name="gtfs-rt-network"),
]
