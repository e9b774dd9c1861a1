"""Journeys of an OpenTripPlanner server: **fetch** by GraphQL, **parse**, and answer as a planner of transport.

Documentation: the GTFS GraphQL API of OpenTripPlanner 2.6 and later, `planConnection`. Who asks for a journey waits:
five seconds and one try, then ours answers.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.capabilities.mobility.public import Answer, Ask, Call, Journey, Leg, Spot, planners
from lacydon.capabilities.territory.public import communes
from lacydon.connectors import Check
from lacydon.kernel import clock
from lacydon.kernel.errors import Refused
from lacydon.kernel.http import AddressRefused, Breaker, HttpClient, OutsideUnavailable, Timeout, own_machine

PREFIX: Final = "otp+"
TIMEOUT: Final = Timeout(connect=1.0, read=4.5, total=5.0)
LARGEST: Final = 4_000_000
KINDS: Final[Mapping[str, str]] = {"WALK": "walk", "BICYCLE": "bike", "SCOOTER": "bike", "CAR": "car"}
MODES: Final[Mapping[str, int]] = {
    "TRAM": 0, "SUBWAY": 1, "RAIL": 2, "BUS": 3, "COACH": 3, "FERRY": 4, "GONDOLA": 6, "FUNICULAR": 7,
}  # fmt: skip
TIMES: Final = "{ scheduledTime estimated { time } }"
QUERY: Final = f"""
query Journeys($origin: PlanLabeledLocationInput!, $goal: PlanLabeledLocationInput!, $when: PlanDateTimeInput!,
               $count: Int!, $modes: PlanModesInput, $preferences: PlanPreferencesInput) {{
  planConnection(origin: $origin, destination: $goal, dateTime: $when, first: $count, modes: $modes,
                 preferences: $preferences) {{
    routingErrors {{ code description }}
    edges {{ node {{ legs {{
      mode distance headsign interlineWithPreviousLeg realTime
      start {TIMES} end {TIMES}
      from {{ name lat lon stop {{ platformCode }} }}
      to {{ name lat lon stop {{ platformCode }} }}
      route {{ shortName longName color textColor agency {{ name }} }}
      trip {{ gtfsId }}
      intermediatePlaces {{ name lat lon arrival {TIMES} departure {TIMES} }}
      legGeometry {{ points }}
    }} }} }}
  }}
}}
"""


class OpenTripPlanner:
    """A planner that knows streets."""

    id = "otp"
    title = "OpenTripPlanner"

    def is_on(self) -> bool:
        return settings.MOBILITY_PLANNER_URL.startswith(PREFIX)

    def plan(self, ask: Ask) -> Answer:
        return parse(fetch(ask), ask)


def fetch(ask: Ask) -> Any:
    """What the server answers. Raises Unavailable."""
    base = settings.MOBILITY_PLANNER_URL.removeprefix(PREFIX).rstrip("/")
    content = json.dumps({"query": QUERY, "variables": _variables(ask)}).encode()
    try:
        answer = _client(base).request(
            "POST", f"{base}/otp/gtfs/v1", content=content,
            headers={"Content-Type": "application/json", "Accept": "application/json"},
        )  # fmt: skip
    except AddressRefused as refusal:
        raise OutsideUnavailable(refusal.sentence) from refusal
    if answer.status != 200:
        raise OutsideUnavailable(_("OpenTripPlanner a répondu %d.") % answer.status)
    return answer.json()


def _variables(ask: Ask) -> dict[str, Any]:
    when = ask.when.astimezone(clock.LOCAL).isoformat(timespec="seconds")
    access = ["BICYCLE_RENTAL"] if ask.bike else ["CAR_PARKING"] if ask.car else ["WALK"]
    return {
        "origin": _location(ask.origin),
        "goal": _location(ask.goal),
        "when": {"latestArrival" if ask.arrive_by else "earliestDeparture": when},
        "count": ask.count,
        "modes": {
            "transit": {"access": access, "egress": ["BICYCLE_RENTAL" if ask.bike else "WALK"], "transfer": ["WALK"]}
        },
        "preferences": {
            "accessibility": {"wheelchair": {"enabled": ask.wheelchair}},
            "transit": {"transfer": {"maximumTransfers": ask.changes}},
        },
    }


def _location(spot: Spot) -> dict[str, Any]:
    return {"location": {"coordinate": {"latitude": round(spot.lat, 6), "longitude": round(spot.lon, 6)}}}


def parse(answer: Any, ask: Ask) -> Answer:
    """Its itineraries as ours. Raises Unavailable when the answer is not as documented."""
    try:
        found = tuple(_journey(each["node"], ask) for each in answer["data"]["planConnection"]["edges"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise OutsideUnavailable(_("OpenTripPlanner a répondu autre chose que des trajets.")) from error
    return Answer(journeys=tuple(each for each in found if each.legs), planner="otp", simple=False)


def _journey(told: Mapping[str, Any], ask: Ask) -> Journey:
    legs = [_leg(each) for each in told["legs"]]
    if legs and legs[0].kind != "ride":
        legs[0] = replace(legs[0], origin=ask.origin)
    if legs and legs[-1].kind != "ride":
        legs[-1] = replace(legs[-1], goal=ask.goal)
    return Journey(legs=tuple(legs))


def _leg(told: Mapping[str, Any]) -> Leg:
    kind = KINDS.get(told["mode"], "ride")
    origin, goal = _spot(told["from"]), _spot(told["to"])
    points = _points((told.get("legGeometry") or {}).get("points") or "")
    leg = Leg(
        kind=kind, origin=origin, goal=goal, departure=_expected(told["start"]), arrival=_expected(told["end"]),
        metres=round(float(told.get("distance") or 0)),
        points=points if len(points) > 1 else ((origin.lon, origin.lat), (goal.lon, goal.lat)),
    )  # fmt: skip
    if kind != "ride":
        return leg
    route = told.get("route") or {}
    middle = tuple(
        Call(spot=_spot(each), arrival=_expected(each["arrival"]), departure=_expected(each["departure"]))
        for each in told.get("intermediatePlaces") or ()
    )
    first = Call(spot=origin, arrival=leg.departure, departure=leg.departure)
    last = Call(spot=goal, arrival=leg.arrival, departure=leg.arrival)
    return replace(
        leg,
        planned_departure=_moment(told["start"]["scheduledTime"]),
        planned_arrival=_moment(told["end"]["scheduledTime"]),
        trip_id=str((told.get("trip") or {}).get("gtfsId", "")),
        line=str(route.get("shortName") or route.get("longName") or ""),
        line_name=str(route.get("longName") or ""),
        colour=str(route.get("color") or "").upper(),
        text_colour=str(route.get("textColor") or "").upper(),
        mode=MODES.get(told["mode"], 3),
        agency=str((route.get("agency") or {}).get("name", "")),
        headsign=str(told.get("headsign") or ""),
        sureness="predicted" if told.get("realTime") else "theoretical",
        seated=bool(told.get("interlineWithPreviousLeg")),
        calls=(first, *middle, last),
    )


def _spot(told: Mapping[str, Any]) -> Spot:
    platform = str((told.get("stop") or {}).get("platformCode") or "")
    return Spot(name=str(told["name"]), lon=float(told["lon"]), lat=float(told["lat"]), platform=platform)


def _expected(told: Mapping[str, Any]) -> int:
    return _moment((told.get("estimated") or {}).get("time") or told["scheduledTime"])


def _moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _points(letters: str) -> tuple[tuple[float, float], ...]:
    """An encoded polyline of five decimals: lon, lat."""
    found: list[tuple[float, float]] = []
    values = [0, 0]
    which = shift = value = 0
    for letter in letters:
        bits = ord(letter) - 63
        value |= (bits & 0x1F) << shift
        shift += 5
        if bits < 0x20:
            values[which] += ~(value >> 1) if value & 1 else value >> 1
            value = shift = 0
            if which:
                found.append((values[1] / 1e5, values[0] / 1e5))
            which = 1 - which
    return tuple(found)


def check() -> Check:
    """Ask for a journey between the centres of two communes."""
    if not OpenTripPlanner().is_on():
        return Check(
            ok=None,
            sentence=_("LACYDON_MOBILITY_PLANNER_URL ne nomme pas OpenTripPlanner : notre calcul simplifié répond."),
        )
    towns = communes()
    if len(towns) < 2:
        return Check(ok=False, sentence=_("Aucun territoire n’est chargé : pas de trajet à demander."))
    one, other = (Spot(name=each.name, lon=each.lon, lat=each.lat) for each in towns[:2])
    try:
        found = OpenTripPlanner().plan(Ask(origin=one, goal=other, when=clock.now()))
    except Refused as refusal:
        return Check(ok=False, sentence=_("%s Notre calcul simplifié répond.") % refusal.sentence)
    return Check(ok=True, sentence=_("OpenTripPlanner répond : %d trajets.") % len(found.journeys))


@cache
def _client(base: str) -> HttpClient:
    """One for each address: it holds the connections and the state of the circuit."""
    return HttpClient(
        name="otp", timeout=TIMEOUT, retries=0, largest=LARGEST, allowed=own_machine(base),
        breaker=Breaker(failures=3, rest=30.0),
    )  # fmt: skip


planners.plug(OpenTripPlanner())
