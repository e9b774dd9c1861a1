"""TripUpdates: what is said of a trip by the library of Google, what is said of its calls in columns (wire)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory  # type: ignore[import-untyped]
from google.transit import gtfs_realtime_pb2 as pb

from lacydon.capabilities.mobility.public import MEASURED, NO_DELAY, SKIPPED, UNCERTAIN, SaidCalls, SaidTrip

from .wire import Pieces, letters, read, texts

STATES: Final = {0: "scheduled", 1: "added", 2: "scheduled", 3: "cancelled", 5: "replaced", 6: "duplicated",
                 7: "deleted", 8: "added"}  # fmt: skip
"""`TripDescriptor.ScheduleRelationship`; an unknown one is read as SCHEDULED, as the default is."""
LATEST: Final = 2**36
"""Beyond, a moment is none (the year 4147)."""
DAY: Final = 86_400


def _message_class() -> Any:
    """A FeedMessage whose StopTimeUpdates stay bytes: on the wire, a message and bytes are written alike."""
    described = descriptor_pb2.FileDescriptorProto()
    pb.DESCRIPTOR.CopyToProto(described)
    for message in described.message_type:
        for field in message.field if message.name == "TripUpdate" else ():
            if field.name == "stop_time_update":
                field.type = field.TYPE_BYTES
                field.ClearField("type_name")
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(described.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("transit_realtime.FeedMessage"))


FeedMessage: Final = _message_class()


def trip_of(told: Any) -> SaidTrip:
    """One TripUpdate, without its calls."""
    trip = told.trip
    state = STATES.get(trip.schedule_relationship, "scheduled")
    duplicated = state == "duplicated"
    properties = told.trip_properties if duplicated or told.HasField("trip_properties") else None
    vehicle = told.vehicle if told.HasField("vehicle") else None
    said_at = told.timestamp
    return SaidTrip(
        trip=letters((properties.trip_id if duplicated and properties else "") or trip.trip_id),
        route=letters(trip.route_id),
        direction=trip.direction_id if trip.HasField("direction_id") else -1,
        day=day_of(letters((properties.start_date if duplicated and properties else "") or trip.start_date)),
        start=seconds_of(letters((properties.start_time if duplicated and properties else "") or trip.start_time)),
        state=state,
        said_at=said_at if said_at < LATEST else 0,
        delay=max(-DAY, min(DAY, told.delay)) if told.HasField("delay") else None,
        vehicle=letters(vehicle.label or vehicle.id) if vehicle is not None else "",
        headsign=letters(properties.trip_headsign) if properties is not None else "",
        copied=letters(trip.trip_id) if duplicated else "",
    )


def calls_of(updates: Sequence[Sequence[bytes]], *, said_at: Sequence[int]) -> SaidCalls:
    """The calls of TripUpdates, each with its StopTimeUpdates as bytes and its own date. Raises MalformedError."""
    counts = np.fromiter(map(len, updates), np.int64, len(updates))
    pieces = Pieces.of([each for its in updates for each in its])
    found = read(pieces, numbers=(1, 5), spans=(2, 3, 4, 6))
    owner = np.repeat(np.arange(len(updates)), counts)
    dated = np.array(said_at, np.int64)[owner] if len(owner) else np.zeros(0, np.int64)
    flags = np.zeros(len(owner), np.int64)
    flags[found.numbers[5] == 1] = SKIPPED
    flags[found.numbers[5] == 2] = UNCERTAIN
    events = {}
    for name, number in (("arrival", 2), ("departure", 3)):
        event = read(pieces.inside(found.spans[number]), numbers=(1, 2, 3), spans=())
        delay, moment = event.numbers[1], event.numbers[2]
        moment = np.where((moment > 0) & (moment < LATEST), moment, 0)
        late = np.where(
            event.there[1] & ~(event.there[2] & (event.numbers[2] != 0)), np.clip(delay, -DAY, DAY), NO_DELAY
        )
        # A moment without any uncertainty, that is past, is no prediction (GTFS-RT: StopTimeEvent.uncertainty).
        sure = event.there[3] & (event.numbers[3] == 0) & (moment > 0) & (moment <= dated)
        flags[sure] |= MEASURED
        events[name] = (moment, late)
    places: dict[bytes, int] = {b"": 0}
    stop = texts(pieces, found.spans[4], places)
    assigned = np.zeros(len(owner), np.int64)
    if found.there[6].any():
        assigned = texts(pieces, read(pieces.inside(found.spans[6]), numbers=(), spans=(1,)).spans[1], places)
    return SaidCalls(
        owner=owner,
        sequence=np.where(found.there[1], found.numbers[1], -1),
        stop=stop,
        assigned=assigned,
        arrival=events["arrival"][0],
        departure=events["departure"][0],
        late=events["arrival"][1],
        late_out=events["departure"][1],
        flags=flags,
        aimed=np.zeros(len(owner), np.int64),
        names=[name.decode("utf-8", "replace") for name in places],
    )


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
