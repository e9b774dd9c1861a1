"""A SIRI server over SOAP, as those of French networks answer: what it knows is a list of visits by stop."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.kernel.http.test_client import send

NS = 'xmlns:siri="http://www.siri.org.uk/siri" xmlns:sw="http://wsdl.siri.org.uk"'


def when(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).isoformat()


def soap(body: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<soap:Body>{body}</soap:Body></soap:Envelope>"
    ).encode()


def fault(words: str) -> bytes:
    return soap(f"<soap:Fault><faultcode>S:Server</faultcode><faultstring>{words}</faultstring></soap:Fault>")


def visit(stop: str, *, line: str, aimed: int, expected: int | None, at: int, **told: Any) -> str:
    """A MonitoredStopVisit: journey, headsign, at_stop, status, vehicle, monitored."""
    times = f"<siri:AimedDepartureTime>{when(aimed)}</siri:AimedDepartureTime>"
    if expected is not None:
        times += f"<siri:ExpectedDepartureTime>{when(expected)}</siri:ExpectedDepartureTime>"
    if "status" in told:
        times += f"<siri:DepartureStatus>{told['status']}</siri:DepartureStatus>"
    return (
        f"<siri:MonitoredStopVisit><siri:RecordedAtTime>{when(at)}</siri:RecordedAtTime>"
        f"<siri:MonitoringRef>{stop}</siri:MonitoringRef><siri:MonitoredVehicleJourney>"
        f"<siri:LineRef>{line}</siri:LineRef><siri:FramedVehicleJourneyRef><siri:DataFrameRef>any</siri:DataFrameRef>"
        f"<siri:DatedVehicleJourneyRef>{told.get('journey', 'j')}</siri:DatedVehicleJourneyRef>"
        "</siri:FramedVehicleJourneyRef>"
        f"<siri:DestinationName>{told.get('headsign', 'Terminus')}</siri:DestinationName>"
        f"<siri:Monitored>{told.get('monitored', 'true')}</siri:Monitored>"
        f"<siri:VehicleRef>{told.get('vehicle', '')}</siri:VehicleRef>"
        f"<siri:MonitoredCall><siri:StopPointRef>{stop}</siri:StopPointRef>"
        f"<siri:VehicleAtStop>{told.get('at_stop', 'false')}</siri:VehicleAtStop>{times}</siri:MonitoredCall>"
        "</siri:MonitoredVehicleJourney></siri:MonitoredStopVisit>"
    )


def stop_monitoring(visits: Sequence[str], *, at: int) -> bytes:
    return soap(
        f"<sw:GetStopMonitoringResponse {NS}><ServiceDeliveryInfo>"
        f"<siri:ResponseTimestamp>{when(at)}</siri:ResponseTimestamp></ServiceDeliveryInfo><Answer>"
        f'<siri:StopMonitoringDelivery version="2.0"><siri:ResponseTimestamp>{when(at)}</siri:ResponseTimestamp>'
        f"<siri:Status>true</siri:Status>{''.join(visits)}</siri:StopMonitoringDelivery></Answer>"
        "</sw:GetStopMonitoringResponse>"
    )


def refused(words: str, *, at: int) -> bytes:
    return soap(
        f"<sw:GetStopMonitoringResponse {NS}><Answer><siri:StopMonitoringDelivery>"
        f"<siri:ResponseTimestamp>{when(at)}</siri:ResponseTimestamp><siri:Status>false</siri:Status>"
        f"<siri:ErrorCondition><siri:OtherError><siri:ErrorText>{words}</siri:ErrorText></siri:OtherError>"
        "</siri:ErrorCondition></siri:StopMonitoringDelivery></Answer></sw:GetStopMonitoringResponse>"
    )


def check_status(*, at: int, good: bool = True) -> bytes:
    return soap(
        f"<sw:CheckStatusResponse {NS}><CheckStatusAnswerInfo><siri:ResponseTimestamp>{when(at)}"
        f"</siri:ResponseTimestamp></CheckStatusAnswerInfo><Answer><siri:Status>{str(good).lower()}</siri:Status>"
        "</Answer></sw:CheckStatusResponse>"
    )


def vehicle_monitoring(line: str, *, at: int, lon: float, lat: float, onward: str = "") -> bytes:
    return soap(
        f"<sw:GetVehicleMonitoringResponse {NS}><Answer><siri:VehicleMonitoringDelivery>"
        f"<siri:ResponseTimestamp>{when(at)}</siri:ResponseTimestamp><siri:Status>true</siri:Status>"
        f"<siri:VehicleActivity><siri:RecordedAtTime>{when(at)}</siri:RecordedAtTime>"
        f"<siri:MonitoredVehicleJourney><siri:LineRef>{line}</siri:LineRef>"
        f"<siri:VehicleLocation><siri:Longitude>{lon}</siri:Longitude><siri:Latitude>{lat}</siri:Latitude>"
        "</siri:VehicleLocation><siri:VehicleRef>T7</siri:VehicleRef><siri:Bearing>45</siri:Bearing>"
        f"<siri:OnwardCalls>{onward}</siri:OnwardCalls></siri:MonitoredVehicleJourney></siri:VehicleActivity>"
        "</siri:VehicleMonitoringDelivery></Answer></sw:GetVehicleMonitoringResponse>"
    )


def onward_call(stop: str, *, aimed: int, expected: int) -> str:
    return (
        f"<siri:OnwardCall><siri:StopPointRef>{stop}</siri:StopPointRef>"
        f"<siri:AimedDepartureTime>{when(aimed)}</siri:AimedDepartureTime>"
        f"<siri:ExpectedDepartureTime>{when(expected)}</siri:ExpectedDepartureTime></siri:OnwardCall>"
    )


def general_message(id: str, words: Mapping[str, str], *, line: str, at: int, until: int) -> bytes:
    texts = "".join(
        f"<Message><MessageType>shortMessage</MessageType><MessageText xml:lang='{language}'>{said}</MessageText></Message>"
        for language, said in words.items()
    )
    return soap(
        f"<sw:GetGeneralMessageResponse {NS}><Answer><siri:GeneralMessageDelivery>"
        f"<siri:ResponseTimestamp>{when(at)}</siri:ResponseTimestamp><siri:GeneralMessage>"
        f"<siri:RecordedAtTime>{when(at)}</siri:RecordedAtTime>"
        f"<siri:InfoMessageIdentifier>{id}</siri:InfoMessageIdentifier>"
        f"<siri:InfoChannelRef>Perturbation</siri:InfoChannelRef><siri:ValidUntilTime>{when(until)}"
        f"</siri:ValidUntilTime><siri:Content><LineRef>{line}</LineRef>{texts}</siri:Content></siri:GeneralMessage>"
        "</siri:GeneralMessageDelivery></Answer></sw:GetGeneralMessageResponse>"
    )


def serving(
    visits: Callable[[str], Sequence[str]], *, at: Callable[[], int], others: Mapping[str, Callable[[str], bytes]] = {}
) -> Callable[[BaseHTTPRequestHandler], None]:
    """A server whose StopMonitoring answers `visits(stop)`; `others`: answers of its other services, by name."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        asked = handler.body.decode()  # type: ignore[attr-defined]
        if found := re.search(r"<siri:MonitoringRef>(.*?)<", asked):
            return send(handler, body=stop_monitoring(visits(found[1]), at=at()), Content_Type="text/xml")
        if "CheckStatus" in asked:
            return send(handler, body=check_status(at=at()), Content_Type="text/xml")
        for name, answer in others.items():
            if name in asked:
                line = re.search(r"<siri:LineRef>(.*?)<", asked)
                return send(handler, body=answer(line[1] if line else ""), Content_Type="text/xml")
        return send(handler, 500, fault("Service inconnu"), Content_Type="text/xml")

    return reply
