"""What a planner of journeys is asked and answers, ours or another: the port, and its nouns.

Moments are seconds since 1970, lengths metres, coordinates WGS 84. Nothing here tells who travels.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point that one starts from, goes through or reaches."""

    name: str
    lon: float
    lat: float
    stops: tuple[int, ...] = ()
    """Quays of the timetable when the point is one of its places (or one of its stops); empty for an address."""
    place: int = -1
    platform: str = ""
    citycode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A journey to find. `arrive_by`: `when` is the hour to be there."""

    origin: Spot
    goal: Spot
    when: datetime
    arrive_by: bool = False
    wheelchair: bool = False
    unknown_too: bool = False
    """In a wheelchair: take stops and vehicles of which nothing is known, and say which they are."""
    changes: int = 5
    window: int = 3_600
    """Seconds over which to leave (or to arrive) that are looked at; 0: the first way out only."""
    count: int = 5
    bike: bool = False
    """With the bicycles that are shared in the street, as they are available now."""
    car: bool = False
    """By car to a car park, then on."""
    school: bool = False
    """Buses for pupils too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A stop on the way of a ride."""

    spot: Spot
    arrival: int
    departure: int
    planned_arrival: int | None = None
    planned_departure: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A part of a journey. `kind`: walk, ride, bike, car."""

    kind: str
    origin: Spot
    goal: Spot
    departure: int
    arrival: int
    planned_departure: int | None = None
    planned_arrival: int | None = None
    metres: int = 0
    points: tuple[tuple[float, float], ...] = ()
    """lon, lat, from one end to the other."""
    route: int = -1
    trip: int = -1
    day: date | None = None
    trip_id: str = ""
    line: str = ""
    line_name: str = ""
    colour: str = ""
    text_colour: str = ""
    mode: int = 3
    """GTFS route_type."""
    agency: str = ""
    headsign: str = ""
    calls: tuple[Call, ...] = ()
    """From where one gets on to where one gets off."""
    sureness: str = "theoretical"
    """departures.Sureness of leaving."""
    source: str = ""
    said_at: int | None = None
    reason: str = ""
    seated: bool = False
    """One stays in one's seat: the vehicle goes on under another number."""
    headway: int = 0
    unknown: tuple[str, ...] = ()
    """In a wheelchair: what is not known, in words."""
    note: str = ""

    @property
    def seconds(self) -> int:
        return self.arrival - self.departure


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    legs: tuple[Leg, ...]
    tight: tuple[int, ...] = ()
    """Legs that one has less than two minutes to catch."""

    @property
    def departure(self) -> int:
        return self.legs[0].departure

    @property
    def arrival(self) -> int:
        return self.legs[-1].arrival

    @property
    def seconds(self) -> int:
        return self.arrival - self.departure

    @property
    def rides(self) -> tuple[Leg, ...]:
        return tuple(each for each in self.legs if each.kind == "ride")

    @property
    def changes(self) -> int:
        return max(0, sum(not each.seated for each in self.rides) - 1)

    @property
    def walking(self) -> int:
        """Seconds on foot."""
        return sum(each.seconds for each in self.legs if each.kind == "walk")

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for leg in self.legs for word in leg.unknown))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Journeys, the best first, and who found them."""

    journeys: tuple[Journey, ...]
    planner: str = "lacydon"
    simple: bool = True
    """Walks are as the crow flies, streets are not known: pages say « calcul simplifié »."""
    notice: str = ""
    """Why another planner did not answer, or what to know, in a sentence."""
    earlier: datetime | None = None
    later: datetime | None = None
    facts: dict[str, str] = field(default_factory=dict)


class Planner(Protocol):
    """A planner that knows streets. Raises kernel.errors.Unavailable when it does not answer."""

    id: str
    title: str

    def is_on(self) -> bool: ...

    def plan(self, ask: Ask) -> Answer: ...


class Planners:
    """Planners of outside, by the order in which they were plugged."""

    def __init__(self) -> None:
        self._known: dict[str, Planner] = {}

    def plug(self, planner: Planner) -> None:
        self._known[planner.id] = planner

    def on(self) -> Planner | None:
        """The one that is set up; None when there is none, and ours answers."""
        return next((each for each in self._known.values() if each.is_on()), None)

    @contextmanager
    def only(self, *given: Planner) -> Iterator[None]:
        """For tests: these and no other."""
        before, self._known = self._known, {each.id: each for each in given}
        try:
            yield
        finally:
            self._known = before


planners = Planners()
