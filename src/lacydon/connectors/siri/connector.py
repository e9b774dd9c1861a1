"""SIRI 2.0 over SOAP: **fetch** by one request about one thing, **parse** the answer, pure, and hand it to transport.

Sources of this kind accept few requests a minute from everybody, so they are asked only about what people look at.
Services: StopMonitoring (a stop), VehicleMonitoring or EstimatedTimetable (a line), GeneralMessage, CheckStatus.
Standard: CEN/TS 15531 and its French profile (https://normes.transport.data.gouv.fr/).
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.mobility.public import (
    NotWhatWasAsked,
    Question,
    Said,
    live_connectors,
    live_healths,
    siri_said,
    siri_xml,
)
from lacydon.connectors import Check, check_of

from .requests import envelope

SUBJECTS: Final = {
    "StopMonitoring": "stop",
    "VehicleMonitoring": "line",
    "EstimatedTimetable": "line",
    "GeneralMessage": "news",
    "CheckStatus": "state",
}
DELIVERIES: Final = {each: f"{each}Delivery" for each in SUBJECTS} | {"CheckStatus": "CheckStatusResponse"}


class Siri:
    """The kind of source. Options: `requestor`, `services`, `soap` (1.1 or 1.2), `visits`, `ask`, `patterns`."""

    kind = "siri"
    title = _l("SIRI (SOAP)")

    def ask(self, question: Question) -> Said:
        """One request about the subject of the question."""
        service = service_of(question.subject.kind, services_of(question.options))
        if service is None or not question.urls:
            raise NotWhatWasAsked(
                _("Cette source SIRI n’a pas le service qu’il faudrait (%s).") % question.subject.kind
            )
        content, headers = envelope(
            service,
            ref=question.subject.ref,
            requestor=str(question.options.get("requestor", "lacydon")),
            now=question.now,
            visits=int(question.options.get("visits", 20)),
            soap=str(question.options.get("soap", "1.1")),
        )
        answer = question.post(question.address(question.urls[0]), content, headers=headers)
        return siri_said(siri_xml(answer.content), now=question.now, expected=DELIVERIES[service])

    def subjects(self, options: Mapping[str, Any], /) -> tuple[str, ...]:
        return tuple(dict.fromkeys(SUBJECTS[each] for each in services_of(options)))


def services_of(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Those that the options name; without any, what most servers have."""
    told = options.get("services")
    named = tuple(str(each) for each in told) if isinstance(told, list) else ("StopMonitoring", "CheckStatus")
    return tuple(each for each in named if each in SUBJECTS)


def service_of(subject: str, services: tuple[str, ...]) -> str | None:
    """The service that tells about this kind of subject."""
    return next((each for each in services if SUBJECTS[each] == subject), None)


def check() -> Check:
    """Each source that uses it, as its last answers tell: asking it now would cost riders one of its few answers."""
    return check_of(live_healths(Siri.kind), nothing=_("Aucune source SIRI (SOAP) n’est interrogée."))


live_connectors.plug(Siri())
