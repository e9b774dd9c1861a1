"""TripUpdates."""

from datetime import date
from typing import Final

from google.transit import gtfs_realtime_pb2 as pb

from lacydon.capabilities.mobility.public import MEASURED, NO_DELAY, SKIPPED, UNCERTAIN, SaidCall, SaidTrip

STATES: Final = {0: "scheduled", 1: "added", 2: "scheduled", 3: "cancelled", 5: "replaced", 6: "duplicated",
                 7: "deleted", 8: "added"}  # fmt: skip
"""`TripDescriptor.ScheduleRelationship`; an unknown one is read as SCHEDULED, as the default is."""
FLAGS: Final = {0: 0, 1: SKIPPED, 2: UNCERTAIN, 3: 0}
LATEST: Final = 2**40
"""Beyond, a moment is none."""


def trip_of(told: pb.TripUpdate) -> SaidTrip:
    """One TripUpdate."""
    trip, vehicle = told.trip, told.vehicle
    properties = told.trip_properties
    state = STATES.get(trip.schedule_relationship, "scheduled")
    duplicated = state == "duplicated"
    said_at = told.timestamp
    calls = [_call(each, said_at) for each in told.stop_time_update]
    if not calls and told.HasField("delay"):
        calls = [SaidCall(sequence=-1, stop="", departure_delay=_small(told.delay))]
    return SaidTrip(
        trip=(properties.trip_id or trip.trip_id) if duplicated else trip.trip_id,
        route=trip.route_id,
        direction=trip.direction_id if trip.HasField("direction_id") else -1,
        day=day_of((properties.start_date if duplicated else "") or trip.start_date),
        start=seconds_of((properties.start_time if duplicated else "") or trip.start_time),
        state=state,
        said_at=said_at if said_at < LATEST else 0,
        delay=_small(told.delay) if told.HasField("delay") else None,
        vehicle=vehicle.label or vehicle.id,
        headsign=properties.trip_headsign,
        copied=trip.trip_id if duplicated else "",
        calls=calls,
    )


def _call(told: pb.TripUpdate.StopTimeUpdate, said_at: int) -> SaidCall:
    flags = FLAGS.get(told.schedule_relationship, 0)
    sequence = told.stop_sequence if told.HasField("stop_sequence") else -1
    arrival = departure = 0
    late = late_out = NO_DELAY
    if told.HasField("arrival"):
        event = told.arrival
        arrival = event.time
        if not arrival and event.HasField("delay"):
            late = event.delay
        if said_at and 0 < arrival <= said_at and event.HasField("uncertainty") and event.uncertainty == 0:
            flags |= MEASURED
    if told.HasField("departure"):
        event = told.departure
        departure = event.time
        if not departure and event.HasField("delay"):
            late_out = event.delay
        if said_at and 0 < departure <= said_at and event.HasField("uncertainty") and event.uncertainty == 0:
            flags |= MEASURED
    if not (0 <= arrival < LATEST and 0 <= departure < LATEST):
        arrival = departure = 0
    assigned = told.stop_time_properties.assigned_stop_id if told.HasField("stop_time_properties") else ""
    return SaidCall(sequence, told.stop_id, arrival, departure, late, late_out, flags, assigned)


def day_of(text: str) -> date | None:
    """YYYYMMDD; None when it is none."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def seconds_of(text: str) -> int | None:
    """HH:MM:SS, over 24 h too; None when it is none."""
    parts = text.split(":")
    if len(parts) != 3 or not all(each.isascii() and each.isdigit() and len(each) <= 3 for each in parts):
        return None
    hours, minutes, seconds = map(int, parts)
    return hours * 3600 + minutes * 60 + seconds


def _small(delay: int) -> int:
    return max(-86_400, min(86_400, delay))
