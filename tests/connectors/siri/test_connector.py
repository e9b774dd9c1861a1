"""SIRI over SOAP: what is asked, what an answer says, what is no answer."""

import pytest

from lacydon.capabilities.mobility.public import NotWhatWasAsked, siri_said, siri_xml
from lacydon.connectors.siri.connector import Siri
from lacydon.connectors.siri.requests import envelope
from tests.connectors.visits import sample

NOW = 1795590000


def test_an_answer():
    said = siri_said(siri_xml(sample("siri", "stop_monitoring.xml")), now=NOW, expected="StopMonitoringDelivery")
    late, silent = said.visits
    assert (late.stop, late.route) == ("RADE:StopPoint:BP:hdv1:LOC", "RADE:Line::1:LOC")
    assert (late.expected - late.aimed, late.platform, late.headsign, late.measured) == (120, "B", "Plateau", False)
    assert silent.expected == 0, "what is not monitored is the timetable said again"
    assert (said.said_at, said.valid_until) == (NOW + 5, NOW + 45)


@pytest.mark.parametrize("soap", ["1.1", "1.2"])
@pytest.mark.parametrize(
    "service", ["StopMonitoring", "VehicleMonitoring", "EstimatedTimetable", "GeneralMessage", "CheckStatus"]
)
def test_a_request_is_well_formed_and_escapes_what_it_names(service, soap):
    content, headers = envelope(service, ref="<&\"'>", requestor="a&b", now=NOW, visits=5, soap=soap)
    told = siri_xml(content)
    assert "a&b" in str(told) and (service in ("GeneralMessage", "CheckStatus") or "<&" in str(told))
    assert ("SOAPAction" in headers) == (soap == "1.1")


def test_what_may_be_asked_follows_the_services():
    assert Siri().subjects({}) == ("stop", "state")
    assert Siri().subjects({"services": ["VehicleMonitoring", "EstimatedTimetable", "Rien"]}) == ("line",)


@pytest.mark.parametrize("content", [b"", b"<html>", b"<a", b"\xff\xfe", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_not_xml_is_refused(content):
    with pytest.raises(NotWhatWasAsked):
        siri_xml(content)
