"""What is gathered of feeds before it is arranged."""

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..timetable.nouns import Agency, Fare, FeedInfo, Pathway, Route, Stop, Transfer
from .archive import Archive
from .calls import Calls
from .columns import Known
from .remarks import Remark, Remarks


@dataclass(frozen=True, kw_only=True)
class Given:
    """A feed to gather: its file, and what is known of it."""

    path: Path
    id: str
    prefix: str
    name: str = ""
    producer: str = ""
    licence: str = ""
    example: bool = False
    content: str = ""


class Gathered:
    """What was read so far; trips and calls as they come, arranged at the end."""

    def __init__(self) -> None:
        self.feeds: list[FeedInfo] = []
        self.agencies: list[Agency] = []
        self.stops: list[Stop] = []
        self.routes: list[Route] = []
        self.transfers: list[Transfer] = []
        """Their trips are in the order they were read."""
        self.pathways: list[Pathway] = []
        self.fares: list[Fare] = []
        self.translations: dict[tuple[str, str], dict[str, str]] = {}
        self.services: list[str] = []
        self.runs: list[set[int]] = []
        """Days (date.toordinal) of each service."""
        self.trip_ids: list[str] = []
        self.trip_route, self.trip_service, self.trip_headsign = array("i"), array("i"), array("i")
        self.trip_direction, self.trip_wheelchair, self.trip_bikes = array("b"), array("b"), array("b")
        self.trip_headway, self.trip_shape = array("i"), array("i")
        self.headsigns: dict[str, int] = {"": 0}
        self.calls: list[tuple[int, Calls]] = []
        """By feed: the position of its first trip, and its calls."""
        self.shapes: list[NDArray[np.float64]] = []
        self.dropped: set[int] = set()
        """Trips that another feed says already."""


@dataclass(kw_only=True)
class Reading:
    """One feed being read: its own identifiers, and the positions they have in what is gathered."""

    feed: Given
    archive: Archive
    remarks: Remarks
    to: Gathered
    today: date
    citycode_at: Callable[[float, float], str]
    here: int
    """Position of the feed."""
    agencies: dict[str, int] = field(default_factory=dict)
    stops: dict[str, int] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    """Stops whose position is impossible: whatever calls there is not said again to be unknown."""
    routes: dict[str, int] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    shapes: dict[str, int] = field(default_factory=dict)
    first_trip: int = 0
    trips: Known | None = None
    """Positions from `first_trip`, by hash."""

    @property
    def mark(self) -> str:
        return f"{self.feed.prefix}:"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was read of one feed: how much, from when to when, and what is wrong in it."""

    first_day: date | None
    last_day: date | None
    counts: Mapping[str, int]
    remarks: tuple[Remark, ...]
