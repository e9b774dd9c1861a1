"""Alerts."""

from typing import Any, Final

from lacydon.capabilities.mobility.public import SaidAlert, plain_words

from .trips import LATEST
from .wire import letters

CAUSES: Final = {1: "unknown", 2: "other", 3: "technical", 4: "strike", 5: "demonstration", 6: "accident",
                 7: "holiday", 8: "weather", 9: "maintenance", 10: "construction", 11: "police", 12: "medical",
                 13: "event"}  # fmt: skip
EFFECTS: Final = {1: "no-service", 2: "reduced", 3: "delays", 4: "detour", 5: "additional", 6: "modified", 7: "other",
                  8: "unknown", 9: "stop-moved", 10: "no-effect", 11: "accessibility"}  # fmt: skip
SEVERITIES: Final = {1: "unknown", 2: "info", 3: "warning", 4: "severe"}
FORESEEN: Final = frozenset({"holiday", "maintenance", "construction", "event"})


def alert_of(told: Any, *, id: str, said_at: int) -> SaidAlert:
    """One Alert."""
    alert = SaidAlert(
        id=letters(id),
        said_at=said_at,
        periods=_periods(told.impact_period or told.active_period),
        cause=CAUSES.get(told.cause, "unknown"),
        effect=EFFECTS.get(told.effect, "unknown"),
        severity=SEVERITIES.get(told.severity_level, "unknown"),
        header=_texts(told.header_text),
        description=_texts(told.description_text),
        url=next(iter(_texts(told.url).values()), ""),
    )
    shown = _periods(told.communication_period)
    if shown:
        alert.published = (shown[0][0], shown[-1][1])
    alert.planned = alert.cause in FORESEEN
    for each in told.informed_entity:
        narrow = each.route_id or each.stop_id or each.trip.trip_id or each.trip.route_id
        if each.route_id or each.trip.route_id:
            alert.routes.append(letters(each.route_id or each.trip.route_id))
        if each.stop_id:
            alert.stops.append(letters(each.stop_id))
        if each.trip.trip_id:
            alert.trips.append(letters(each.trip.trip_id))
        if each.HasField("route_type") and not narrow:
            alert.route_types.append(each.route_type)
        elif each.agency_id and not narrow:
            alert.agencies.append(letters(each.agency_id))
    alert.everything = not told.informed_entity
    return alert


def _periods(told: Any) -> list[tuple[int | None, int | None]]:
    found = []
    for each in told:
        begin = each.start if each.HasField("start") and 0 < each.start < LATEST else None
        end = each.end if each.HasField("end") and 0 < each.end < LATEST else None
        if (begin is None and end is None) or (begin and end and end < begin):
            continue
        found.append((begin, end))
    return found


def _texts(told: Any) -> dict[str, str]:
    """By language; a text without one is French, the language of the territory's operators."""
    found: dict[str, str] = {}
    for each in told.translation:
        told_in, text = letters(each.language), letters(each.text)
        language = (told_in or "fr").partition("-")[0].lower()
        if text.strip() and (language not in found or "html" not in told_in):
            found[language] = plain_words(text)
    return found
