"""SIRI Lite: **fetch** by GET, JSON or XML, **parse** the answer, pure, and hand it to transport.

Two ways: whole feeds (EstimatedTimetable, VehicleMonitoring, SituationExchange, GeneralMessage of a whole network),
read at their rhythm; or, with the option `ask: stop`, one stop at a time (`MonitoringRef`), when people look at it.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.mobility.public import (
    Question,
    Said,
    live_connectors,
    live_healths,
    siri_json,
    siri_said,
    siri_xml,
)
from lacydon.connectors import Check, check_of


class SiriLite:
    """The kind of source. Options: `ask` (whole, stop), `parameters` (of each request), `patterns`, `headers`."""

    kind = "siri_lite"
    title = _l("SIRI Lite (JSON ou XML)")

    def ask(self, question: Question) -> Said:
        """Every address of the source, read as one answer; for a stop, the first one."""
        told = question.options.get("parameters")
        parameters = {str(name): str(value) for name, value in told.items()} if isinstance(told, Mapping) else {}
        if question.subject.kind == "stop":
            parameters["MonitoringRef"] = question.subject.ref
        said = Said()
        for url in question.urls[:1] if question.subject.kind == "stop" else question.urls:
            address = question.address(url)
            if parameters:
                address += ("&" if "?" in address else "?") + urlencode(parameters)
            expected = "StopMonitoringDelivery" if question.subject.kind == "stop" else ""
            _join(said, read(question.get(address).content, now=question.now, expected=expected))
        return said

    def subjects(self, options: Mapping[str, Any], /) -> tuple[str, ...]:
        return ("stop",) if options.get("ask") in ("stop", "station") else ("whole",)


def read(content: bytes, *, now: int, expected: str = "") -> Said:
    """One answer, in JSON or in XML. Raises NotWhatWasAsked."""
    begin = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return siri_said((siri_json if begin in (b"{", b"[") else siri_xml)(content), now=now, expected=expected)


def _join(into: Said, other: Said) -> None:
    into.said_at = min(filter(None, (into.said_at, other.said_at)), default=0)
    into.valid_until = max(into.valid_until, other.valid_until)
    for name in ("trips", "visits", "vehicles", "alerts", "remarks"):
        getattr(into, name).extend(getattr(other, name))


def check() -> Check:
    """Each source that uses it."""
    return check_of(live_healths(SiriLite.kind), nothing=_("Aucune source SIRI Lite n’est interrogée."))


live_connectors.plug(SiriLite())
