"""The last word of a source, matched with a timetable: arrays for its calls, that become nouns when they are asked for.

A message of a whole network tells thirty thousand calls, of which a page shows twenty: making an object of each would
cost every process more than all the rest.
"""

import zlib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ...ports.said import MEASURED, SKIPPED, UNCERTAIN
from .alerts import Alert
from .nouns import CallTime, TripNow, TripState, Vehicle, Visit

STATES: Final = tuple(TripState)
COLUMNS: Final = {
    "trip": np.int32, "day": np.int32, "state": np.int8, "told_at": np.int64, "first": np.int32,
    "position": np.int16, "stop": np.int32, "arrival": np.int64, "departure": np.int64, "flags": np.int8,
}  # fmt: skip
ADAPTERS: Final[dict[str, TypeAdapter[Any]]] = {
    "added": TypeAdapter(tuple[TripNow, ...]),
    "visits": TypeAdapter(tuple[Visit, ...]),
    "vehicles": TypeAdapter(tuple[Vehicle, ...]),
    "alerts": TypeAdapter(tuple[Alert, ...]),
}


@dataclass(kw_only=True, eq=False)
class Part:
    """m trips, c calls. `timetable`: that which it was matched with; in another its numbers would mean nothing."""

    source: str
    timetable: str
    said_at: int
    trip: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    day: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    """[m] proleptic ordinal."""
    state: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    """[m] a place in STATES."""
    told_at: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    first: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1, np.int32))
    """[m + 1] where the calls of a trip begin."""
    position: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))
    stop: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    arrival: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """[c] seconds since 1970, 0 for none."""
    departure: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    flags: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    trip_vehicles: dict[int, str] = field(default_factory=dict)
    """By row of trip."""
    trip_headsigns: dict[int, str] = field(default_factory=dict)
    platforms: dict[int, str] = field(default_factory=dict)
    """By call."""
    added: tuple[TripNow, ...] = ()
    visits: tuple[Visit, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    alerts: tuple[Alert, ...] = ()
    made: dict[int, TripNow] = field(default_factory=dict)
    """Trips that were asked for already, by row."""

    @cached_property
    def keys(self) -> list[tuple[int, int]]:
        """[m] trip and day (ordinal)."""
        return list(zip(self.trip.tolist(), self.day.tolist(), strict=True))

    def trip_now(self, row: int) -> TripNow:
        found = self.made.get(row)
        if found is None:
            found = self.made[row] = TripNow(
                trip=int(self.trip[row]),
                day=date.fromordinal(int(self.day[row])),
                state=STATES[self.state[row]],
                source=self.source,
                said_at=int(self.told_at[row]),
                calls=self._calls(int(self.first[row]), int(self.first[row + 1])),
                vehicle=self.trip_vehicles.get(row, ""),
                headsign=self.trip_headsigns.get(row, ""),
            )
        return found

    def _calls(self, begin: int, end: int) -> tuple[CallTime, ...]:
        its = slice(begin, end)
        columns = (self.position, self.stop, self.arrival, self.departure, self.flags)
        return tuple(
            CallTime(
                position=position,
                stop=stop,
                arrival=arrival or None,
                departure=departure or None,
                skipped=bool(flags & SKIPPED),
                uncertain=bool(flags & UNCERTAIN),
                measured=bool(flags & MEASURED),
                platform=self.platforms.get(begin + n, "") if self.platforms else "",
            )
            for n, (position, stop, arrival, departure, flags) in enumerate(
                zip(*(column[its].tolist() for column in columns), strict=True)
            )
        )


def encoded(part: Part) -> bytes:
    """As it is kept in the database."""
    arrays = [np.ascontiguousarray(getattr(part, name), kind) for name, kind in COLUMNS.items()]
    head = orjson.dumps(
        {
            "source": part.source,
            "timetable": part.timetable,
            "said_at": part.said_at,
            "lengths": [len(each) for each in arrays],
            "trip_vehicles": part.trip_vehicles,
            "trip_headsigns": part.trip_headsigns,
            "platforms": part.platforms,
            **{name: getattr(part, name) for name in ADAPTERS},
        },
        option=orjson.OPT_NON_STR_KEYS,
    )
    return zlib.compress(b"".join((len(head).to_bytes(4, "big"), head, *(each.tobytes() for each in arrays))), 1)


def decoded(content: bytes) -> Part:
    """What `encoded` made."""
    told = zlib.decompress(content)
    size = 4 + int.from_bytes(told[:4], "big")
    head = orjson.loads(told[4:size])
    parts: dict[str, Any] = {}
    for (name, kind), length in zip(COLUMNS.items(), head["lengths"], strict=True):
        parts[name] = np.frombuffer(told, kind, count=length, offset=size)
        size += length * np.dtype(kind).itemsize
    for name, adapter in ADAPTERS.items():
        parts[name] = adapter.validate_python(head[name]) if head[name] else ()
    for name in ("trip_vehicles", "trip_headsigns", "platforms"):
        parts[name] = {int(row): text for row, text in head[name].items()}
    return Part(source=head["source"], timetable=head["timetable"], said_at=head["said_at"], **parts)
