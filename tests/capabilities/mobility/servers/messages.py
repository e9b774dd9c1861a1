"""GTFS-RT messages, in a few words."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from google.transit import gtfs_realtime_pb2 as pb

from lacydon.capabilities.mobility.queries.timetable import start_of


def message(*entities: pb.FeedEntity, at: datetime | int, differential: bool = False) -> bytes:
    """A whole message, dated."""
    made = pb.FeedMessage()
    made.header.gtfs_realtime_version = "2.0"
    made.header.timestamp = int(at.timestamp()) if isinstance(at, datetime) else at
    if differential:
        made.header.incrementality = pb.FeedHeader.DIFFERENTIAL
    made.entity.extend(entities)
    return made.SerializeToString()


def update(
    trip: str,
    *calls: dict[str, Any],
    day: date | None = None,
    state: str = "SCHEDULED",
    at: int = 0,
    id: str = "",
    **more: Any,
) -> pb.FeedEntity:
    """A TripUpdate; each call: sequence, stop, arrival, departure (moments), late, late_out (delays), state, assigned."""
    entity = pb.FeedEntity(id=id or f"u-{trip}-{day}")
    told = entity.trip_update
    told.trip.trip_id = trip
    told.trip.schedule_relationship = pb.TripDescriptor.ScheduleRelationship.Value(state)
    if day:
        told.trip.start_date = f"{day:%Y%m%d}"
    for name in ("start_time", "route_id"):
        if name in more:
            setattr(told.trip, name, more[name])
    for name, value in more.get("properties", {}).items():
        setattr(told.trip_properties, name, value)
    if at:
        told.timestamp = at
    if "delay" in more:
        told.delay = more["delay"]
    if "vehicle" in more:
        told.vehicle.id = more["vehicle"]
    for call in calls:
        its = told.stop_time_update.add()
        if "sequence" in call:
            its.stop_sequence = call["sequence"]
        if "stop" in call:
            its.stop_id = call["stop"]
        for name, event, field in (
            ("arrival", its.arrival, "time"), ("departure", its.departure, "time"),
            ("late", its.arrival, "delay"), ("late_out", its.departure, "delay"),
        ):  # fmt: skip
            if name in call:
                setattr(event, field, call[name])
        if "uncertainty" in call:
            (its.departure if "departure" in call else its.arrival).uncertainty = call["uncertainty"]
        if "state" in call:
            its.schedule_relationship = pb.TripUpdate.StopTimeUpdate.ScheduleRelationship.Value(call["state"])
        if "assigned" in call:
            its.stop_time_properties.assigned_stop_id = call["assigned"]
    return entity


def vehicle(id: str, lon: float, lat: float, **told: Any) -> pb.FeedEntity:
    """A VehiclePosition: trip, day, stop, sequence, stopped, at, bearing, occupancy."""
    entity = pb.FeedEntity(id=f"v-{id}")
    its = entity.vehicle
    its.vehicle.id = id
    its.position.longitude, its.position.latitude = lon, lat
    if "trip" in told:
        its.trip.trip_id = told["trip"]
    if "day" in told:
        its.trip.start_date = f"{told['day']:%Y%m%d}"
    if "stop" in told:
        its.stop_id = told["stop"]
    if "sequence" in told:
        its.current_stop_sequence = told["sequence"]
    if told.get("stopped"):
        its.current_status = pb.VehiclePosition.STOPPED_AT
    if "at" in told:
        its.timestamp = told["at"]
    if "bearing" in told:
        its.position.bearing = told["bearing"]
    if "occupancy" in told:
        its.occupancy_status = told["occupancy"]
    return entity


def alert(id: str, *, informed: Iterable[dict[str, str]] = (), **told: Any) -> pb.FeedEntity:
    """An Alert: header, description ({language: text}), cause, effect, periods."""
    entity = pb.FeedEntity(id=id)
    its = entity.alert
    for one in informed:
        chosen = its.informed_entity.add()
        for name, value in one.items():
            setattr(chosen, name, value)
    for begin, end in told.get("periods", ()):
        its.active_period.add(start=begin, end=end)
    for name, field in (("header", its.header_text), ("description", its.description_text)):
        for language, text in told.get(name, {}).items():
            field.translation.add(text=text, language=language)
    if "cause" in told:
        its.cause = pb.Alert.Cause.Value(told["cause"])
    if "effect" in told:
        its.effect = pb.Alert.Effect.Value(told["effect"])
    return entity


def planned(day: date, hours: str) -> int:
    """The moment of an hour of GTFS (HH:MM) of this service day."""
    hour, minute = map(int, hours.split(":"))
    return start_of(day) + hour * 3600 + minute * 60
