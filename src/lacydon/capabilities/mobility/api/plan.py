"""Journeys for machines, in the shapes of MOTIS: /api/v6/plan and /api/v6/one-to-all.

Source: openapi.yaml of MOTIS 2 (v6). Parameters that ask for what we do not know (streets, fares) are read and left.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Refused

from ..ports.journeys import Ask, Call, Journey, Leg, Spot
from ..queries.departures.motis import geometry
from ..queries.planning import journeys
from ..queries.planning.ends import on_foot_ends
from ..queries.planning.held import day_now
from ..queries.planning.kernels import FAR
from ..queries.planning.points import spot_of
from ..queries.planning.reaching import stops_reached
from ..queries.timetable import Timetable, day_of, seconds_in, timetable

MOST, LONGEST, WINDOW = 20, 240, 7_200
"""Itineraries, minutes of a one-to-all, seconds of a window."""
MODES: Mapping[int, str] = {
    0: "TRAM", 1: "SUBWAY", 2: "REGIONAL_RAIL", 3: "BUS", 4: "FERRY", 5: "TRAM", 6: "AERIAL_LIFT", 7: "FUNICULAR",
    11: "BUS", 12: "SUBURBAN",
}  # fmt: skip
OTHER = {"walk": "WALK", "bike": "RENTAL", "car": "CAR"}
Answering = Callable[[HttpRequest], Any]


@dataclass(frozen=True, slots=True)
class WrongAskError(Exception):
    """A parameter that cannot be read: 400, and the error that MOTIS writes."""

    sentence: str
    status: int = 400


def in_their_shape(view: Answering) -> Answering:
    """Refusals as `{"error": …}`; every answer may be read from any site."""

    @wraps(view)
    def answer(request: HttpRequest) -> JsonResponse:
        try:
            response = JsonResponse(view(request))
        except WrongAskError as wrong:
            response = JsonResponse({"error": wrong.sentence}, status=wrong.status)
        except Refused as refusal:
            response = JsonResponse({"error": str(refusal.sentence)}, status=refusal.status)
        response.told = True  # type: ignore[attr-defined]
        response["Access-Control-Allow-Origin"] = "*"
        response["Cache-Control"] = "no-store"
        return response

    return answer


@open_to_all
@require_safe
@in_their_shape
def plan(request: HttpRequest) -> dict[str, Any]:
    """`fromPlace`, `toPlace` (a stop, or `lat,lon`), `time`, `arriveBy`, `maxTransfers`, `numItineraries`,
    `searchWindow`, `pedestrianProfile`, `preTransitModes`, `pageCursor`.
    """
    asked = request.GET
    table = timetable()
    origin, goal = _spot(table, asked, "fromPlace"), _spot(table, asked, "toPlace")
    when = _time(asked)
    arrive_by = _flag(asked, "arriveBy")
    cursor = asked.get("pageCursor", "")
    if cursor:
        way, _bar, number = cursor.partition("|")
        if way not in ("EARLIER", "LATER") or not number.isdigit() or len(number) > 10:
            raise WrongAskError("pageCursor: unknown cursor")
        when = datetime.fromtimestamp(int(number), UTC)
    before = {each.strip() for each in asked.get("preTransitModes", "WALK").split(",")}
    answer = journeys(
        Ask(
            origin=origin, goal=goal, when=when, arrive_by=arrive_by,
            wheelchair=asked.get("pedestrianProfile", "FOOT") == "WHEELCHAIR", unknown_too=True,
            changes=min(_number(asked, "maxTransfers", 5), 7), count=min(_number(asked, "numItineraries", 5), MOST),
            window=min(_number(asked, "searchWindow", 3_600), WINDOW), bike="RENTAL" in before,
            car=bool(before & {"CAR_PARKING", "CAR"}),
        )
    )  # fmt: skip
    rides = [each for each in answer.journeys if each.rides]
    walks = [each for each in answer.journeys if not each.rides]
    moments = [answer.earlier or when - timedelta(seconds=3_600), answer.later or when + timedelta(seconds=3_600)]
    return {
        "requestParameters": {name: asked[name] for name in asked},
        "debugOutput": {"planner_simple": int(answer.simple)},
        "from": _place(table, origin),
        "to": _place(table, goal),
        "direct": [_itinerary(table, each) for each in walks],
        "itineraries": [_itinerary(table, each) for each in rides],
        "previousPageCursor": f"EARLIER|{int(moments[0].timestamp())}",
        "nextPageCursor": f"LATER|{int(moments[1].timestamp())}",
    }


@open_to_all
@require_safe
@in_their_shape
def one_to_all(request: HttpRequest) -> dict[str, Any]:
    """`one` (a stop, or `lat,lon`), `time`, `maxTravelTime` (minutes), `arriveBy`, `maxTransfers`."""
    asked = request.GET
    table = timetable()
    spot = _spot(table, asked, "one")
    minutes = _number(asked, "maxTravelTime", 90)
    if not 0 < minutes <= LONGEST:
        raise WrongAskError(f"maxTravelTime: between 1 and {LONGEST} minutes", 422)
    when, backwards = _time(asked), _flag(asked, "arriveBy")
    day = day_of(when)
    if backwards and seconds_in(day, when) < minutes * 60:
        day -= timedelta(days=1)
    runs = day_now(table, day)
    starts = on_foot_ends(runs.network, spot, towards=backwards)
    found = stops_reached(
        runs, starts, at=seconds_in(day, when), longest=minutes * 60, backwards=backwards,
        rounds=min(_number(asked, "maxTransfers", 5), 7) + 1,
    )  # fmt: skip
    return {
        "one": _place(table, spot),
        "all": [
            {
                "place": _place(table, _stop_spot(table, n)),
                "duration": -(-int(found.seconds[n]) // 60),
                "k": int(found.vehicles[n]),
            }
            for n in (found.seconds < FAR).nonzero()[0].tolist()
        ],
    }


def _spot(table: Timetable, asked: Mapping[str, str], name: str) -> Spot:
    text = asked.get(name, "").strip()
    if not text:
        raise WrongAskError(f"{name}: missing")
    if text in table.place_of_id:
        return spot_of(table, table.place_of_id[text])
    if text in table.stop_of_id:
        return _stop_spot(table, table.stop_of_id[text])
    try:
        lat, lon = (float(each) for each in text.split(",")[:2])
    except ValueError:
        raise WrongAskError(f"{name}: no such stop", 404) from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise WrongAskError(f"{name}: not a point")
    return Spot(name=_("Point choisi"), lon=lon, lat=lat)


def _stop_spot(table: Timetable, stop: int) -> Spot:
    its = table.stops[stop]
    return Spot(name=its.name, lon=its.lon, lat=its.lat, stops=(stop,), place=its.place, platform=its.platform)


def _time(asked: Mapping[str, str]) -> datetime:
    text = asked.get("time", "")
    if not text:
        return clock.now()
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise WrongAskError("time: not a date-time (ISO 8601)") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _number(asked: Mapping[str, str], name: str, default: int) -> int:
    text = asked.get(name, "")
    if not text:
        return default
    if not text.isdigit() or len(text) > 9:
        raise WrongAskError(f"{name}: not a number")
    return int(text)


def _flag(asked: Mapping[str, str], name: str) -> bool:
    return asked.get(name, "").lower() in ("true", "1")


def _itinerary(table: Timetable, its: Journey) -> dict[str, Any]:
    return {
        "duration": its.seconds,
        "startTime": _moment(its.departure),
        "endTime": _moment(its.arrival),
        "transfers": its.changes,
        "legs": [_leg(table, each) for each in its.legs],
    }


def _leg(table: Timetable, leg: Leg) -> dict[str, Any]:
    told: dict[str, Any] = {
        "mode": OTHER.get(leg.kind) or MODES.get(leg.mode, "BUS" if leg.mode // 100 in (2, 7, 8) else "OTHER"),
        "from": _place(table, leg.origin, departure=(leg.departure, leg.planned_departure)),
        "to": _place(table, leg.goal, arrival=(leg.arrival, leg.planned_arrival)),
        "duration": leg.seconds,
        "startTime": _moment(leg.departure),
        "endTime": _moment(leg.arrival),
        "scheduledStartTime": _moment(leg.departure if leg.planned_departure is None else leg.planned_departure),
        "scheduledEndTime": _moment(leg.arrival if leg.planned_arrival is None else leg.planned_arrival),
        "realTime": leg.sureness in ("predicted", "measured"),
        "scheduled": leg.kind != "ride" or leg.planned_departure is not None,
        "distance": leg.metres,
        "legGeometry": geometry(leg.points),
    }
    if leg.kind == "ride":
        route = table.routes[leg.route] if leg.route >= 0 else None
        told |= {
            "headsign": leg.headsign, "tripId": leg.trip_id, "routeShortName": leg.line, "routeLongName": leg.line_name,
            "displayName": leg.line, "routeId": route.id if route else "", "routeType": leg.mode,
            "agencyName": leg.agency,
            "agencyId": table.agencies[route.agency].id if route and route.agency >= 0 else "",
            "routeColor": leg.colour, "routeTextColor": leg.text_colour, "source": leg.source,
            "interlineWithPreviousLeg": leg.seated,
            "intermediateStops": [_call(table, each) for each in leg.calls[1:-1]],
            "sureness": leg.sureness,
        }  # fmt: skip
    return told


def _call(table: Timetable, call: Call) -> dict[str, Any]:
    return _place(
        table,
        call.spot,
        arrival=(call.arrival, call.planned_arrival),
        departure=(call.departure, call.planned_departure),
    )


def _place(
    table: Timetable, spot: Spot, *, arrival: tuple[int, int | None] | None = None,
    departure: tuple[int, int | None] | None = None,
) -> dict[str, Any]:  # fmt: skip
    told: dict[str, Any] = {"name": spot.name, "lat": spot.lat, "lon": spot.lon, "level": 0, "vertexType": "NORMAL"}
    if spot.stops:
        told["vertexType"] = "TRANSIT"
        told["stopId"] = table.stops[spot.stops[0]].id if len(spot.stops) == 1 else table.places[spot.place].id
    if spot.platform:
        told["track"] = spot.platform
    for name, times in (("arrival", arrival), ("departure", departure)):
        if times is not None:
            told[name] = _moment(times[0])
            told[f"scheduled{name.title()}"] = _moment(times[0] if times[1] is None else times[1])
    return told


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


urlpatterns = [path("api/v6/plan", plan), path("api/v6/one-to-all", one_to_all)]
