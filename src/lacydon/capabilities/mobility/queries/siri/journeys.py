"""EstimatedTimetable: journeys with all their calls."""

from ...ports import SaidCall, SaidTrip, SaidVisit
from ...ports.said import MEASURED, SKIPPED
from .monitoring import call_said
from .tree import Node, moment, nodes, text, true


def journey_said(journey: Node, *, now: int) -> tuple[SaidTrip | None, list[SaidVisit]]:
    """An EstimatedVehicleJourney: a trip when it is one more than planned; else its calls, to be found in the
    timetable."""
    said_at = moment(journey, "RecordedAtTime")
    monitored: Node = {**journey, "Monitored": journey.get("Monitored", "true")}
    calls = []
    for name in ("RecordedCalls/RecordedCall", "EstimatedCalls/EstimatedCall"):
        for call in nodes(journey, *name.split("/")):
            stop = text(call, "StopPointRef")
            if stop:
                calls.append(call_said(monitored, call, stop=stop, said_at=said_at, now=now))
    if true(journey, "Cancellation"):
        for visit in calls:
            visit.cancelled = visit.whole = True
    if true(journey, "ExtraJourney"):
        return _extra(journey, calls, said_at), []
    return None, calls


def _extra(journey: Node, calls: list[SaidVisit], said_at: int) -> SaidTrip:
    return SaidTrip(
        trip=text(journey, "EstimatedVehicleJourneyCode", "DatedVehicleJourneyRef"),
        route=text(journey, "LineRef"),
        state="added",
        said_at=said_at,
        headsign=next((each.headsign for each in calls if each.headsign), ""),
        vehicle=text(journey, "VehicleRef"),
        calls=[
            SaidCall(
                stop=each.stop,
                departure=each.expected or each.aimed,
                flags=(SKIPPED if each.cancelled else 0) | (MEASURED if each.measured else 0),
                platform=each.platform,
            )
            for each in calls
        ],
    )
