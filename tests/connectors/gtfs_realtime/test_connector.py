"""GTFS-RT: the same as the library of Google reads, whatever the bytes; nothing but a sentence when they are none."""

import pytest
from google.transit import gtfs_realtime_pb2 as pb
from hypothesis import given, settings
from hypothesis import strategies as st

from lacydon.capabilities.mobility.public import MEASURED, NO_DELAY, SKIPPED, UNCERTAIN, NotWhatWasAsked
from lacydon.connectors.gtfs_realtime.connector import GtfsRealtime
from tests.connectors.visits import sample
from tests.product import ROOT

SAMPLE = sample("gtfs_realtime", "network.pb")
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "time": st.integers(1, 2**35), "delay": st.integers(-(2**31), 2**31 - 1), "uncertainty": st.integers(0, 99),
    },
)  # fmt: skip
CALLS = st.fixed_dictionaries(
    {},
    optional={
        "stop_sequence": st.integers(0, 2**31 - 1), "stop_id": st.text(max_size=200), "arrival": EVENTS,
        "departure": EVENTS, "schedule_relationship": st.integers(0, 3), "departure_occupancy_status": st.integers(0, 5),
        "stop_time_properties": st.fixed_dictionaries({}, optional={"assigned_stop_id": st.text(max_size=5)}),
    },
)  # fmt: skip


def test_a_message():
    said = GtfsRealtime().read(SAMPLE, of="sample")
    assert [(each.trip, each.state, each.vehicle) for each in said.trips] == [
        ("1-aller-11", "scheduled", "B12"), ("1-aller-12", "cancelled", ""),
    ]  # fmt: skip
    assert said.calls.sequence.tolist() == [2, 3] and said.calls.late.tolist() == [NO_DELAY, 90]
    assert (len(said.vehicles), len(said.alerts), said.remarks) == (1, 1, [])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CALLS, max_size=5), max_size=5), st.integers(0, 2**33))
def test_calls_are_those_that_the_library_reads(trips, dated):
    message = pb.FeedMessage(header=pb.FeedHeader(gtfs_realtime_version="2.0", timestamp=dated))
    for n, calls in enumerate(trips):
        update = message.entity.add(id=str(n)).trip_update
        update.trip.trip_id, update.timestamp = str(n), dated
        for call in calls:
            update.stop_time_update.append(pb.TripUpdate.StopTimeUpdate(**call))
    said = GtfsRealtime().read(message.SerializeToString(), of="given")
    found = [said.calls.objects(n) for n in range(len(trips))]
    for entity, calls in zip(message.entity, found, strict=True):
        assert len(calls) == len(entity.trip_update.stop_time_update)
        for told, call in zip(entity.trip_update.stop_time_update, calls, strict=True):
            assert call.sequence == (told.stop_sequence if told.HasField("stop_sequence") else -1)
            assert (call.stop, call.assigned) == (told.stop_id, told.stop_time_properties.assigned_stop_id)
            assert (call.arrival, call.departure) == (told.arrival.time, told.departure.time)
            late = told.arrival.HasField("delay") and not told.arrival.time
            assert call.arrival_delay == (max(-86_400, min(86_400, told.arrival.delay)) if late else NO_DELAY)
            flag = {1: SKIPPED, 2: UNCERTAIN}.get(told.schedule_relationship, 0)
            seen = any(
                each.HasField("uncertainty") and each.uncertainty == 0 and 0 < each.time <= dated
                for each in (told.arrival, told.departure)
            )
            assert call.flags == flag | (MEASURED if seen else 0)


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_message_or_a_sentence(content):
    try:
        GtfsRealtime().read(content, of="bytes")
    except NotWhatWasAsked as refusal:
        assert len(str(refusal.sentence)) > 20


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255), st.integers(0, len(SAMPLE)))
def test_a_damaged_message_is_a_message_or_a_sentence(place, octet, end):
    damaged = bytearray(SAMPLE)
    damaged[place] = octet
    for content in (bytes(damaged), bytes(damaged[:end])):
        try:
            GtfsRealtime().read(content, of="damaged")
        except NotWhatWasAsked as refusal:
            assert len(str(refusal.sentence)) > 20


def test_a_call_of_a_thousand_fields_is_refused():
    update = pb.TripUpdate(trip=pb.TripDescriptor(trip_id="1"))
    update.stop_time_update.add()
    whole = pb.FeedMessage(header=pb.FeedHeader(gtfs_realtime_version="2.0"))
    whole.entity.add(id="1").trip_update.CopyFrom(update)
    content = bytearray(whole.SerializeToString())
    long = b"\x08\x01" * 1_000

    def sized(tag: int, inner: bytes) -> bytes:
        size, told = len(inner), b""
        while size > 127:
            told, size = told + bytes([size & 127 | 128]), size >> 7
        return bytes([tag]) + told + bytes([size]) + inner

    entity = b"\x0a\x011" + sized(0x1A, b"\x0a\x03\x0a\x011" + sized(0x12, long))
    with pytest.raises(NotWhatWasAsked, match="abîmés"):
        GtfsRealtime().read(bytes(content) + sized(0x12, entity), of="long")


def test_a_real_message():
    path = ROOT.parent / "shared" / "data" / "bibus-brest-gtfs-rt-alerts.pb"
    if not path.exists():
        pytest.skip("../shared/data is not here")
    said = GtfsRealtime().read(path.read_bytes(), of="brest")
    assert said.alerts and all(each.header.get("fr") for each in said.alerts) and said.said_at
