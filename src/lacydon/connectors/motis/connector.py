"""Journeys of a MOTIS server: **fetch** `/api/v6/plan`, **parse**, and answer as a planner of transport.

Documentation: openapi.yaml of MOTIS 2 (v6). Who asks for a journey waits: five seconds and one try, then ours answers.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.capabilities.mobility.public import Answer, Ask, Call, Journey, Leg, Spot, planners
from lacydon.capabilities.territory.public import communes
from lacydon.connectors import Check
from lacydon.kernel import clock
from lacydon.kernel.errors import Refused
from lacydon.kernel.http import AddressRefused, Breaker, HttpClient, OutsideUnavailable, Timeout, own_machine

PREFIX: Final = "motis+"
TIMEOUT: Final = Timeout(connect=1.0, read=4.5, total=5.0)
LARGEST: Final = 4_000_000
KINDS: Final[Mapping[str, str]] = {"WALK": "walk", "BIKE": "bike", "RENTAL": "bike", "CAR": "car", "CAR_PARKING": "car"}
MODES: Final[Mapping[str, int]] = {
    "TRAM": 0, "SUBWAY": 1, "BUS": 3, "COACH": 3, "FERRY": 4, "FUNICULAR": 7, "AERIAL_LIFT": 6, "SUBURBAN": 2,
    "REGIONAL_RAIL": 2, "LONG_DISTANCE": 2, "HIGHSPEED_RAIL": 2, "NIGHT_RAIL": 2, "REGIONAL_FAST_RAIL": 2,
}  # fmt: skip
TIGHT: Final = 120


class Motis:
    """A planner that knows streets."""

    id = "motis"
    title = "MOTIS"

    def is_on(self) -> bool:
        return settings.MOBILITY_PLANNER_URL.startswith(PREFIX)

    def plan(self, ask: Ask) -> Answer:
        return parse(fetch(ask), ask)


def fetch(ask: Ask) -> Any:
    """What the server answers. Raises Unavailable."""
    base = settings.MOBILITY_PLANNER_URL.removeprefix(PREFIX).rstrip("/")
    asked: dict[str, str | int | float] = {
        "fromPlace": f"{ask.origin.lat:.6f},{ask.origin.lon:.6f}",
        "toPlace": f"{ask.goal.lat:.6f},{ask.goal.lon:.6f}",
        "time": ask.when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "arriveBy": "true" if ask.arrive_by else "false",
        "maxTransfers": ask.changes,
        "numItineraries": ask.count,
        "pedestrianProfile": "WHEELCHAIR" if ask.wheelchair else "FOOT",
        "preTransitModes": ",".join(["WALK", *(["RENTAL"] if ask.bike else []), *(["CAR_PARKING"] if ask.car else [])]),
    }
    if ask.window:
        asked["searchWindow"] = ask.window
    try:
        # Not `get`: it keeps answers, and where somebody goes is nobody's.
        answer = _client(base).request(
            "GET", f"{base}/api/v6/plan?{urlencode(asked)}", headers={"Accept": "application/json"}
        )
    except AddressRefused as refusal:
        raise OutsideUnavailable(refusal.sentence) from refusal
    if answer.status != 200:
        raise OutsideUnavailable(_("MOTIS a répondu %d.") % answer.status)
    return answer.json()


def parse(answer: Any, ask: Ask) -> Answer:
    """Its itineraries as ours. Raises Unavailable when the answer is not as documented."""
    try:
        ways = [*answer.get("direct", ()), *answer["itineraries"]]
        found = tuple(each for each in map(_journey, ways) if each.legs)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise OutsideUnavailable(_("MOTIS a répondu autre chose que des trajets.")) from error
    kept = tuple(_named(each, ask) for each in found[: max(ask.count, 1)])
    return Answer(
        journeys=kept, planner="motis", simple=False,
        earlier=_cursor(answer.get("previousPageCursor")), later=_cursor(answer.get("nextPageCursor")),
    )  # fmt: skip


def _named(journey: Journey, ask: Ask) -> Journey:
    """Its ends have the names that were asked: MOTIS calls them START and END."""
    first, last = journey.legs[0], journey.legs[-1]
    if first is last:
        return Journey(legs=(_leg_between(first, ask.origin, ask.goal),), tight=journey.tight)
    middle = journey.legs[1:-1]
    legs = (_leg_between(first, ask.origin, first.goal), *middle, _leg_between(last, last.origin, ask.goal))
    return Journey(legs=legs, tight=journey.tight)


def _leg_between(leg: Leg, origin: Spot, goal: Spot) -> Leg:
    if leg.kind == "ride":
        return leg
    return replace(leg, origin=origin, goal=goal)


def _journey(told: Mapping[str, Any]) -> Journey:
    legs = tuple(map(_leg, told["legs"]))
    tight = []
    for n, leg in enumerate(legs):
        before = next((each for each in reversed(legs[:n]) if each.kind == "ride"), None)
        if leg.kind == "ride" and before is not None:
            walked = sum(each.seconds for each in legs[:n] if each.kind == "walk" and each.departure >= before.arrival)
            if leg.departure - before.arrival - walked < TIGHT and not leg.seated:
                tight.append(n)
    return Journey(legs=legs, tight=tuple(tight))


def _leg(told: Mapping[str, Any]) -> Leg:
    kind = KINDS.get(told["mode"], "ride")
    origin, goal = _spot(told["from"]), _spot(told["to"])
    shape = told.get("legGeometry") or {}
    points = _points(shape.get("points", ""), int(shape.get("precision", 6)))
    common: dict[str, Any] = {
        "kind": kind, "origin": origin, "goal": goal, "departure": _moment(told["startTime"]),
        "arrival": _moment(told["endTime"]), "metres": round(float(told.get("distance") or 0)),
        "points": points if len(points) > 1 else ((origin.lon, origin.lat), (goal.lon, goal.lat)),
    }  # fmt: skip
    if kind != "ride":
        return Leg(**common)
    stops = [told["from"], *told.get("intermediateStops", ()), told["to"]]
    return Leg(
        **common,
        planned_departure=_moment(told["scheduledStartTime"]),
        planned_arrival=_moment(told["scheduledEndTime"]),
        trip_id=str(told.get("tripId", "")),
        line=str(told.get("displayName") or told.get("routeShortName") or ""),
        line_name=str(told.get("routeLongName", "")),
        colour=str(told.get("routeColor", "")).upper(),
        text_colour=str(told.get("routeTextColor", "")).upper(),
        mode=MODES.get(told["mode"], 3),
        agency=str(told.get("agencyName", "")),
        headsign=str(told.get("headsign", "")),
        sureness="predicted" if told.get("realTime") else "theoretical",
        seated=bool(told.get("interlineWithPreviousLeg")),
        calls=tuple(_call(each, common) for each in stops),
    )


def _call(told: Mapping[str, Any], leg: Mapping[str, Any]) -> Call:
    arrival = _moment(told["arrival"]) if told.get("arrival") else leg["departure"]
    departure = _moment(told["departure"]) if told.get("departure") else leg["arrival"]
    return Call(spot=_spot(told), arrival=arrival, departure=departure)


def _spot(told: Mapping[str, Any]) -> Spot:
    return Spot(
        name=str(told["name"]), lon=float(told["lon"]), lat=float(told["lat"]), platform=str(told.get("track", ""))
    )


def _moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _cursor(text: object) -> datetime | None:
    number = str(text or "").rpartition("|")[2]
    return datetime.fromtimestamp(int(number), UTC) if number.isdigit() and len(number) <= 10 else None


def _points(letters: str, precision: int) -> tuple[tuple[float, float], ...]:
    """An encoded polyline: lon, lat."""
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
                found.append((values[1] / 10**precision, values[0] / 10**precision))
            which = 1 - which
    return tuple(found)


def check() -> Check:
    """Ask for a journey between the centres of two communes."""
    if not Motis().is_on():
        return Check(
            ok=None, sentence=_("LACYDON_MOBILITY_PLANNER_URL ne nomme pas MOTIS : notre calcul simplifié répond.")
        )
    towns = communes()
    if len(towns) < 2:
        return Check(ok=False, sentence=_("Aucun territoire n’est chargé : pas de trajet à demander."))
    one, other = (Spot(name=each.name, lon=each.lon, lat=each.lat) for each in towns[:2])
    try:
        found = Motis().plan(Ask(origin=one, goal=other, when=clock.now()))
    except Refused as refusal:
        return Check(ok=False, sentence=_("%s Notre calcul simplifié répond.") % refusal.sentence)
    return Check(ok=True, sentence=_("MOTIS répond : %d trajets.") % len(found.journeys))


@cache
def _client(base: str) -> HttpClient:
    """One for each address: it holds the connections and the state of the circuit."""
    return HttpClient(
        name="motis", timeout=TIMEOUT, retries=0, largest=LARGEST, allowed=own_machine(base),
        breaker=Breaker(failures=3, rest=30.0),
    )  # fmt: skip


planners.plug(Motis())
