"""Our own face of departures: /api/v1/mobility/stops/<id>/departures, as JSON, CSV and Parquet."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import BadInput

from ..actions.live.demand import looked_at
from ..errors import UnknownStop
from ..queries.departures import Departure, departures
from ..queries.departures.told import as_csv, as_parquet, moment, told
from ..queries.live import live
from ..queries.timetable import Place, Timetable, Wheelchair, timetable
from .answering import answer, json_answer

router = Router()
MOST = 500


class DepartureOut(Schema):
    """A departure. Moments are RFC 3339 in UTC."""

    line: str | None = Field(description="Number or name of the line.")
    line_id: str | None
    headsign: str
    stop_id: str = Field(description="Quay where one really boards.")
    planned_stop_id: str
    platform: str | None
    planned: str | None
    expected: str | None = Field(description="What real time says; null when it says nothing.")
    delay: int | None = Field(description="Seconds; below 0 when early.")
    sureness: Literal["measured", "predicted", "theoretical", "source-down"]
    said_at: str | None = Field(description="When the source said so; of a silent source, when it last answered.")
    source: str | None
    reason: str | None = Field(description="Why the source is silent.")
    cancelled: bool
    skipped: bool
    state: str
    trip_id: str | None
    service_day: str | None
    wheelchair: Literal["yes", "no", "unknown"]
    bikes: Literal["yes", "no", "unknown"]
    headway: int | None = Field(description="Seconds between vehicles, when only that is planned.")
    until: str | None


class StopOut(Schema):
    id: str
    name: str
    citycode: str
    lon: float
    lat: float
    wheelchair: Literal["yes", "no", "unknown"]


class DeparturesOut(Schema):
    stop: StopOut
    at: str
    departures: list[DepartureOut]


class Asked(Schema):
    """Which departures."""

    time: AwareDatetime | None = Field(None, description="From when; now when absent.")
    limit: int = Field(20, ge=1, le=MOST)
    minutes: int | None = Field(None, ge=1, le=2880, description="Not later than so many minutes after.")
    arrivals: bool = Field(False, description="What arrives instead.")


def asked_rows(id: str, asked: Asked) -> tuple[Timetable, Place, datetime, tuple[Departure, ...]]:
    """Raises NoTimetable, UnknownStop."""
    table = timetable()
    number = table.place_of_id.get(id)
    if number is None:
        raise UnknownStop(_("Cet arrêt n’existe pas, ou n’existe plus, dans les horaires d’aujourd’hui."))
    looked_at(places=[id])
    at = (asked.time or clock.now()).astimezone(UTC)
    window = timedelta(minutes=asked.minutes) if asked.minutes else None
    rows = departures(
        table=table, live=live(), stops=table.places[number].stops, at=at, limit=asked.limit, window=window,
        arrivals=asked.arrivals,
    )  # fmt: skip
    return table, table.places[number], at, rows


@router.get(
    "/stops/{id}/departures", response=DeparturesOut, url_name="stop-departures",
    summary="Next departures of a stop, each with how sure it is",
)  # fmt: skip
@open_to_all
def stop_departures(request: HttpRequest, id: str, asked: Query[Asked]) -> Any:
    """`id`: that of the page of the stop, `vieux-port-13055`. Kept ten seconds; the ETag tells whether it changed."""
    table, place, at, rows = asked_rows(id, asked)
    return json_answer(
        request,
        {
            "stop": {
                "id": place.id, "name": place.name, "citycode": place.citycode, "lon": round(place.lon, 6),
                "lat": round(place.lat, 6), "wheelchair": Wheelchair(place.wheelchair).name.lower(),
            },
            "at": moment(int(at.timestamp())),
            "departures": [told(table, row) for row in rows],
        },
    )  # fmt: skip


def _asked(request: HttpRequest) -> Asked:
    given = request.GET.get("limit", "100")
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:6]) <= MOST):
        raise BadInput(_("« limit » doit être un nombre entre 1 et %d.") % MOST, field="limit")
    return Asked(limit=int(given))  # type: ignore[call-arg]


@open_to_all
@require_safe
def as_text(request: HttpRequest, id: str) -> HttpResponse:
    """CSV; `limit`: 100 unless told."""
    table, _place, _at, rows = asked_rows(id, _asked(request))
    return answer(request, as_csv(table, rows), media_type="text/csv; charset=utf-8; header=present")


@open_to_all
@require_safe
def as_columns(request: HttpRequest, id: str) -> HttpResponse:
    """Parquet."""
    table, place, _at, rows = asked_rows(id, _asked(request))
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "departures.parquet"
        as_parquet(table, rows, path=str(written))
        content = written.read_bytes()
    response = answer(request, content, media_type="application/vnd.apache.parquet")
    response["Content-Disposition"] = f'attachment; filename="{place.id}.parquet"'
    return response


urlpatterns = [
    path("api/v1/mobility/stops/<slug:id>/departures.csv", as_text, name="stop-departures-csv"),
    path("api/v1/mobility/stops/<slug:id>/departures.parquet", as_columns, name="stop-departures-parquet"),
]
