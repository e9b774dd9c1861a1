"""StopMonitoring in SIRI Lite, JSON and XML: what Navitia and its kin read. Source: SIRI 2.0, profile of Île-de-France.

In JSON names and references are objects with a `value`, and names are lists: MonitoredStopVisit[].Monitored
VehicleJourney.{LineRef.value, DestinationName[].value, MonitoredCall.ExpectedDepartureTime}.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from ..timetable import Timetable
from .nouns import Departure, Sureness
from .told import moment

NAMESPACE: Final = "http://www.siri.org.uk/siri"
PRODUCER: Final = "LACYDON"
VALID: Final = 30
LISTS: Final = frozenset({"DestinationName", "StopPointName", "PublishedLineName", "DestinationDisplay", "JourneyNote"})
"""In JSON these are lists of texts."""


def stop_monitoring(
    table: Timetable, rows: Sequence[Departure], *, ref: str, now: int, message: str = ""
) -> dict[str, Any]:
    """The answer as plain nouns: a reference or a name is a text here, whatever it becomes."""
    return {
        "ServiceDelivery": {
            "ResponseTimestamp": moment(now),
            "ProducerRef": PRODUCER,
            "ResponseMessageIdentifier": f"{PRODUCER}:{now}",
            **({"RequestMessageRef": message} if message else {}),
            "StopMonitoringDelivery": [
                {
                    "@version": "2.0",
                    "ResponseTimestamp": moment(now),
                    "Status": "true",
                    "ValidUntil": moment(now + VALID),
                    "MonitoredStopVisit": [_visit(table, row, ref=ref, now=now) for row in rows],
                }
            ],
        }
    }


def _visit(table: Timetable, row: Departure, *, ref: str, now: int) -> dict[str, Any]:
    route = table.routes[row.route] if row.route >= 0 else None
    stop = table.stops[row.stop]
    agency = table.agencies[route.agency] if route is not None and 0 <= route.agency < len(table.agencies) else None
    journey = table.trip_ids[row.trip] if row.trip >= 0 else row.id
    known = row.sureness in (Sureness.MEASURED, Sureness.PREDICTED)
    end = ""
    if row.trip >= 0:
        end = table.stops[int(table.stops_of(int(table.trip_pattern[row.trip]))[-1])].id
    call = {
        "StopPointRef": stop.id,
        "StopPointName": stop.name,
        "VehicleAtStop": "true" if row.sureness is Sureness.MEASURED and row.when <= now else "false",
        "DestinationDisplay": row.headsign,
        "AimedArrivalTime": moment(row.planned_arrival),
        "ExpectedArrivalTime": moment(row.expected_arrival),
        "ArrivalStatus": _status(row),
        "AimedDepartureTime": moment(row.planned),
        "ExpectedDepartureTime": moment(row.expected if known and row.runs else row.planned if row.runs else None),
        "DepartureStatus": _status(row),
        "DeparturePlatformName": row.platform or None,
    }
    vehicle = {
        "LineRef": route.id if route else "",
        "FramedVehicleJourneyRef": {
            "DataFrameRef": row.day.isoformat() if row.day else "any",
            "DatedVehicleJourneyRef": journey or "unknown",
        },
        "DirectionRef": str(row.direction) if row.direction >= 0 else None,
        "PublishedLineName": route.name if route else "",
        "OperatorRef": agency.id if agency else None,
        "DestinationRef": end or None,
        "DestinationName": row.headsign,
        "JourneyNote": str(row.sureness),
        "Monitored": "true" if known else "false",
        "MonitoredCall": {name: value for name, value in call.items() if value is not None},
    }
    return {
        "RecordedAtTime": moment(row.said_at if row.said_at is not None and known else now),
        "ItemIdentifier": f"{PRODUCER}:{stop.id}:{journey}:{row.day or ''}:{row.position}",
        "MonitoringRef": ref,
        "MonitoredVehicleJourney": {name: value for name, value in vehicle.items() if value is not None},
    }


def _status(row: Departure) -> str:
    if not row.runs:
        return "cancelled"
    delay = row.delay
    if delay is None:
        return "noReport" if row.expected is None else "onTime"
    return "delayed" if delay >= 60 else "early" if delay <= -60 else "onTime"


def as_json(told: Mapping[str, Any]) -> dict[str, Any]:
    """References and names as Navitia's reader finds them."""
    return {"Siri": _json(told)}


def _json(told: Any) -> Any:
    if isinstance(told, Mapping):
        made: dict[str, Any] = {}
        for name, value in told.items():
            if name == "@version":
                made["version"] = value
            elif name in LISTS:
                made[name] = [{"value": value}]
            elif name.endswith("Ref") and isinstance(value, str) and name != "DataFrameRef":
                made[name] = value if name == "DatedVehicleJourneyRef" or name == "ProducerRef" else {"value": value}
            else:
                made[name] = _json(value)
        return made
    if isinstance(told, list):
        return [_json(each) for each in told]
    return told == "true" if told in ("true", "false") else told


def as_xml(told: Mapping[str, Any]) -> bytes:
    """The same in the namespace of SIRI."""
    root = Element("Siri", {"xmlns": NAMESPACE, "version": "2.0"})
    _xml(root, told)
    made: bytes = tostring(root, xml_declaration=True, encoding="UTF-8")
    return made


def _xml(under: Any, told: Mapping[str, Any]) -> None:
    for name, value in told.items():
        if name.startswith("@"):
            under.set(name[1:], value)
            continue
        for each in _each(value):
            child = SubElement(under, name)
            if isinstance(each, Mapping):
                _xml(child, each)
            else:
                child.text = "".join(sign for sign in str(each) if sign >= " ")


def _each(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]
