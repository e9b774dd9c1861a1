"""StopMonitoring and VehicleMonitoring: vehicles expected at a stop, and where vehicles are."""

import math
from typing import Final

from ...ports import SaidVehicle, SaidVisit
from .tree import Node, every, moment, nodes, number, seconds, text, true

CANCELLED: Final = frozenset({"cancelled", "canceled"})
PASSED: Final = frozenset({"arrived", "departed"})
OCCUPANCY: Final = {
    "full": "full", "seatsavailable": "many-seats", "standingavailable": "standing", "empty": "empty",
    "manyseatsavailable": "many-seats", "fewseatsavailable": "few-seats", "standingroomonly": "standing",
    "crushedstandingroomonly": "crushed", "notacceptingpassengers": "not-accepting",
}  # fmt: skip


def visit_said(visit: Node, *, now: int) -> SaidVisit | None:
    """A MonitoredStopVisit; None when it says no stop."""
    journey = next(nodes(visit, "MonitoredVehicleJourney"), {})
    call = next(nodes(journey, "MonitoredCall"), {})
    stop = text(call, "StopPointRef") or text(visit, "MonitoringRef")
    if not stop:
        return None
    return call_said(journey, call, stop=stop, said_at=moment(visit, "RecordedAtTime"), now=now)


def visit_cancelled(told: Node) -> SaidVisit | None:
    """A MonitoredStopVisitCancellation that says which visit it was (many do not)."""
    stop = text(told, "MonitoringRef")
    journey = text(told, "VehicleJourneyRef/DatedVehicleJourneyRef")
    aimed = moment(told, "AimedDepartureTime", "AimedArrivalTime")
    if not stop or not (journey or aimed):
        return None
    return SaidVisit(
        stop=stop, route=text(told, "LineRef"), journey=journey, aimed=aimed, cancelled=True,
        said_at=moment(told, "RecordedAtTime"),
    )  # fmt: skip


def vehicle_said(activity: Node, *, now: int) -> tuple[SaidVehicle | None, list[SaidVisit]]:
    """A VehicleActivity: where the vehicle is (None: nowhere), and its calls to come."""
    journey = next(nodes(activity, "MonitoredVehicleJourney"), {})
    said_at = moment(activity, "RecordedAtTime")
    visits = []
    for name in ("MonitoredCall", "OnwardCalls/OnwardCall", "PreviousCalls/PreviousCall"):
        for call in nodes(journey, *name.split("/")):
            stop = text(call, "StopPointRef")
            if stop:
                visits.append(call_said(journey, call, stop=stop, said_at=said_at, now=now))
    place = next(nodes(journey, "VehicleLocation"), {})
    lon, lat = number(place, "Longitude"), number(place, "Latitude")
    if lon is None or lat is None or not (math.isfinite(lon) and math.isfinite(lat)):
        return None, visits
    if not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon == 0 and lat == 0):
        return None, visits
    call = next(nodes(journey, "MonitoredCall"), {})
    bearing = number(journey, "Bearing")
    vehicle = SaidVehicle(
        id=text(journey, "VehicleRef") or text(activity, "VehicleMonitoringRef", "ItemIdentifier") or _journey(journey),
        lon=round(lon, 6),
        lat=round(lat, 6),
        said_at=said_at,
        bearing=bearing if bearing is not None and 0 <= bearing <= 360 else None,
        route=text(journey, "LineRef"),
        headsign=_headsign(journey, call),
        stop=text(call, "StopPointRef"),
        stopped=true(call, "VehicleAtStop"),
        occupancy=OCCUPANCY.get(text(journey, "Occupancy").lower(), ""),
        estimated=text(journey, "DataSource").lower() in ("estimated", "theoretical"),
    )
    return vehicle, visits


def call_said(journey: Node, call: Node, *, stop: str, said_at: int, now: int) -> SaidVisit:
    """A call of a journey, whichever service tells it."""
    aimed = moment(call, "AimedDepartureTime", "AimedArrivalTime")
    actual = moment(call, "ActualDepartureTime", "ActualArrivalTime")
    expected = moment(call, "ExpectedDepartureTime", "ExpectedArrivalTime")
    states = {text(call, "DepartureStatus").lower(), text(call, "ArrivalStatus").lower()}
    late = seconds(journey, "Delay")
    if not expected and aimed and late is not None:
        expected = aimed + late
    if not expected and aimed and "ontime" in states and text(journey, "Monitored").lower() != "false":
        expected = aimed
    # What is not monitored is the timetable said again: no news.
    silent = text(journey, "Monitored").lower() == "false" or "noreport" in states
    cancelled = bool(states & CANCELLED) or true(call, "Cancellation")
    at_stop = true(call, "VehicleAtStop")
    return SaidVisit(
        stop=stop,
        route=text(journey, "LineRef"),
        journey=_journey(journey),
        headsign=_headsign(journey, call),
        aimed=aimed,
        expected=(actual or expected) if not (silent and not actual) else 0,
        measured=at_stop or bool(actual and actual <= now + 60) or (bool(states & PASSED) and not silent),
        cancelled=cancelled,
        said_at=said_at,
        platform=text(call, "DeparturePlatformName", "ArrivalPlatformName"),
        vehicle=text(journey, "VehicleRef"),
    )


def _journey(journey: Node) -> str:
    return text(
        journey, "FramedVehicleJourneyRef/DatedVehicleJourneyRef", "VehicleJourneyRef", "DatedVehicleJourneyRef"
    )


def _headsign(journey: Node, call: Node) -> str:
    shown = text(call, "DestinationDisplay")
    return shown or next((text({"x": [each]}, "x") for each in every(journey, "DestinationName")), "")
