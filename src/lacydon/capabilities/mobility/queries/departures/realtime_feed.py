"""What all sources say, as one GTFS Realtime feed: of a network in its own identifiers, of all with their prefixes."""

from collections.abc import Callable
from typing import Any, Final

from google.transit import gtfs_realtime_pb2 as pb

from ..disruptions import DisruptionView
from ..live import LiveState, TripNow, TripState
from ..timetable import Timetable

STATES: Final = {
    TripState.SCHEDULED: "SCHEDULED", TripState.CANCELLED: "CANCELED", TripState.DELETED: "DELETED",
    TripState.ADDED: "ADDED", TripState.REPLACED: "REPLACEMENT",
}  # fmt: skip
CAUSES: Final = {
    "unknown": "UNKNOWN_CAUSE", "other": "OTHER_CAUSE", "technical": "TECHNICAL_PROBLEM", "strike": "STRIKE",
    "demonstration": "DEMONSTRATION", "accident": "ACCIDENT", "holiday": "HOLIDAY", "weather": "WEATHER",
    "maintenance": "MAINTENANCE", "construction": "CONSTRUCTION", "police": "POLICE_ACTIVITY",
    "medical": "MEDICAL_EMERGENCY", "event": "OTHER_CAUSE",
}  # fmt: skip
EFFECTS: Final = {
    "unknown": "UNKNOWN_EFFECT", "other": "OTHER_EFFECT", "no-service": "NO_SERVICE", "reduced": "REDUCED_SERVICE",
    "delays": "SIGNIFICANT_DELAYS", "detour": "DETOUR", "additional": "ADDITIONAL_SERVICE",
    "modified": "MODIFIED_SERVICE", "stop-moved": "STOP_MOVED", "no-effect": "NO_EFFECT",
    "accessibility": "ACCESSIBILITY_ISSUE",
}  # fmt: skip
SEVERITIES: Final = {"unknown": "UNKNOWN_SEVERITY", "info": "INFO", "warning": "WARNING", "severe": "SEVERE"}


class Naming:
    """Identifiers as a reuser knows them. `prefix`: of one network, which is then taken off; empty for all."""

    def __init__(self, prefix: str) -> None:
        self.mark = f"{prefix}:" if prefix else ""

    def holds(self, id: str) -> bool:
        return id.startswith(self.mark)

    def __call__(self, id: str) -> str:
        return id.removeprefix(self.mark)


def _message(now: int) -> Any:
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.incrementality = pb.FeedHeader.FULL_DATASET
    message.header.timestamp = now
    return message


def trip_updates(table: Timetable, live: LiveState, *, prefix: str = "") -> Any:
    """A FeedMessage of TripUpdates."""
    name = Naming(prefix)
    message = _message(live.taken_at)
    sequences = table.call_sequence if len(table.call_sequence) == len(table.arrival) else None
    for now in (*live.trips.values(), *live.added):
        id = table.trip_ids[now.trip] if now.trip >= 0 else now.id
        route = table.route_of(now.trip) if now.trip >= 0 else table.routes[now.route] if now.route >= 0 else None
        if not name.holds(route.id if route else id):
            continue
        entity = message.entity.add(id=f"{name(id)}:{now.day:%Y%m%d}")
        update = entity.trip_update
        _trip(update.trip, name, now, id, route.id if route else "")
        update.timestamp = now.said_at
        if now.vehicle:
            update.vehicle.id = now.vehicle
        if now.state in (TripState.CANCELLED, TripState.DELETED):
            continue
        for n, call in enumerate(now.calls):
            stop = update.stop_time_update.add(stop_id=name(table.stops[call.stop].id))
            if now.trip >= 0 and now.state is TripState.SCHEDULED and sequences is not None:
                stop.stop_sequence = int(sequences[int(table.trip_first[now.trip]) + call.position])
            elif now.trip < 0:
                stop.stop_sequence = n + 1
            if call.skipped:
                stop.schedule_relationship = pb.TripUpdate.StopTimeUpdate.SKIPPED
            elif call.uncertain or (call.arrival is None and call.departure is None):
                stop.schedule_relationship = pb.TripUpdate.StopTimeUpdate.NO_DATA
            else:
                if call.arrival is not None:
                    stop.arrival.time = call.arrival
                if call.departure is not None:
                    stop.departure.time = call.departure
    return message


def _trip(to: Any, name: Naming, now: TripNow, id: str, route: str) -> None:
    to.trip_id = name(id).partition("#")[0]
    to.start_date = f"{now.day:%Y%m%d}"
    if route:
        to.route_id = name(route)
    state = STATES[now.state]
    if state in _words(pb.TripDescriptor.ScheduleRelationship):  # an older binding does not know the newest words
        to.schedule_relationship = pb.TripDescriptor.ScheduleRelationship.Value(state)


def _words(kind: Any) -> frozenset[str]:
    """The words of an enumeration, in the version of the bindings that is here."""
    return frozenset(kind.DESCRIPTOR.values_by_name)


def vehicle_positions(table: Timetable, live: LiveState, *, prefix: str = "") -> Any:
    """A FeedMessage of VehiclePositions: those that a GPS saw, no estimate."""
    name = Naming(prefix)
    message = _message(live.taken_at)
    for each in live.vehicles:
        route = table.route_of(each.trip) if each.trip >= 0 else table.routes[each.route] if each.route >= 0 else None
        if each.estimated or not name.holds(route.id if route else ""):
            continue
        vehicle = message.entity.add(id=f"{each.source}:{each.id}").vehicle
        vehicle.vehicle.id = each.id
        if each.label:
            vehicle.vehicle.label = each.label
        vehicle.position.longitude, vehicle.position.latitude = each.lon, each.lat
        if each.bearing is not None:
            vehicle.position.bearing = each.bearing
        if each.speed is not None:
            vehicle.position.speed = each.speed
        vehicle.timestamp = each.said_at
        if each.trip >= 0:
            vehicle.trip.trip_id = name(table.trip_ids[each.trip]).partition("#")[0]
            if each.day is not None:
                vehicle.trip.start_date = f"{each.day:%Y%m%d}"
        if route:
            vehicle.trip.route_id = name(route.id)
        if each.stop >= 0:
            vehicle.stop_id = name(table.stops[each.stop].id)
            vehicle.current_status = pb.VehiclePosition.STOPPED_AT if each.stopped else pb.VehiclePosition.IN_TRANSIT_TO
        if each.occupancy.upper() in _words(pb.VehiclePosition.OccupancyStatus):
            vehicle.occupancy_status = pb.VehiclePosition.OccupancyStatus.Value(each.occupancy.upper())
    return message


def alerts(table: Timetable, views: tuple[DisruptionView, ...], *, now: int, prefix: str = "") -> Any:
    """A FeedMessage of Alerts: what operators say and what is written here."""
    name = Naming(prefix)
    message = _message(now)
    for view in views:
        about = _about(table, view, name)
        if not about:
            continue
        entity = message.entity.add(id=str(view.id))
        alert = entity.alert
        for put in about:
            put(alert.informed_entity.add())
        for period in view.periods:
            active = alert.active_period.add()
            if period.begin is not None:
                active.start = int(period.begin.timestamp())
            if period.end is not None:
                active.end = int(period.end.timestamp())
        alert.cause = pb.Alert.Cause.Value(CAUSES[str(view.cause)])
        alert.effect = pb.Alert.Effect.Value(EFFECTS[str(view.effect)])
        alert.severity_level = pb.Alert.SeverityLevel.Value(SEVERITIES[str(view.severity)])
        for field, texts in ((alert.header_text, view.title), (alert.description_text, view.text)):
            for language, text in texts.items():
                field.translation.add(text=text, language=language)
        if view.url:
            alert.url.translation.add(text=view.url)
    return message


def _about(table: Timetable, view: DisruptionView, name: Naming) -> list[Callable[[Any], None]]:
    found: list[Callable[[Any], None]] = []

    def put(field: str, id: str) -> None:
        if name.holds(id):
            found.append(lambda entity: setattr(entity, field, name(id)))

    for each in view.routes:
        put("route_id", each.ref)
    for each in view.stops:
        put("stop_id", each.ref)
    if not view.stops:
        for each in view.places:
            place = table.place_of_id.get(each.ref)
            for stop in table.places[place].stops if place is not None else ():
                put("stop_id", table.stops[stop].id)
    for each in view.agencies:
        put("agency_id", each.ref)
    for each in view.trips:
        if name.holds(each.ref):
            id = name(each.ref)
            found.append(lambda entity, id=id: setattr(entity.trip, "trip_id", id))  # type: ignore[misc]
    if not found and view.everywhere:
        for agency in table.agencies:
            put("agency_id", agency.id)
    return found
