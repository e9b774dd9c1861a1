"""What operators say of their service, whatever said it (GTFS-RT Alerts, SIRI-SX, SIRI GeneralMessage)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Cause(StrEnum):
    """GTFS-RT `Cause`; the reasons of SIRI-SX (DATEX II) are brought down to it."""

    UNKNOWN = "unknown"
    OTHER = "other"
    TECHNICAL = "technical"
    STRIKE = "strike"
    DEMONSTRATION = "demonstration"
    ACCIDENT = "accident"
    HOLIDAY = "holiday"
    WEATHER = "weather"
    MAINTENANCE = "maintenance"
    CONSTRUCTION = "construction"
    POLICE = "police"
    MEDICAL = "medical"
    EVENT = "event"


class Effect(StrEnum):
    """GTFS-RT `Effect`."""

    UNKNOWN = "unknown"
    OTHER = "other"
    NO_SERVICE = "no-service"
    REDUCED = "reduced"
    DELAYS = "delays"
    DETOUR = "detour"
    ADDITIONAL = "additional"
    MODIFIED = "modified"
    STOP_MOVED = "stop-moved"
    NO_EFFECT = "no-effect"
    ACCESSIBILITY = "accessibility"


class Severity(StrEnum):
    """GTFS-RT `SeverityLevel`."""

    UNKNOWN = "unknown"
    INFO = "info"
    WARNING = "warning"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What an alert is about, both by its place in the timetable (-1: not found there) and as the source wrote it."""

    id: str
    """With the prefix of the feed when it was found, else as the source wrote it."""
    place: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message of one source. Texts by language (`fr`, `en`, …), plain, without markup; absent when not said."""

    id: str
    """Of the source: `source` and `id` together name it for ever."""
    source: str
    said_at: int
    """Seconds since 1970: when the source said it, or said it again."""
    periods: tuple[tuple[int | None, int | None], ...] = ()
    """Begin and end, seconds since 1970, None for « not said »; none at all: as long as the source says it."""
    published: tuple[int | None, int | None] = (None, None)
    """When it is to be shown, if the source tells it from when the service is disturbed."""
    cause: Cause = Cause.UNKNOWN
    effect: Effect = Effect.UNKNOWN
    severity: Severity = Severity.UNKNOWN
    routes: tuple[Named, ...] = ()
    stops: tuple[Named, ...] = ()
    """Quays; all those of a station when it was named."""
    trips: tuple[Named, ...] = ()
    agencies: tuple[Named, ...] = ()
    """A whole network: an agency, or every agency of the prefixes of its source when it says « everything »."""
    route_types: tuple[int, ...] = ()
    header: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    planned: bool = False
    """Works foreseen, not an incident: SIRI-SX `Planned`, or a cause that can only be foreseen."""
    version: str = ""

    def running(self, when: int) -> bool:
        """Whether it disturbs the service at this moment (seconds since 1970)."""
        return not self.periods or any(
            (begin is None or begin <= when) and (end is None or when < end) for begin, end in self.periods
        )
