"""SituationExchange and GeneralMessage: words of operators."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from ...ports import SaidAlert
from ...ports.words import plain_words
from .tree import Node, every, moment, nodes, text, texts

CAUSES: Final = {
    "strike": "strike", "industrialaction": "strike", "unofficialindustrialaction": "strike", "goslow": "strike",
    "demonstration": "demonstration", "march": "demonstration", "procession": "demonstration",
    "accident": "accident", "roadaccident": "accident", "collision": "accident", "derailment": "accident",
    "publicholiday": "holiday", "holiday": "holiday", "sportsfixture": "event", "concert": "event",
    "specialevent": "event", "festivity": "event", "publicevent": "event",
    "heavysnowfall": "weather", "heavyrain": "weather", "strongwinds": "weather", "flooding": "weather",
    "ice": "weather", "fog": "weather", "stormdamage": "weather", "roughsea": "weather", "lightningstrike": "weather",
    "maintenancework": "maintenance", "emergencyengineeringwork": "maintenance", "repairwork": "maintenance",
    "constructionwork": "construction", "roadworks": "construction", "roadmaintenance": "construction",
    "roadclosed": "construction", "roadclosure": "construction",
    "policerequest": "police", "policeorder": "police", "securityalert": "police", "suspectvehicle": "police",
    "bombalert": "police", "illvehicleoccupants": "medical", "passengeraction": "other",
    "technicalproblem": "technical", "vehiclefailure": "technical", "signalproblem": "technical",
    "signalfailure": "technical", "powerproblem": "technical", "defectivevehicle": "technical",
    "breakdown": "technical", "electricalfailure": "technical", "routeblockage": "other",
    "undefinedproblem": "unknown", "unknown": "unknown",
}  # fmt: skip
"""Reasons of SIRI 2.0 (miscellaneous, of personnel, of equipment, of the environment) and AlertCause of 2.1."""
EFFECTS: Final = {
    "noservice": "no-service", "cancelled": "no-service", "cancellation": "no-service",
    "tripcancellation": "no-service",
    "disrupted": "modified", "diverted": "detour", "detour": "detour", "delayed": "delays", "delay": "delays",
    "majordelays": "delays", "delays": "delays", "additionalservice": "additional", "extra": "additional",
    "limitedoperation": "reduced", "limited": "reduced", "shortformedservice": "reduced",
    "irregulartraffic": "modified", "altered": "modified", "changeofplatform": "modified", "shuttle": "modified",
    "stopmoved": "stop-moved", "stopcancelled": "no-service", "stoppointnotserved": "no-service",
    "accessibility": "accessibility", "normalservice": "no-effect", "onwardjourneynotguaranteed": "modified",
}  # fmt: skip
SEVERITIES: Final = {
    "noimpact": "info", "veryslight": "info", "slight": "info", "normal": "warning", "severe": "severe",
    "verysevere": "severe",
}  # fmt: skip
REASONS: Final = ("AlertCause", "MiscellaneousReason", "PersonnelReason", "EquipmentReason", "EnvironmentReason")
CLOSED: Final = frozenset({"closed", "closing", "draft", "rejected"})
LINES: Final = frozenset({"LineRef"})
STOPS: Final = frozenset({"StopPointRef", "StopPlaceRef", "QuayRef"})
FORESEEN: Final = frozenset({"maintenance", "construction", "holiday", "event"})


def situation_said(element: Node) -> SaidAlert | None:
    """A PtSituationElement; None when it is closed, or has no number."""
    id = text(element, "SituationNumber")
    if not id or text(element, "Progress").lower() in CLOSED:
        return None
    affects = [*nodes(element, "Affects"), *nodes(element, "Consequences", "Consequence", "Affects")]
    cause = next((text(element, name).lower() for name in REASONS if text(element, name)), "")
    conditions = [text(each, "Condition").lower() for each in nodes(element, "Consequences", "Consequence")]
    severities = [text(each, "Severity") for each in nodes(element, "Consequences", "Consequence")]
    severity = (text(element, "Severity") or next((each for each in severities if each), "")).lower()
    shown = next(iter(_periods(element, "PublicationWindow")), (None, None))
    alert = SaidAlert(
        id=f"{text(element, 'ParticipantRef')}:{id}" if text(element, "ParticipantRef") else id,
        said_at=moment(element, "VersionedAtTime", "CreationTime"),
        version=text(element, "Version"),
        periods=_periods(element, "ValidityPeriod"),
        published=shown,
        cause=CAUSES.get(cause, "other" if cause else "unknown"),
        effect=next((EFFECTS[each] for each in conditions if each in EFFECTS), "unknown"),
        severity=SEVERITIES.get(severity, "unknown"),
        routes=list(_named(affects, LINES)),
        stops=list(_named(affects, STOPS)),
        trips=list(_named(affects, frozenset({"DatedVehicleJourneyRef", "VehicleJourneyRef"}))),
        agencies=list(_named(affects, frozenset({"OperatorRef"}))),
        header=_words(texts(element, "Summary")),
        description=_words(texts(element, "Description") or texts(element, "Detail")),
        url=text(element, "InfoLinks/InfoLink/Uri"),
    )
    if not alert.header:
        alert.header, alert.description = _published(element, alert.description)
    alert.planned = text(element, "Planned").lower() == "true" or alert.cause in FORESEEN
    alert.everything = not (alert.routes or alert.stops or alert.trips or alert.agencies)
    return alert


def message_said(message: Node) -> SaidAlert | None:
    """A GeneralMessage of the French profile; None when it says nothing."""
    id = text(message, "InfoMessageIdentifier", "ItemIdentifier")
    content = next(nodes(message, "Content"), {})
    words: dict[str, str] = {}
    long: dict[str, str] = {}
    for each in nodes(content, "Message"):
        into = long if text(each, "MessageType").lower() in ("longmessage", "textonly", "htmlmessage") else words
        for language, said in texts(each, "MessageText").items():
            into.setdefault(language, plain_words(said))
    if not words and not long:
        words = _words(texts(message, "Content"))
    if not id or not (words or long):
        return None
    until = moment(message, "ValidUntilTime") or None
    channel = text(message, "InfoChannelRef").lower()
    stops = [text({"x": [each]}, "x") for name in ("StopPointRef", "StopAreaRef") for each in every(content, name)]
    return SaidAlert(
        id=id,
        version=text(message, "InfoMessageVersion"),
        said_at=moment(message, "RecordedAtTime"),
        periods=[(None, until)] if until else [],
        severity="warning" if channel.startswith("perturb") else "info",
        routes=[text({"x": [each]}, "x") for each in every(content, "LineRef")],
        stops=stops,
        header=words or {language: said.split("\n")[0][:200] for language, said in long.items()},
        description=long,
        everything=not (every(content, "LineRef") or stops),
    )


def _periods(element: Node, name: str) -> list[tuple[int | None, int | None]]:
    found = []
    for each in nodes(element, name):
        begin, end = moment(each, "StartTime") or None, moment(each, "EndTime") or None
        if (begin or end) and not (begin and end and end < begin):
            found.append((begin, end))
    return found


def _named(affects: Iterable[Any], names: frozenset[str], depth: int = 0) -> Iterator[str]:
    """References of these kinds, anywhere below, each once."""
    seen: dict[str, None] = {}
    for each in affects:
        _gather(each, names, seen, depth)
    return iter(seen)


def _gather(node: Any, names: frozenset[str], seen: dict[str, None], depth: int) -> None:
    if depth > 30 or not isinstance(node, dict):
        return
    for name, value in node.items():
        for each in value if isinstance(value, list) else [value]:
            if name in names:
                if ref := text({"x": [each]}, "x"):
                    seen.setdefault(ref)
            else:
                _gather(each, names, seen, depth + 1)


def _published(element: Node, description: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The words of a PublishingAction, where SIRI 2.1 may keep all of them."""
    path = ("PublishingActions", "PublishingAction", "PassengerInformationAction", "TextualContent")
    header: dict[str, str] = {}
    for each in nodes(element, *path):
        for said in nodes(each, "SummaryContent"):
            header = header or _words(texts(said, "SummaryText"))
        for said in nodes(each, "DescriptionContent"):
            description = description or _words(texts(said, "DescriptionText"))
    return header, description


def _words(said: dict[str, str]) -> dict[str, str]:
    return {language: plain_words(each) for language, each in said.items() if plain_words(each)}
