"""What is asked, in SOAP: SIRI 2.0, document/literal wrapped, as https://github.com/SIRI-CEN/SIRI describes it."""

from datetime import UTC, datetime
from typing import Final
from uuid import uuid4
from xml.sax.saxutils import escape

ENVELOPES: Final = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}
PREVIEW: Final = "PT2H"


def envelope(
    service: str, *, ref: str, requestor: str, now: int, visits: int, soap: str
) -> tuple[bytes, dict[str, str]]:
    """The request and its headers. `ref`: the stop or the line, in the words of the source."""
    soap = soap if soap in ENVELOPES else "1.1"
    when = datetime.fromtimestamp(now, UTC).isoformat()
    message = f"lacydon-{uuid4().hex[:16]}"
    information = (
        f"<siri:RequestTimestamp>{when}</siri:RequestTimestamp>"
        f"<siri:RequestorRef>{escape(requestor)}</siri:RequestorRef>"
        f"<siri:MessageIdentifier>{message}</siri:MessageIdentifier>"
    )
    if service == "CheckStatus":
        body = f"<Request>{information}</Request><RequestExtension/>"
    else:
        asked = _asked(service, escape(ref), visits)
        body = (
            f"<ServiceRequestInfo>{information}</ServiceRequestInfo>"
            f'<Request version="2.0"><siri:RequestTimestamp>{when}</siri:RequestTimestamp>'
            f"<siri:MessageIdentifier>{message}</siri:MessageIdentifier>{asked}</Request><RequestExtension/>"
        )
    name = service if service == "CheckStatus" else f"Get{service}"
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<S:Envelope xmlns:S="{ENVELOPES[soap]}"><S:Body>'
        f'<sw:{name} xmlns:sw="http://wsdl.siri.org.uk" xmlns:siri="http://www.siri.org.uk/siri">{body}</sw:{name}>'
        "</S:Body></S:Envelope>"
    ).encode()
    if soap == "1.2":
        return content, {"Content-Type": f'application/soap+xml; charset=utf-8; action="{name}"'}
    return content, {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{name}"'}


def _asked(service: str, ref: str, visits: int) -> str:
    if service == "StopMonitoring":
        return (
            f"<siri:PreviewInterval>{PREVIEW}</siri:PreviewInterval><siri:MonitoringRef>{ref}</siri:MonitoringRef>"
            f"<siri:MaximumStopVisits>{visits}</siri:MaximumStopVisits>"
        )
    if service == "VehicleMonitoring":
        return f"<siri:LineRef>{ref}</siri:LineRef>"
    if service == "EstimatedTimetable":
        return (
            f"<siri:PreviewInterval>{PREVIEW}</siri:PreviewInterval>"
            f"<siri:Lines><siri:LineDirection><siri:LineRef>{ref}</siri:LineRef></siri:LineDirection></siri:Lines>"
        )
    return ""
