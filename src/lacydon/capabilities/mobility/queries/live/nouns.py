"""The nouns of real time, whatever said it (GTFS-RT, SIRI): matched with the timetable where they can be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from .alerts import Alert


class SourceStatus(StrEnum):
    UP = "up"
    LATE = "late"
    """It answers, but what it says is older than it may be (120 s unless its settings say otherwise)."""
    DOWN = "down"
    NEVER = "never"
    """Not asked yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """A source of real time, as riders and operators are told of it."""

    id: str
    name: str
    kind: str
    """gtfs-rt, siri, gbfs …"""
    status: SourceStatus
    reason: str = ""
    """One sentence, in French, why it is not up: for riders, it names the source and no machine."""
    detail: str = ""
    """What went wrong, as it was met: for agents."""
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    said_at: datetime | None = None
    """The moment the source itself gives to what it says."""
    prefixes: tuple[str, ...] = ()
    """Feeds whose trips and stops it speaks of."""


class TripState(StrEnum):
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    ADDED = "added"
    REPLACED = "replaced"
    """It runs another way: its calls are all told, in their order, and none of those planned holds."""
    DELETED = "deleted"
    """Cancelled, and not even to be shown as such."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTime:
    """What is said of one call: moments as seconds since 1970, None when nothing is said of it."""

    position: int
    """In the pattern of its trip; in the order of the calls for a trip that was added or replaced."""
    stop: int
    """Where it really calls: another quay than planned, sometimes."""
    arrival: int | None = None
    departure: int | None = None
    skipped: bool = False
    measured: bool = False
    """The vehicle was seen there (or is there now): no prediction."""
    uncertain: bool = False
    """NO_DATA: the source says that it does not know from here on."""
    platform: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TripNow:
    """A trip on a day, as it really runs."""

    trip: int
    """Position in the timetable; -1 for one that was added."""
    day: date
    state: TripState
    source: str
    said_at: int
    """Seconds since 1970: the age of what is said."""
    calls: tuple[CallTime, ...] = ()
    """Only those the source speaks of; whoever reads propagates the delay forward."""
    id: str = ""
    route: int = -1
    headsign: str = ""
    vehicle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A vehicle expected at a stop (SIRI StopMonitoring) that could not be matched with a planned trip."""

    stop: int
    route: int
    headsign: str
    aimed: int | None
    expected: int | None
    source: str
    said_at: int
    measured: bool = False
    cancelled: bool = False
    journey: str = ""
    platform: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """Where a vehicle is. `estimated`: worked out from times, no GPS saw it."""

    id: str
    lon: float
    lat: float
    source: str
    said_at: int
    estimated: bool = False
    bearing: float | None = None
    speed: float | None = None
    """Metres a second."""
    trip: int = -1
    day: date | None = None
    route: int = -1
    headsign: str = ""
    stop: int = -1
    """The stop it is at or goes to."""
    stopped: bool = False
    occupancy: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class LiveState:
    """All that is known of now; what is too old to be believed is not in it."""

    taken_at: int
    sources: tuple[SourceHealth, ...] = ()
    trips: Mapping[tuple[int, date], TripNow] = field(default_factory=dict)
    """By trip and service day."""
    added: tuple[TripNow, ...] = ()
    visits: Mapping[int, tuple[Visit, ...]] = field(default_factory=dict)
    """By stop."""
    vehicles: tuple[Vehicle, ...] = ()
    alerts: tuple[Alert, ...] = ()
    """All that sources say, even of tomorrow or of yesterday: whoever shows them looks at their periods."""

    def sources_of(self, prefix: str) -> tuple[SourceHealth, ...]:
        """Sources that speak of the feed of this prefix."""
        return tuple(each for each in self.sources if prefix in each.prefixes)
