"""/api/v6/stoptimes, /trip, /stop, /map/stops and /api/v1/geocode, /reverse-geocode: the addresses and shapes of MOTIS.

What is wrong is told in its own error shape: 400 a parameter that cannot be read, 404 no such stop or trip, 422 a
question without a stop.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Refused

from ..actions.live.demand import looked_at
from ..errors import NoTimetable
from ..queries.departures import Departure, between
from ..queries.departures.motis import (
    CURSOR,
    EARLIER,
    LATER,
    leg_of,
    mode_of,
    modes_asked,
    place_of,
    place_of_place,
    stop_time,
    trip_of,
)
from ..queries.departures.spoken import spoken
from ..queries.disruptions import now_and_soon, on_line, on_place
from ..queries.live import LiveState, live
from ..queries.nearby import places_near
from ..queries.stops import stops_named
from ..queries.timetable import Timetable, timetable
from .answering import json_answer, motis_error

MOST: Final = 500
WINDOWS: Final = (3_600, 10_800, 32_400, 97_200, 270_000)
STOPTIMES: Final = frozenset(
    "stopId center time arriveBy both direction window mode n radius exactRadius fetchStops pageCursor "
    "withScheduledSkippedStops realtimeMode language withAlerts lang".split()
)


class WrongAskError(Exception):
    """What is told in the shape of MOTIS."""

    def __init__(self, sentence: str, *, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


def _answered(view: Any) -> Any:
    """The view with its errors in the shape of MOTIS; open to all."""

    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = view(request, *args, **kwargs)
            return answer
        except WrongAskError as wrong:
            return motis_error(wrong.sentence, status=wrong.status)
        except NoTimetable as refused:
            return motis_error(refused.sentence, status=404)

    return open_to_all(require_safe(told))


def _yes(request: HttpRequest, name: str, default: bool = False) -> bool:
    given = request.GET.get(name, "")
    if given not in ("", "true", "false", "1", "0"):
        raise WrongAskError(f"{name} must be true or false")
    return default if not given else given in ("true", "1")


def _number(request: HttpRequest, name: str, default: int | None, *, least: int, most: int) -> int | None:
    given = request.GET.get(name, "")
    if not given:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 9 and least <= int(given) <= most):
        raise WrongAskError(f"{name} must be an integer from {least} to {most}")
    return int(given)


def _time(request: HttpRequest) -> int:
    given = request.GET.get("time", "")
    if not given:
        return int(clock.now().timestamp())
    try:
        when = datetime.fromisoformat(given.replace(" ", "+").replace("Z", "+00:00"))
        return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        raise WrongAskError("time must be a moment such as 2026-11-27T08:00:00Z") from None


def _point(text: str, name: str) -> tuple[float, float]:
    """(lat, lon) of `43.29,5.37`."""
    try:
        lat, lon = (float(part) for part in text.split(",")[:2])
    except ValueError:
        raise WrongAskError(f"{name} must be lat,lon") from None
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise WrongAskError(f"{name} must be lat,lon")
    return lat, lon


def _stops(request: HttpRequest, table: Timetable) -> tuple[dict[str, Any], list[int]]:
    """The place that is asked about, as it is told, and its quays."""
    id, center = request.GET.get("stopId", ""), request.GET.get("center", "")
    radius = _number(request, "radius", None, least=0, most=5_000)
    exact = _yes(request, "exactRadius")
    if center:
        lat, lon = _point(center, "center")
        near = places_near(table, lon=lon, lat=lat, metres=radius if radius is not None else 100, limit=40)
        told = {"name": center, "lat": lat, "lon": lon, "level": 0.0, "vertexType": "NORMAL"}
        return told, [stop for each in near for stop in table.places[each.place].stops]
    if not id:
        raise WrongAskError("stopId or center is needed", status=422)
    place = table.place_of_id.get(id)
    if place is not None:
        told, stops = place_of_place(table.places[place]), list(table.places[place].stops)
        lon, lat = table.places[place].lon, table.places[place].lat
    else:
        number = table.stop_of_id.get(id)
        if number is None:
            raise WrongAskError(f"no such stop: {id[:120]}", status=404)
        stop = table.stops[number]
        told, lon, lat = place_of(stop), stop.lon, stop.lat
        stops = [number] if exact or stop.place < 0 else list(table.places[stop.place].stops)
    if radius:
        for each in places_near(table, lon=lon, lat=lat, metres=radius, limit=40):
            stops += [stop for stop in table.places[each.place].stops if stop not in stops]
    return told, stops


@_answered
def stoptimes(request: HttpRequest) -> HttpResponse:
    """Departures or arrivals of a stop, in pages both ways."""
    unknown = sorted(set(request.GET) - STOPTIMES)
    if unknown:
        raise WrongAskError(f"unknown parameter: {unknown[0][:80]}")
    table = timetable()
    told_place, stops = _stops(request, table)
    when, arrivals, both = _time(request), _yes(request, "arriveBy"), _yes(request, "both")
    direction = request.GET.get("direction", EARLIER if arrivals else LATER)
    if direction not in (EARLIER, LATER):
        raise WrongAskError("direction must be EARLIER or LATER")
    window = _number(request, "window", None, least=1, most=172_800)
    n = _number(request, "n", None if window else 20, least=1, most=MOST)
    cursor = request.GET.get("pageCursor", "")
    if cursor:
        found = CURSOR.fullmatch(cursor)
        if not found:
            raise WrongAskError("pageCursor is not one of ours")
        direction, when = found[1], int(found[2])
    try:
        modes = modes_asked([name for each in request.GET.getlist("mode") for name in each.split(",") if name])
    except ValueError as wrong:
        raise WrongAskError(f"no such mode: {str(wrong)[:40]}") from None
    realtime = request.GET.get("realtimeMode", "ON").upper()
    state = LiveState(taken_at=int(clock.now().timestamp())) if realtime in ("OFF", "SCHEDULED", "NONE") else live()
    looked_at(places={table.places[table.stops[stop].place].id for stop in stops if table.stops[stop].place >= 0})
    skipped = _yes(request, "withScheduledSkippedStops")

    def keeps(row: Departure) -> bool:
        if row.skipped and not skipped:
            return False
        return modes is None or (row.route >= 0 and mode_of(table.routes[row.route]) in modes)

    rows: list[Departure] = []
    for wide in (window,) if window else WINDOWS:
        low, high = (when, when + wide) if direction == LATER else (when - wide, when)
        rows = [
            row
            for arriving in ((False, True) if both else (arrivals,))
            for row in between(table=table, live=state, stops=stops, low=low, high=high, arrivals=arriving)
            if keeps(row)
        ]
        if n is not None and len(rows) >= n:
            break
    rows = _cut(rows, n, direction=direction, arrivals=arrivals)
    alerts = _alerts(table) if _yes(request, "withAlerts") else None
    first = _moment(rows[0], arrivals) if rows else when
    last = _moment(rows[-1], arrivals) if rows else when - 1
    answer: dict[str, Any] = {
        "stopTimes": [stop_time(table, row, alerts=alerts(row) if alerts else None) for row in rows],
        "place": told_place,
        "previousPageCursor": f"{EARLIER}|{first}",
        "nextPageCursor": f"{LATER}|{last + 1}",
    }
    if _yes(request, "fetchStops"):
        answer["stops"] = [place_of(table.stops[stop]) for stop in stops]
    return json_answer(request, answer)


def _moment(row: Departure, arrivals: bool) -> int:
    if arrivals:
        found = row.expected_arrival if row.expected is not None else row.planned_arrival
        return found if found is not None else row.when
    return row.when


def _cut(rows: list[Departure], n: int | None, *, direction: str, arrivals: bool) -> list[Departure]:
    """`n` of them, and those of the same second as the last: a page never parts what leaves together."""
    rows.sort(key=lambda row: (_moment(row, arrivals), row.trip, row.position))
    if n is None or len(rows) <= n:
        return rows
    if direction == LATER:
        edge = _moment(rows[n - 1], arrivals)
        return [row for row in rows if _moment(row, arrivals) <= edge]
    edge = _moment(rows[-n], arrivals)
    return [row for row in rows if _moment(row, arrivals) >= edge]


def _alerts(table: Timetable) -> Any:
    """What is said of a row: of its line and of its place, in the shape of MOTIS."""
    when = clock.now()
    kept: dict[tuple[int, int], list[dict[str, Any]]] = {}

    def of(row: Departure) -> list[dict[str, Any]]:
        place = table.stops[row.stop].place
        key = (row.route, place)
        if key not in kept:
            views = list(on_line(table.routes[row.route].id, when)) if row.route >= 0 else []
            views += on_place(table.places[place].id, when) if place >= 0 else ()
            running, _coming = now_and_soon({each.id: each for each in views}.values(), when)
            kept[key] = [_alert(each) for each in running]
        return kept[key]

    return of


def _alert(view: Any) -> dict[str, Any]:
    def said(texts: Mapping[str, str]) -> str:
        return texts.get("fr") or next(iter(texts.values()), "")

    def ends(period: Any) -> dict[str, str]:
        told = {"start": period.begin, "end": period.end}
        return {name: at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for name, at in told.items() if at}

    return {
        "code": str(view.id), "headerText": said(view.title), "descriptionText": said(view.text),
        "impactPeriod": [ends(period) for period in view.periods], "url": view.url or "",
        "cause": str(view.cause).replace("-", "_").upper(), "effect": str(view.effect).replace("-", "_").upper(),
        "severityLevel": str(view.severity).upper(),
    }  # fmt: skip


@_answered
def trip(request: HttpRequest) -> HttpResponse:
    """A trip of a day as an itinerary of one leg."""
    table = timetable()
    found = trip_of(table, request.GET.get("tripId", ""))
    if not request.GET.get("tripId"):
        raise WrongAskError("tripId is needed", status=422)
    if found is None:
        raise WrongAskError("no such trip", status=404)
    leg = leg_of(table, spoken(table, live()), trip=found[0], day=found[1])
    answer = {
        "duration": leg["duration"], "startTime": leg["startTime"], "endTime": leg["endTime"], "transfers": 0,
        "legs": [leg],
    }  # fmt: skip
    return json_answer(request, answer)


@_answered
def stop(request: HttpRequest) -> HttpResponse:
    """A stop and its quays."""
    table = timetable()
    told, stops = _stops(request, table)
    return json_answer(request, {"place": told, "stops": [place_of(table.stops[each]) for each in stops]}, max_age=3600)


@_answered
def map_stops(request: HttpRequest) -> HttpResponse:
    """The places of a box: `min` and `max`, each lat,lon."""
    table = timetable()
    south, west = _point(request.GET.get("min", ""), "min")
    north, east = _point(request.GET.get("max", ""), "max")
    low, high = (min(south, north), min(west, east)), (max(south, north), max(west, east))
    found = [
        place_of_place(each) for each in table.places if low[0] <= each.lat <= high[0] and low[1] <= each.lon <= high[1]
    ]
    if len(found) > 2_000:
        raise WrongAskError("too many stops: ask for a smaller box", status=422)
    return json_answer(request, found, max_age=3600)


@_answered
def geocode(request: HttpRequest) -> HttpResponse:
    """Stops, then addresses and communes, whose name resembles `text`. `type`: STOP, ADDRESS or PLACE."""
    text = request.GET.get("text", "").strip()[:200]
    if not text:
        raise WrongAskError("text is needed", status=422)
    wanted = {each for value in request.GET.getlist("type") for each in value.split(",") if each}
    if wanted - {"STOP", "ADDRESS", "PLACE"}:
        raise WrongAskError("type must be STOP, ADDRESS or PLACE")
    found: list[dict[str, Any]] = []
    if not wanted or "STOP" in wanted:
        table = timetable()
        found += [
            {
                "type": "STOP", "tokens": [], "name": each.name, "id": each.id, "lat": each.lat, "lon": each.lon,
                "level": 0.0, "areas": _areas(each.commune), "score": -each.score,
                "modes": sorted({mode_of(table.routes[n]) for n in table.routes_of_place[each.place]}),
            }
            for each in stops_named(text, limit=8)
        ]  # fmt: skip
    if not wanted or wanted & {"ADDRESS", "PLACE"}:
        found += _addresses(text, wanted)
    return json_answer(request, found[:12], max_age=300)


def _areas(commune: str) -> list[dict[str, Any]]:
    return [{"name": commune, "adminLevel": 8, "matched": False, "default": True}] if commune else []


def _addresses(text: str, wanted: set[str]) -> list[dict[str, Any]]:
    try:
        features: Sequence[Any] = territory.search_addresses(q=text, limit=5)["features"]
    except Refused:
        return []
    found = []
    for each in features:
        told = each["properties"]
        kind = "ADDRESS" if told["type"] in ("housenumber", "street") else "PLACE"
        if wanted and kind not in wanted:
            continue
        lon, lat = each["geometry"]["coordinates"][:2]
        found.append(
            {
                "type": kind, "tokens": [], "name": told.get("name") or told["label"], "id": told.get("id", ""),
                "lat": lat, "lon": lon, "level": 0.0, "areas": _areas(told.get("city", "")), "score": -told["score"],
                **({"zip": told["postcode"]} if told.get("postcode") else {}),
            }
        )  # fmt: skip
    return found


@_answered
def reverse_geocode(request: HttpRequest) -> HttpResponse:
    """What is near `place` (lat,lon): stops, then the nearest address."""
    lat, lon = _point(request.GET.get("place", ""), "place")
    table = timetable()
    found: list[dict[str, Any]] = [
        {
            "type": "STOP", "tokens": [], "name": table.places[each.place].name, "id": table.places[each.place].id,
            "lat": table.places[each.place].lat, "lon": table.places[each.place].lon, "level": 0.0, "areas": [],
            "score": each.metres,
        }
        for each in places_near(table, lon=lon, lat=lat, metres=500, limit=5)
    ]  # fmt: skip
    try:
        features: Sequence[Any] = territory.reverse_address(lon=lon, lat=lat)["features"]
    except Refused:
        features = ()
    for feature in features:
        told = feature["properties"]
        x, y = feature["geometry"]["coordinates"][:2]
        found.append(
            {
                "type": "ADDRESS", "tokens": [], "name": told["label"], "id": told.get("id", ""), "lat": y, "lon": x,
                "level": 0.0, "areas": _areas(told.get("city", "")), "score": 0,
            }
        )  # fmt: skip
    return json_answer(request, found, max_age=300)


urlpatterns = [
    path("api/v6/stoptimes", stoptimes, name="motis-stoptimes"),
    path("api/v6/trip", trip, name="motis-trip"),
    path("api/v6/stop", stop, name="motis-stop"),
    path("api/v6/map/stops", map_stops, name="motis-map-stops"),
    path("api/v1/geocode", geocode, name="motis-geocode"),
    path("api/v1/reverse-geocode", reverse_geocode, name="motis-reverse-geocode"),
]
