"""A whole answer of SIRI, of whichever services: faults are raised, the rest is said."""

from typing import Any, Final

from django.utils.translation import gettext as _

from ...errors import NotWhatWasAsked
from ...ports import Remark, Said
from .journeys import journey_said
from .monitoring import vehicle_said, visit_cancelled, visit_said
from .situations import message_said, situation_said
from .tree import Node, deliveries, every, moment, nodes, seconds, text, true

SERVICES: Final = (
    "StopMonitoringDelivery",
    "VehicleMonitoringDelivery",
    "EstimatedTimetableDelivery",
    "GeneralMessageDelivery",
    "SituationExchangeDelivery",
)
MOST: Final = 50_000
"""Visits, vehicles, journeys or messages of one answer."""


def siri_said(node: Node, *, now: int, expected: str = "") -> Said:
    """What an answer says. `expected`: the delivery without which it is none. Raises NotWhatWasAsked for a fault."""
    _refuse_faults(node)
    said = Said(said_at=0)
    seen = set()
    for name in SERVICES:
        for delivery in deliveries(node, name):
            seen.add(name)
            _refuse_error(delivery, said, alone=name == expected)
            said.said_at = max(said.said_at, moment(delivery, "ResponseTimestamp"))
            cycle = seconds(delivery, "ShortestPossibleCycle") or 0
            said.valid_until = max(said.valid_until, moment(delivery, "ValidUntil"), now + cycle if cycle else 0)
            _take(said, name, delivery, now=now)
    if expected and expected not in seen:
        status = next(deliveries(node, "CheckStatusResponse"), None)
        if expected != "CheckStatusResponse" or status is None:
            raise NotWhatWasAsked(_("La réponse SIRI ne contient pas ce qui était demandé (%s).") % expected)
        if not true(status, "Answer/Status", "Status"):
            raise NotWhatWasAsked(_("La source SIRI dit elle-même qu’elle n’est pas en état de répondre."))
    if not said.said_at:
        wrapped = (*deliveries(node, "ServiceDelivery"), *deliveries(node, "ServiceDeliveryInfo"))
        said.said_at = max((moment(each, "ResponseTimestamp") for each in wrapped), default=0)
    return said


def _take(said: Said, name: str, delivery: Node, *, now: int) -> None:
    many = 0
    if name == "StopMonitoringDelivery":
        for each in nodes(delivery, "MonitoredStopVisit"):
            many += 1
            if many <= MOST and (visit := visit_said(each, now=now)):
                said.visits.append(visit)
        for each in nodes(delivery, "MonitoredStopVisitCancellation"):
            if visit := visit_cancelled(each):
                said.visits.append(visit)
    elif name == "VehicleMonitoringDelivery":
        nowhere = 0
        for each in nodes(delivery, "VehicleActivity"):
            many += 1
            if many > MOST:
                break
            vehicle, visits = vehicle_said(each, now=now)
            said.visits += visits
            if vehicle is None:
                nowhere += 1
            else:
                said.vehicles.append(vehicle)
        if nowhere:
            sentence = _("Véhicules sans position, ou à une position impossible.")
            said.remarks.append(Remark(code="nowhere", sentence=sentence, count=nowhere))
    elif name == "EstimatedTimetableDelivery":
        for each in nodes(delivery, "EstimatedJourneyVersionFrame", "EstimatedVehicleJourney"):
            many += 1
            if many > MOST:
                break
            trip, visits = journey_said(each, now=now)
            said.visits += visits
            if trip is not None:
                said.trips.append(trip)
    elif name == "GeneralMessageDelivery":
        gone = {text(each, "InfoMessageIdentifier") for each in nodes(delivery, "GeneralMessageCancellation")}
        told = (message_said(each) for each in nodes(delivery, "GeneralMessage"))
        said.alerts += [each for each in told if each is not None and each.id not in gone][:MOST]
    else:
        elements = nodes(delivery, "Situations", "PtSituationElement")
        said.alerts += [alert for each in elements if (alert := situation_said(each)) is not None][:MOST]
    if many > MOST:
        sentence = _("La réponse est plus longue que ce qui peut être lu : la fin est laissée de côté.")
        said.remarks.append(Remark(code="too-long", sentence=sentence, count=many - MOST))


def _refuse_faults(node: Node) -> None:
    """A SOAP fault, 1.1 or 1.2."""
    for fault in deliveries(node, "Fault"):
        why = text(fault, "faultstring", "Reason/Text", "faultcode", "Code/Value") or _first_text(fault)
        raise NotWhatWasAsked(_("La source SIRI a répondu par une erreur (SOAP) : « %s ».") % _short(why))


def _refuse_error(delivery: Node, said: Said, *, alone: bool) -> None:
    """What a delivery says of itself: refused when it was the one that was asked for, remarked otherwise."""
    status = text(delivery, "Status").lower()
    conditions = every(delivery, "ErrorCondition")
    if status != "false" and not conditions:
        return
    told = (text(each, "Description") or _error_text(each) for each in conditions)
    why = next(filter(None, told), _("sans explication"))
    sentence = _("La source SIRI dit ne pas pouvoir répondre : « %s ».") % _short(why)
    if alone and status == "false":
        raise NotWhatWasAsked(sentence)
    said.remarks.append(Remark(code="error-condition", sentence=sentence))


def _error_text(condition: Any) -> str:
    if not isinstance(condition, dict):
        return ""
    for name, value in condition.items():
        for each in value if isinstance(value, list) else [value]:
            if found := text(each, "ErrorText", "Description"):
                return found
        if name.endswith("Error"):
            return name
    return ""


def _first_text(node: Any) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, dict):
        return next((found for value in node.values() if (found := _first_text(value))), "")
    if isinstance(node, list):
        return next((found for value in node if (found := _first_text(value))), "")
    return ""


def _short(why: str) -> str:
    return " ".join(why.split())[:200]
