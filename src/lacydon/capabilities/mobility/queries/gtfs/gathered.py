"""What is gathered of feeds before it is arranged: rows as they came."""

from array import array
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..timetable.nouns import Agency, FeedInfo, Route, Stop, Transfer


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
        self.services: list[str] = []
        self.runs: list[set[date]] = []
        self.trip_ids: list[str] = []
        self.trip_route, self.trip_service, self.trip_headsign = array("i"), array("i"), array("i")
        self.trip_direction, self.trip_wheelchair, self.trip_bikes = array("b"), array("b"), array("b")
        self.trip_headway, self.trip_shape = array("i"), array("i")
        self.headsigns: dict[str, int] = {}
        self.call_trip, self.call_sequence, self.call_stop = array("i"), array("i"), array("i")
        self.call_arrival, self.call_departure, self.call_flags = array("i"), array("i"), array("b")
        """flags: 1 no boarding, 2 no alighting."""
        self.shapes: list[list[tuple[float, float]]] = []
