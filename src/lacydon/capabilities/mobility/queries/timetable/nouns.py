"""The nouns of a timetable, in the words of GTFS. One instance is shared by a whole process: all of it is frozen.

Where a noun names another it does so by its **place in the timetable** (a number from 0, -1 for none), never by its id:
the id is for addresses and for other systems. An id begins with the prefix of its feed: `RTM:1234`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class Wheelchair(IntEnum):
    """GTFS `wheelchair_boarding`, `wheelchair_accessible`: not to know is not to refuse."""

    UNKNOWN = 0
    YES = 1
    NO = 2


class StopKind(IntEnum):
    """GTFS `location_type`."""

    QUAY = 0
    STATION = 1
    ENTRANCE = 2
    NODE = 3
    BOARDING_AREA = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedInfo:
    """A feed merged in: which file, valid from when to when."""

    id: str
    prefix: str
    name: str
    content: str
    first_day: date
    last_day: date
    producer: str = ""
    licence: str = ""
    example: bool = False
    language: str = "fr"
    version: str = ""
    attributions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    id: str
    name: str
    url: str = ""
    phone: str = ""
    fare_url: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A line of stops.txt: a quay where one boards, or what it belongs to."""

    id: str
    name: str
    lon: float
    lat: float
    code: str = ""
    description: str = ""
    kind: StopKind = StopKind.QUAY
    parent: int = -1
    place: int = -1
    """Position of the `Place` it belongs to; -1 for entrances and nodes, whose parent has one."""
    wheelchair: Wheelchair = Wheelchair.UNKNOWN
    """That of its station when the stop itself does not say (GTFS: inheritance)."""
    platform: str = ""
    zone: str = ""
    level: str = ""
    netex_id: str = ""
    """`ext_netex_id`: the identifier by which SIRI knows this stop; empty when the feed has none."""
    feed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a person calls a stop: quays of the same name, in the same commune, less than 400 m apart."""

    id: str
    """Slug of the name and INSEE code, `vieux-port-13055`; a number after it when two places share both."""
    name: str
    citycode: str
    lon: float
    lat: float
    stops: tuple[int, ...]
    """Quays (and boarding areas) only."""
    wheelchair: Wheelchair = Wheelchair.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A line, as people say."""

    id: str
    agency: int
    short_name: str
    long_name: str
    type: int
    """GTFS route_type, extended ones (100 to 1700) kept as they are."""
    description: str = ""
    url: str = ""
    colour: str = ""
    """Six hexadecimal digits, capitals, no hash; empty when the feed says none."""
    text_colour: str = ""
    order: int = 0
    feed: int = 0
    school: bool = False
    """Runs for pupils (route_type 712 or 713, or said so by its feed)."""

    @property
    def name(self) -> str:
        return self.short_name or self.long_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A line of transfers.txt; times in seconds, -1 when none is given."""

    from_stop: int
    to_stop: int
    type: int = 0
    seconds: int = -1
    from_route: int = -1
    to_route: int = -1
    from_trip: int = -1
    to_trip: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """A line of pathways.txt: a way inside a station."""

    id: str
    from_stop: int
    to_stop: int
    mode: int
    """1 walkway, 2 stairs, 3 moving walkway, 4 escalator, 5 lift, 6 gate, 7 exit gate."""
    both_ways: bool
    metres: float = -1.0
    seconds: int = -1
    stairs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fare:
    """What is shown of a price (GTFS Fares v1 or v2); nothing is sold here."""

    id: str
    name: str
    euros: str
    """A decimal number written with a point: money is never a float."""
    minutes: int = -1
    transfers: int = -1
    routes: tuple[int, ...] = ()
    feed: int = 0


Translations = Mapping[tuple[str, str], Mapping[str, str]]
"""("en", "stops.stop_name") → {as written in the feed: in that language}."""
