"""Passages that a source saw and that no planned trip explains (visits of SIRI): kept as they are told, and told apart.

Their trip is `hors-horaire:` and what the source calls it, their rank is -1, no timetable is named; the planned moment
is the one that the source gives, when it gives one. Figures of punctuality, which are of the timetable, leave them out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from lacydon.kernel.clock import LOCAL

from ..live import LiveState
from ..live.nouns import Visit
from ..timetable import Timetable, day_of
from .observed import FAR

APART = "hors-horaire"
UNKNOWN_RANK = -1
NIGHT = 4 * 3600
"""Before that hour, a passage is of the service day before."""
SAME = 300
"""Seconds in which a vehicle without a name, of the same line at the same stop, is the same."""


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A vehicle seen at a stop, of a trip that the timetable does not have."""

    day: date
    stop: int
    route: int
    journey: str
    headsign: str
    aimed: int | None
    first: int
    last: int
    source: str

    @property
    def key(self) -> tuple[date, str, int]:
        return self.day, self.journey, self.stop


def unplanned(state: LiveState) -> Iterator[Unplanned]:
    """What was seen, never what is foreseen: a moment later than the one when the source speaks is not believed."""
    for visits in state.visits.values():
        for visit in visits:
            if visit.measured and not visit.cancelled:
                at = min(visit.expected or visit.said_at, visit.said_at)
                if visit.aimed is None or abs(visit.aimed - at) <= FAR:
                    yield Unplanned(
                        day_of(datetime.fromtimestamp(at - NIGHT, UTC)), visit.stop, visit.route, _name(visit, at),
                        visit.headsign, visit.aimed, at, at, visit.source,
                    )  # fmt: skip


def _name(visit: Visit, at: int) -> str:
    """What tells this trip from others: its name, else its line and its planned moment, else when it was seen."""
    own = visit.journey or f"{visit.route}@{visit.aimed or at // SAME * SAME}"
    return f"{APART}:{visit.source}:{own}"


def row_of_unplanned(seen: Unplanned, table: Timetable) -> tuple[Any, ...]:
    """The same columns as any passage."""
    stop = table.stops[seen.stop]
    place = table.places[stop.place] if stop.place >= 0 else None
    line = table.routes[seen.route] if seen.route >= 0 else None
    planned = _moment(seen.aimed) if seen.aimed is not None else None
    hour = (planned or _moment(seen.last)).astimezone(LOCAL).hour
    late = seen.last - seen.aimed if seen.aimed is not None else None
    return (
        seen.day, line.id if line else "", line.name if line else "", -1, seen.journey, seen.headsign, stop.id,
        place.id if place else "", stop.name, place.citycode if place else "", UNKNOWN_RANK, False, planned,
        _moment(seen.first), _moment(seen.last), late, hour, "", None, None, seen.source, "",
    )  # fmt: skip


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
