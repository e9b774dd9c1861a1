"""What a source of real time says, in its own words: identifiers as it writes them, moments as seconds since 1970.

A connector makes it from an answer, and does no more: what the identifiers are here is found by `queries.live`.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

NO_DELAY: Final = -(2**31)
FIRST: Final = -2
"""As the `sequence` of a call: the first one of its trip, whatever its number; its delay is that of the whole trip."""
SKIPPED: Final = 1
UNCERTAIN: Final = 2
"""The source says that it does not know from there on (NO_DATA)."""
MEASURED: Final = 4
"""It happened: the vehicle was seen."""
STANDS: Final = 8
"""The vehicle is there now: it leaves at the planned time at the earliest."""


class SaidCall(NamedTuple):
    """What is said of one call of a trip. A tuple: a message has thirty thousand of them."""

    sequence: int = -1
    """stop_sequence of the timetable; -1 when it is not told."""
    stop: str = ""
    arrival: int = 0
    """0 when it is not told."""
    departure: int = 0
    arrival_delay: int = NO_DELAY
    """Seconds; read when there is no moment."""
    departure_delay: int = NO_DELAY
    flags: int = 0
    assigned: str = ""
    """Another stop than the planned one."""
    platform: str = ""
    aimed: int = 0
    """The planned moment, in the words of the source: it tells two calls at one stop apart."""


class SaidTrip(NamedTuple):
    """A trip of a day. `state`: a value of `TripState`, or `duplicated` (`copied` is then the trip it repeats)."""

    trip: str = ""
    route: str = ""
    direction: int = -1
    day: date | None = None
    start: int | None = None
    """Seconds of the service day when it leaves its first stop (frequency trips)."""
    state: str = "scheduled"
    said_at: int = 0
    """0: when the message was made."""
    delay: int | None = None
    """Of the whole trip; read when no call is told."""
    vehicle: str = ""
    headsign: str = ""
    copied: str = ""
    calls: "tuple[SaidCall, ...] | list[SaidCall]" = ()


@dataclass(slots=True, kw_only=True)
class SaidVisit:
    """A vehicle expected at a stop (SIRI)."""

    stop: str
    route: str = ""
    journey: str = ""
    headsign: str = ""
    aimed: int = 0
    expected: int = 0
    measured: bool = False
    cancelled: bool = False
    whole: bool = False
    """The whole journey is cancelled, not this call alone."""
    said_at: int = 0
    platform: str = ""
    vehicle: str = ""


@dataclass(slots=True, kw_only=True)
class SaidVehicle:
    id: str
    lon: float
    lat: float
    said_at: int = 0
    bearing: float | None = None
    speed: float | None = None
    trip: str = ""
    day: date | None = None
    start: int | None = None
    route: str = ""
    headsign: str = ""
    stop: str = ""
    sequence: int = -1
    stopped: bool = False
    estimated: bool = False
    occupancy: str = ""
    label: str = ""


@dataclass(slots=True, kw_only=True)
class SaidAlert:
    """Words about the service. `cause`, `effect`, `severity`: values of `queries.live.alerts`."""

    id: str
    said_at: int = 0
    periods: list[tuple[int | None, int | None]] = field(default_factory=list)
    published: tuple[int | None, int | None] = (None, None)
    cause: str = "unknown"
    effect: str = "unknown"
    severity: str = "unknown"
    routes: list[str] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)
    trips: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    route_types: list[int] = field(default_factory=list)
    everything: bool = False
    """About all that the source speaks of."""
    header: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    url: str = ""
    planned: bool = False
    version: str = ""


@dataclass(slots=True, kw_only=True)
class Remark:
    """Something odd in an answer that was read all the same."""

    code: str
    sentence: str
    count: int = 1
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Said:
    """A whole answer. `said_at`: 0 when the source does not date it."""

    said_at: int = 0
    trips: list[SaidTrip] = field(default_factory=list)
    calls: Any = None
    """Those of the trips, in columns (`ports.columns.SaidCalls`); None: each trip has its own."""
    visits: list[SaidVisit] = field(default_factory=list)
    vehicles: list[SaidVehicle] = field(default_factory=list)
    alerts: list[SaidAlert] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    """Identifiers of entities that a differential message takes away."""
    remarks: list[Remark] = field(default_factory=list)
    valid_until: int = 0
    """Until when the source asks not to be asked again about this."""
