"""The gateway to sources that accept few questions: what is looked at, in turn, never more than eight a minute."""

import json
import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from lacydon.capabilities.mobility.actions.live import asking, demand, turns
from lacydon.capabilities.mobility.models import LiveSource, LiveTurn, LookedAt
from lacydon.capabilities.mobility.public import live, looked_at
from lacydon.capabilities.mobility.queries.live import SourceStatus, TripState
from lacydon.connectors import FOLDER
from tests.capabilities.mobility.servers import siri
from tests.capabilities.mobility.servers.messages import planned
from tests.capabilities.mobility.servers.source import failing, page_of_a_portal, slow

DAY = date(2026, 11, 25)
OPTIONS = {
    "requestor": "open-data",
    "services": ["StopMonitoring", "VehicleMonitoring", "GeneralMessage", "CheckStatus"],
    "patterns": {"route": "AMP:Line::{id}:LOC"},
}
ONE = "AMP:Line::1:LOC"


def refs(server: Any) -> list[str]:
    """The stops that were asked about, in order."""
    return [found[1] for _path, body in server.asked if (found := re.search(rb"MonitoringRef>(.*?)<", body))]


@pytest.fixture
def siri_source(network: Any, held: Any, server: Any) -> LiveSource:
    """A source that answers for every stop: the line 1 leaves Hôtel de Ville at 08:05, two minutes late."""

    def visits(stop: str) -> list[str]:
        if stop != "AMP:PNT:2":
            return []
        late = planned(DAY, "08:07")
        return [
            siri.visit(stop, line=ONE, aimed=planned(DAY, "08:05"), expected=late, at=held.epoch, vehicle="T7"),
            siri.visit(stop, line=ONE, aimed=planned(DAY, "08:09"), expected=planned(DAY, "08:12"), at=held.epoch,
                       journey="x", headsign="Dépôt"),
        ]  # fmt: skip

    server.pages["*"] = siri.serving(visits, at=lambda: held.epoch)
    return LiveSource.objects.create(
        pk="soap", name="SIRI d’essai", kind="siri", urls=[server.url + "/siri"], prefixes=["AMP"], every=5,
        per_minute=8, options=OPTIONS | {"services": ["StopMonitoring", "CheckStatus"]},
    )  # fmt: skip


def test_nothing_is_asked_but_whether_it_is_there_until_somebody_looks(siri_source, held, server):
    assert asking.ask("soap", holder="a")
    assert live().sources[0].status is SourceStatus.UP
    assert [b"CheckStatus" in body for _path, body in server.asked] == [True]
    assert not asking.ask("soap", holder="a"), "it is left alone"
    looked_at(places=["hotel-de-ville-13055"])
    assert asking.ask("soap", holder="a") and asking.ask("soap", holder="a")
    assert refs(server) == [b"AMP:PNT:2", b"AMP:PNT:3"]
    assert not asking.ask("soap", holder="a"), "both answers still hold"


def test_visits_become_times_of_planned_trips(siri_source, network, held, server):
    looked_at(places=["hotel-de-ville-13055"])
    for _n in range(3):
        asking.ask("soap", holder="a")
    trip = live().trips[network.trip("AMP:1-aller-11"), DAY]
    assert [(each.position, each.departure) for each in trip.calls] == [(1, planned(DAY, "08:07"))]
    assert (trip.vehicle, trip.source) == ("T7", "soap")
    [visit] = live().visits[network.stop_of_id["AMP:hdv1"]]
    assert (visit.headsign, visit.expected, network.routes[visit.route].id) == (
        "Dépôt", planned(DAY, "08:12"), "AMP:1",
    )  # fmt: skip
    held.forward(121)
    assert not live().trips and not live().visits


def test_never_more_than_eight_questions_in_any_minute(siri_source, network, held, server):
    asked: list[int] = []
    places = [each.id for each in network.places]
    for _second in range(600):
        looked_at(places=places)
        demand._noted.clear()
        before = len(server.asked)
        for _worker in range(2):
            asking.ask("soap", holder="a")
        asked += [held.epoch] * (len(server.asked) - before)
        held.forward(1)
    most = max(sum(start <= each < start + 60 for each in asked) for start in range(asked[0], held.epoch))
    assert most <= 8 and len(asked) >= 70
    counts = Counter(refs(server))
    assert set(counts) == {f"AMP:PNT:{n}".encode() for n in range(1, 9)}
    assert max(counts.values()) - min(counts.values()) <= 1, "each in turn"


def test_the_quota_outlives_a_process_and_is_shared(siri_source, held):
    turn = turns.take("soap", holder="first", moment=held())
    assert turn is not None and all(turns.spend(turn, when=held.epoch + n * 7.5) for n in range(8))
    held.forward(59)
    assert turns.take("soap", holder="second", moment=held()) is not None, "the first was killed: its lease is over"
    after = LiveTurn.objects.select_related("source").get()
    assert not turns.spend(after, when=held.epoch)
    assert turns.spend(after, when=held.epoch + 1.5)


def test_what_is_noted_is_a_stop_and_a_moment(siri_source, held):
    for _n in range(50):
        looked_at(places=["gare-13055"], routes=["AMP:1"])
    assert sorted(LookedAt.objects.values_list("subject", flat=True)) == ["place:gare-13055", "route:AMP:1"]
    assert {field.name for field in LookedAt._meta.concrete_fields} == {"subject", "looked_at"}
    held.forward(91)
    asking.ask("soap", holder="a")
    assert live().visits == {}, "nobody looks any more"


def test_vehicles_of_a_line_and_messages(siri_source, network, held, server):
    onward = siri.onward_call("AMP:PNT:4", aimed=planned(DAY, "08:11"), expected=planned(DAY, "08:14"))
    others = {
        "VehicleMonitoring": lambda line: siri.vehicle_monitoring(
            line, at=held.epoch, lon=5.37, lat=43.296, onward=onward
        ),
        "GeneralMessage": lambda _line: siri.general_message(
            "m1", {"FR": "Ligne 1 déviée", "EN": "Line 1 diverted"}, line=ONE, at=held.epoch, until=held.epoch + 3600
        ),
    }
    server.pages["*"] = siri.serving(lambda _stop: [], at=lambda: held.epoch, others=others)
    LiveSource.objects.update(options=OPTIONS)
    looked_at(routes=["AMP:1"])
    for _n in range(6):
        asking.ask("soap", holder="a")
    [vehicle] = live().vehicles
    assert (vehicle.id, vehicle.lon, vehicle.bearing, network.routes[vehicle.route].id) == ("T7", 5.37, 45.0, "AMP:1")
    assert live().trips[network.trip("AMP:1-aller-11"), DAY].calls[0].departure == planned(DAY, "08:14")
    [alert] = live().alerts
    assert alert.header == {"fr": "Ligne 1 déviée", "en": "Line 1 diverted"}
    assert [each.id for each in alert.routes] == ["AMP:1"] and alert.severity == "warning"


def test_the_estimated_timetable_of_a_line(siri_source, network, held, server):
    asked_of: list[str] = []

    def timetable(line: str) -> bytes:
        asked_of.append(line)
        call = {
            "StopPointRef": "AMP:PNT:4", "AimedDepartureTime": siri.when(planned(DAY, "08:11")),
            "ExpectedDepartureTime": siri.when(planned(DAY, "08:16")),
        }  # fmt: skip
        journey = {"LineRef": line, "EstimatedCalls": {"EstimatedCall": [call]}}
        frame = {"ResponseTimestamp": siri.when(held.epoch),
                 "EstimatedJourneyVersionFrame": {"EstimatedVehicleJourney": journey}}  # fmt: skip
        told = as_xml({"Answer": {"EstimatedTimetableDelivery": frame}})
        return siri.soap(f"<sw:GetEstimatedTimetableResponse {siri.NS}>{told}</sw:GetEstimatedTimetableResponse>")

    server.pages["*"] = siri.serving(lambda _stop: [], at=lambda: held.epoch, others={"EstimatedTimetable": timetable})
    LiveSource.objects.update(options=OPTIONS | {"services": ["EstimatedTimetable"]})
    looked_at(routes=["AMP:1"])
    asking.ask("soap", holder="a")
    assert asked_of == [ONE] and LiveTurn.objects.get().error == ""
    assert live().trips[network.trip("AMP:1-aller-11"), DAY].calls[0].departure == planned(DAY, "08:16")


def test_situations_are_heard_from_a_server(network, held, server, asked):
    server.pages["/sx"] = (FOLDER / "siri_lite" / "samples" / "situation_exchange.xml").read_bytes()
    assert asked("siri_lite", path="/sx").error == ""
    [alert] = live().alerts
    assert alert.header["fr"] == "Ligne 1 déviée" and [each.id for each in alert.routes] == ["AMP:1"]


BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><Envelope>&b;</Envelope>"""
)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (lambda handler: failing(500, siri.fault("Quota dépassé"))(handler), "SOAP.*Quota dépassé"),
        (lambda _handler: siri.refused("Arrêt inconnu", at=1), "ne pas pouvoir répondre.*Arrêt inconnu"),
        (lambda _handler: BOMB, "entités"),
        (page_of_a_portal, "page web"),
        (lambda _handler: b"<a><b></a>", "pas du XML lisible"),
        (lambda _handler: siri.soap("<x/>"), "ne contient pas ce qui était demandé"),
        (slow(0.6), "ne répond pas"),
        (failing(503), "code 503|ne répond pas"),
    ],
    ids=["soap fault", "error condition", "entity bomb", "web page", "not xml", "other answer", "slow", "503"],
)
def test_what_is_not_an_answer_is_named(siri_source, held, server, page, said):
    asking.ask("soap", holder="a")
    server.pages["*"] = page
    looked_at(places=["gare-13055"])
    asking.ask("soap", holder="a")
    turn = LiveTurn.objects.get()
    assert turn.failures == 1 and re.search(said, turn.error), turn.error
    assert not asking.ask("soap", holder="a"), "it is left alone for a while"


def test_a_source_that_does_not_answer_is_said_to_be_down_and_left_alone_longer(siri_source, held, server):
    server.kill()
    waits = []
    for _n in range(9):
        asking.ask("soap", holder="a")
        turn = LiveTurn.objects.get()
        waits.append(int((turn.next_at - held()).total_seconds()))
        held.moment = turn.next_at
    assert waits[:4] == [5, 10, 20, 40] and waits[-1] == 600
    assert live().sources[0].status is SourceStatus.DOWN


def test_a_source_that_is_looked_at_is_tried_again_within_a_minute(siri_source, network, held, server):
    server.kill()
    for _n in range(9):
        asking.ask("soap", holder="a")
        held.moment = LiveTurn.objects.get().next_at
    asking.ask("soap", holder="a")
    failures = LiveTurn.objects.get().failures
    held.forward(61)
    assert asking.ask_due(holder="a", kinds=["siri"]) == 0, "nobody looks: it is left alone"
    looked_at(places=["gare-13055"])
    assert asking.ask_due(holder="a", kinds=["siri"]) == 1, "somebody looks: it is tried at once"
    turn = LiveTurn.objects.get()
    assert turn.failures == failures + 1 and (turn.next_at - held()).total_seconds() == 60
    asked = 0
    for _second in range(180):
        demand._noted.clear()
        looked_at(places=["gare-13055"])
        held.forward(1)
        asked += asking.ask_due(holder="a", kinds=["siri"])
    assert asked == 3, "one trial a minute, however many look"


def test_a_source_of_another_network_is_not_tried_for_who_looks_here(siri_source, network, held, server):
    LiveSource.objects.update(prefixes=["AILLEURS"])
    server.kill()
    for _n in range(9):
        asking.ask("soap", holder="a")
        held.moment = LiveTurn.objects.get().next_at
    asking.ask("soap", holder="a")
    looked_at(places=["gare-13055"])
    held.forward(61)
    assert asking.ask_due(holder="a", kinds=["siri"]) == 0


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_siri_lite_of_a_whole_network(network, held, server, asked, kind):
    times = {
        "AimedDepartureTime": siri.when(planned(DAY, "08:05")),
        "ExpectedDepartureTime": siri.when(planned(DAY, "08:09")),
    }
    journeys = [
        {"LineRef": {"value": "1"}, "EstimatedCalls": {"EstimatedCall": [{"StopPointRef": {"value": "hdv1"}, **times}]}},
        {"LineRef": {"value": "1"}, "Cancellation": True, "EstimatedCalls": {"EstimatedCall": [
            {"StopPointRef": {"value": "car"}, "AimedDepartureTime": siri.when(planned(DAY, "08:15"))}]}},
        {"LineRef": {"value": "1"}, "ExtraJourney": "true", "EstimatedVehicleJourneyCode": "plus", "EstimatedCalls":
            {"EstimatedCall": [{"StopPointRef": "car", **times}, {"StopPointRef": "gare", **times}]}},
    ]  # fmt: skip
    frame = {"EstimatedVehicleJourney": journeys}
    whole = {"Siri": {"ServiceDelivery": {"ResponseTimestamp": siri.when(held.epoch), "EstimatedTimetableDelivery": [
        {"ResponseTimestamp": siri.when(held.epoch), "EstimatedJourneyVersionFrame": [frame]}]}}}  # fmt: skip
    server.pages["/et"] = json.dumps(whole).encode() if kind == "json" else as_xml(whole).encode()
    turn = asked("siri_lite", path="/et")
    assert turn.error == ""
    late = live().trips[network.trip("AMP:1-aller-11"), DAY]
    assert late.calls[0].departure == planned(DAY, "08:09")
    assert live().trips[network.trip("AMP:1-aller-12"), DAY].state is TripState.CANCELLED
    [extra] = live().added
    assert [network.stops[each.stop].id for each in extra.calls] == ["AMP:car", "AMP:gare"]


def as_xml(told: Any) -> str:
    """The same in XML."""
    if isinstance(told, dict):
        if set(told) == {"value"}:
            return str(told["value"])
        return "".join(
            f"<{name}>{as_xml(each)}</{name}>" for name, value in told.items()
            for each in (value if isinstance(value, list) else [value])
        )  # fmt: skip
    return str(told).lower() if isinstance(told, bool) else str(told)


def test_siri_lite_of_one_stop(network, held, server, asked):
    server.pages["/sm"] = lambda _handler: siri.stop_monitoring(
        [siri.visit("AMP:PNT:2", line="1", aimed=planned(DAY, "08:05"), expected=planned(DAY, "08:06"), at=held.epoch)],
        at=held.epoch,
    )
    looked_at(places=["hotel-de-ville-13055"])
    LiveSource.objects.create(pk="lite", name="Lite", kind="siri_lite", urls=[server.url + "/sm?key=1"], prefixes=["AMP"],
                              per_minute=30, options={"ask": "stop", "parameters": {"RequestorRef": "x"}})  # fmt: skip
    demand._asking[0] = (float("-inf"), False)
    looked_at(places=["hotel-de-ville-13055"])
    asking.ask("lite", holder="a")
    assert server.asked[0][0] == "/sm?key=1&RequestorRef=x&MonitoringRef=AMP%3APNT%3A2"
    assert live().trips[network.trip("AMP:1-aller-11"), DAY].calls[0].departure == planned(DAY, "08:06")
