"""A departure as a rider is told of it: what is planned, what is expected, and how sure that is."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from ..live import TripState


class Sureness(StrEnum):
    """How sure a time is; the first is surer than the next."""

    MEASURED = "measured"
    """A vehicle was seen there, or is there."""
    PREDICTED = "predicted"
    """A source of real time says so, and has just said so."""
    THEORETICAL = "theoretical"
    """Planned; no source speaks of it."""
    SOURCE_DOWN = "source-down"
    """Planned; the source that should speak of it is silent or late, and `reason` says why."""


class Departure(NamedTuple):
    """A vehicle that leaves a stop (or reaches it, when arrivals were asked). Moments are seconds since 1970.

    A tuple because forty of them are made for each board, and a frozen dataclass takes five times as long.
    """

    trip: int
    """-1 when the timetable has no such trip: added, or told by a stop without a name for it."""
    day: date | None
    """The service day: a trip of 25:10 belongs to the day before."""
    position: int
    route: int
    headsign: str
    direction: int
    stop: int
    """Where one really boards."""
    planned_stop: int
    """Where the timetable says; the same as `stop` unless it changed."""
    planned: int | None
    expected: int | None
    """What real time says; None when it says nothing of this departure."""
    planned_arrival: int | None
    expected_arrival: int | None
    sureness: Sureness
    source: str
    """Id of the source that spoke, or that should have; empty when there is none."""
    said_at: int | None
    """When it spoke; of a silent source, when it last answered."""
    reason: str
    """Why a source is silent, in a sentence; empty otherwise."""
    cancelled: bool
    skipped: bool
    """The trip runs and does not call here."""
    state: TripState
    wheelchair: int
    """timetable.Wheelchair of the vehicle: 0 is unknown, and is no refusal."""
    bikes: int
    platform: str
    headway: int = 0
    """Seconds: one of a row of vehicles « every ten minutes », of which this is the first and `until` the last."""
    until: int | None = None
    vehicle: str = ""
    id: str = ""
    """The journey in the words of its source, when the timetable does not know it."""

    @property
    def when(self) -> int:
        """The moment to show first: the expected one, or else the planned one."""
        found = self.expected if self.expected is not None else self.planned
        return found if found is not None else 0

    @property
    def delay(self) -> int | None:
        """Seconds late (below 0: early); None when nothing is said or nothing was planned."""
        if self.expected is None or self.planned is None:
            return None
        return self.expected - self.planned

    @property
    def moved(self) -> bool:
        return self.stop != self.planned_stop

    @property
    def runs(self) -> bool:
        """Whether one can board it here."""
        return not (self.cancelled or self.skipped)
