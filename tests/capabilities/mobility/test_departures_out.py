"""Departures for machines, as their clients read them: JSON, CSV, Parquet, MOTIS, SIRI Lite, GTFS-RT."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import pytest
from google.transit import gtfs_realtime_pb2

from lacydon.capabilities.mobility.api import departures, gtfs_realtime, motis, siri_lite
from lacydon.capabilities.mobility.queries.departures.motis import polyline
from lacydon.capabilities.mobility.queries.live import CallTime, LiveState, TripNow, TripState, Vehicle
from lacydon.capabilities.mobility.queries.timetable import Timetable, moment, start_of
from lacydon.kernel import clock
from tests.capabilities.mobility.networks import network_in_force

FRIDAY = date(2026, 11, 27)
NOW = moment(FRIDAY, 8 * 3600 - 60)
pytestmark = pytest.mark.django_db


def said(table: Timetable) -> LiveState:
    """The trip of 08:00 is three minutes late from its second stop; that of 08:15 is cancelled."""
    late, off = table.trip("AMP:1-aller-11"), table.trip("AMP:1-aller-12")
    hdv = table.stop_of_id["AMP:hdv1"]
    call = CallTime(position=1, stop=hdv, departure=start_of(FRIDAY) + 29_100 + 180)
    when = int(NOW.timestamp()) - 20
    given: dict[str, Any] = {"day": FRIDAY, "source": "essai", "said_at": when}
    trips = {
        (late, FRIDAY): TripNow(trip=late, state=TripState.SCHEDULED, calls=(call,), vehicle="bus-7", **given),
        (off, FRIDAY): TripNow(trip=off, state=TripState.CANCELLED, **given),
    }
    bus = Vehicle(id="bus-7", lon=5.365, lat=43.293, source="essai", said_at=when, trip=late, day=FRIDAY, stop=hdv)
    return LiveState(taken_at=int(NOW.timestamp()), trips=trips, vehicles=(bus,))


@pytest.fixture
def table(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, small_territory: Path) -> Timetable:
    settings.HOME = tmp_path
    settings.SNAPSHOT_SECONDS = 0
    table = network_in_force(tmp_path)
    state = said(table)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for module in (departures, gtfs_realtime, motis, siri_lite):
        monkeypatch.setattr(module, "live", lambda: state)
    return table


STOP = "hotel-de-ville-13055"


def test_our_own_json_says_how_sure_each_departure_is(client: Any, table: Timetable) -> None:
    answer = client.get(f"/api/v1/mobility/stops/{STOP}/departures?minutes=30")
    told = answer.json()
    plateau = [row for row in told["departures"] if row["headsign"] == "Plateau"]
    assert [(row["planned"], row["delay"], row["sureness"], row["cancelled"]) for row in plateau] == [
        ("2026-11-27T07:05:00Z", 180, "predicted", False),
        ("2026-11-27T07:20:00Z", None, "predicted", True),
    ]
    assert plateau[0]["said_at"] == "2026-11-27T06:58:40Z"
    assert answer["Cache-Control"] == "public, max-age=10"
    assert answer["Access-Control-Allow-Origin"] == "*"
    same = client.get(f"/api/v1/mobility/stops/{STOP}/departures?minutes=30", headers={"If-None-Match": answer["ETag"]})
    assert same.status_code == 304
    assert client.get("/api/v1/mobility/stops/nulle-part/departures").status_code == 404


def test_the_same_rows_as_csv_and_parquet(client: Any, table: Timetable, tmp_path: Path) -> None:
    text = client.get(f"/api/v1/mobility/stops/{STOP}/departures.csv?limit=3").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["line"] for row in rows] == ["2", "1", "1"]
    written = tmp_path / "x.parquet"
    written.write_bytes(client.get(f"/api/v1/mobility/stops/{STOP}/departures.parquet?limit=3").content)
    read = duckdb.sql(f"SELECT planned, delay, cancelled FROM '{written}'").fetchall()
    assert [row[0] for row in read] == [row["planned"] for row in rows]


def test_motis_stoptimes_goes_both_ways_without_a_hole_or_a_double(client: Any, table: Timetable) -> None:
    first = client.get("/api/v6/stoptimes", {"stopId": "AMP:hdv1", "n": 2, "time": "2026-11-27T07:00:00Z"}).json()
    assert {"stopTimes", "place", "previousPageCursor", "nextPageCursor"} <= set(first)
    row = next(each for each in first["stopTimes"] if each["headsign"] == "Plateau")
    assert row["mode"] == "TRAM"
    assert row["realTime"] is True
    assert row["place"]["departure"] == "2026-11-27T07:08:00Z"
    assert row["place"]["scheduledDeparture"] == "2026-11-27T07:05:00Z"
    seen = [each["tripId"] for each in first["stopTimes"]]
    following = client.get(
        "/api/v6/stoptimes", {"stopId": "AMP:hdv1", "n": 4, "pageCursor": first["nextPageCursor"]}
    ).json()
    back = client.get(
        "/api/v6/stoptimes", {"stopId": "AMP:hdv1", "n": 2, "pageCursor": following["previousPageCursor"]}
    ).json()
    assert [each["tripId"] for each in back["stopTimes"]] == seen
    assert not set(seen) & {each["tripId"] for each in following["stopTimes"]}


def test_motis_filters_and_tells_errors_in_its_own_shape(client: Any, table: Timetable) -> None:
    def ask(**given: Any) -> Any:
        return client.get("/api/v6/stoptimes", {"time": "2026-11-27T07:00:00Z", "n": 9, **given})

    assert {each["mode"] for each in ask(stopId=STOP, mode="BUS").json()["stopTimes"]} == {"BUS"}
    arriving = ask(stopId="AMP:pla", arriveBy="true").json()["stopTimes"]
    assert {each["headsign"] for each in arriving} == {"Plateau"}
    assert all(each["place"]["arrival"] < "2026-11-27T07:00:00Z" for each in arriving)
    near = ask(center="43.2961,5.3701", radius=300, exactRadius="true").json()
    assert {each["place"]["name"] for each in near["stopTimes"]} == {"Hôtel de Ville"}
    only = ask(stopId="AMP:hdv1", exactRadius="true").json()["stopTimes"]
    assert {each["displayName"] for each in only} == {"1"}
    for given, status in (
        ({"stopId": "AMP:nowhere"}, 404), ({}, 422), ({"stopId": STOP, "n": "x"}, 400),
        ({"stopId": STOP, "mode": "ROCKET"}, 400), ({"stopId": STOP, "pageCursor": "x"}, 400),
        ({"stopId": STOP, "time": "hier"}, 400), ({"stopId": STOP, "nonsense": "1"}, 400),
    ):  # fmt: skip
        answer = client.get("/api/v6/stoptimes", given)
        assert answer.status_code == status, given
        assert set(answer.json()) == {"error"}


def test_motis_trip_stops_and_names(client: Any, table: Timetable) -> None:
    row = client.get("/api/v6/stoptimes", {"stopId": "AMP:hdv1", "n": 1, "mode": "TRAM"}).json()["stopTimes"][0]
    leg = client.get("/api/v6/trip", {"tripId": row["tripId"]}).json()["legs"][0]
    assert leg["tripId"] == row["tripId"]
    # As Google's encoding says it: the first point alone is whole, latitude first, six decimals here.
    assert leg["legGeometry"]["length"] >= 2 and leg["legGeometry"]["precision"] == 6
    start = polyline([(leg["from"]["lon"], leg["from"]["lat"])])
    assert leg["legGeometry"]["points"].startswith(start) and len(leg["legGeometry"]["points"]) > len(start)
    assert client.get("/api/v6/trip", {"tripId": "20261127_08:00_AMP:never"}).status_code == 404
    found = client.get("/api/v6/map/stops", {"min": "43.28,5.35", "max": "43.30,5.375"}).json()
    assert {each["name"] for each in found} == {"Carénage", "Hôtel de Ville", "Anse"}
    assert client.get("/api/v1/geocode", {"text": "carenage"}).json()[0]["id"] == "carenage-13055"
    assert client.get("/api/v1/reverse-geocode", {"place": "43.292,5.364"}).json()[0]["name"] == "Carénage"


def navitia_reads(told: dict[str, Any]) -> list[tuple[str, str, str, datetime]]:
    """As its reader of SIRI Lite goes through an answer (jormungandr, realtime_schedule/siri_lite.py)."""
    found = []
    for delivery in told["Siri"]["ServiceDelivery"]["StopMonitoringDelivery"]:
        for visit in delivery["MonitoredStopVisit"]:
            journey = visit["MonitoredVehicleJourney"]
            expected = journey["MonitoredCall"].get("ExpectedDepartureTime")
            if expected:
                found.append(
                    (
                        journey["LineRef"]["value"],
                        journey["DestinationRef"]["value"],
                        journey["DestinationName"][0]["value"],
                        datetime.fromisoformat(expected.replace("Z", "+00:00")).astimezone(UTC),
                    )
                )
    return found


def test_a_siri_lite_client_reads_ours(client: Any, table: Timetable) -> None:
    answer = client.get("/api/siri-lite/stop-monitoring.json", {"MonitoringRef": "AMP:PNT:2", "MaximumStopVisits": 4})
    read = navitia_reads(answer.json())
    assert ("AMP:1", "AMP:pla", "Plateau", datetime(2026, 11, 27, 7, 8, tzinfo=UTC)) in read
    assert datetime(2026, 11, 27, 7, 20, tzinfo=UTC) not in {each[3] for each in read}  # cancelled
    xml = client.get("/api/siri-lite/stop-monitoring.xml", {"MonitoringRef": STOP}).content
    name = "{http://www.siri.org.uk/siri}"
    visits = ElementTree.fromstring(xml).findall(f".//{name}MonitoredStopVisit")
    statuses = {each.findtext(f".//{name}DepartureStatus") for each in visits}
    assert {"delayed", "cancelled"} <= statuses
    assert client.get("/api/siri-lite/stop-monitoring.json").status_code == 422


def test_a_gtfs_rt_consumer_reads_ours(client: Any, table: Timetable) -> None:
    message = gtfs_realtime_pb2.FeedMessage()
    message.ParseFromString(client.get("/api/gtfs-rt/exemple/trip-updates").content)
    updates = {each.trip_update.trip.trip_id: each.trip_update for each in message.entity}
    late = updates["1-aller-11"]
    assert [(each.stop_id, each.departure.time) for each in late.stop_time_update] == [
        ("hdv1", start_of(FRIDAY) + 29_280)
    ]
    cancelled = gtfs_realtime_pb2.TripDescriptor.CANCELED
    assert updates["1-aller-12"].trip.schedule_relationship == cancelled
    message.ParseFromString(client.get("/api/gtfs-rt/vehicle-positions").content)
    assert [(each.vehicle.vehicle.id, each.vehicle.trip.trip_id) for each in message.entity] == [
        ("bus-7", "AMP:1-aller-11")
    ]
    message.ParseFromString(client.get("/api/gtfs-rt/alerts").content)
    assert client.get("/api/gtfs-rt/trip-updates?format=json").json()["header"]["gtfsRealtimeVersion"] == "2.0"
    assert client.get("/api/gtfs-rt/nobody/alerts").status_code == 404
