"""Where the vehicles of a line are: seen by GPS, or worked out from the times of their trips along their way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from ..live import LiveState, Vehicle
from ..timetable import Timetable, start_of
from .planned import service_days
from .reading import reading
from .spoken import CANCELLED, DELETED, spoken
from .telling import NONE

METRES_A_DEGREE: Final = 111_195.0
MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A vehicle of a line, now. `seen`: a GPS saw it; otherwise it is where its times say."""

    lon: float
    lat: float
    seen: bool
    said_at: int | None
    source: str
    route: int
    trip: int
    day: date | None
    headsign: str
    stop: int
    """The stop it is at or goes to; -1 when it is not known."""
    due: int | None
    """When it is expected there."""
    late: int | None
    label: str = ""
    bearing: float | None = None
    occupancy: str = ""


def running(table: Timetable, live: LiveState, *, route: int, now: int) -> tuple[Running, ...]:
    """Those that were seen first, then the others; by direction, then along the line."""
    held = reading(table)
    seen = []
    known: set[tuple[int, date | None]] = set()
    for each in live.vehicles:
        its = int(held.pattern_route[held.trip_pattern[each.trip]]) if each.trip >= 0 else each.route
        if its == route and not each.estimated:
            seen.append(_seen(table, each, route))
            if each.trip >= 0:
                known.add((each.trip, each.day))
    guessed = [each for each in _guessed(table, live, route=route, now=now) if (each.trip, each.day) not in known]
    return tuple(sorted(seen, key=lambda each: each.headsign) + sorted(guessed, key=lambda each: each.headsign))[:MOST]


def _seen(table: Timetable, each: Vehicle, route: int) -> Running:
    held = reading(table)
    headsign = each.headsign
    if not headsign and each.trip >= 0:
        headsign = held.headsign(table, int(held.trip_pattern[each.trip]), int(held.trip_headsign[each.trip]))
    return Running(
        lon=each.lon, lat=each.lat, seen=True, said_at=each.said_at, source=each.source, route=route, trip=each.trip,
        day=each.day, headsign=headsign, stop=each.stop, due=None, late=None, label=each.label or each.id,
        bearing=each.bearing, occupancy=each.occupancy,
    )  # fmt: skip


def _guessed(table: Timetable, live: LiveState, *, route: int, now: int) -> Iterator[Running]:
    held, told = reading(table), spoken(table, live)
    patterns = np.flatnonzero(held.pattern_route == route).tolist()
    for day in service_days(table, low=now - 5_400, high=now):
        base = start_of(day)
        runs = held.running(table, day)
        said = told.days.get(day)
        for pattern in patterns:
            for trip in table.trips_of(pattern):
                if not runs[trip] or held.trip_headway[trip]:
                    continue
                calls = table.calls_of(trip)
                arrival, departure = (
                    held.arrival[calls].astype(np.int64) + base,
                    held.departure[calls].astype(np.int64) + base,
                )
                source, said_at, late = "", None, None
                if said is not None and said.slot[trip] >= 0:
                    slot = int(said.slot[trip])
                    its = slice(int(said.first[slot]), int(said.first[slot + 1]))
                    if said.flags[its][0] & (CANCELLED | DELETED):
                        continue
                    known = said.departure[its] != NONE
                    if known.any():
                        source, said_at = said.said.source[slot], said.said.said_at[slot]
                        late = int((said.departure[its] - departure)[np.flatnonzero(known)[0]])
                        arrival = np.where(known, said.arrival[its], arrival)
                        departure = np.where(known, said.departure[its], departure)
                if not departure[0] <= now <= arrival[-1]:
                    continue
                lon, lat, following = _place(table, pattern, arrival, departure, now)
                yield Running(
                    lon=lon, lat=lat, seen=False, said_at=said_at, source=source, route=route, trip=trip, day=day,
                    headsign=held.headsign(table, pattern, int(held.trip_headsign[trip])),
                    stop=int(table.stops_of(pattern)[following]), due=int(arrival[following]), late=late,
                )  # fmt: skip


def _place(
    table: Timetable, pattern: int, arrival: NDArray[np.int64], departure: NDArray[np.int64], now: int
) -> tuple[float, float, int]:
    """Where a vehicle is at this moment along its way, and the position of the stop it is at or goes to."""
    following = min(int(np.searchsorted(departure, now)), len(departure) - 1)
    way, metres = _way(table, pattern)
    if following == 0 or now >= arrival[following]:
        along = metres[following]
    else:
        begin, end = int(departure[following - 1]), int(arrival[following])
        share = (now - begin) / (end - begin) if end > begin else 1.0
        along = metres[following - 1] + (metres[following] - metres[following - 1]) * min(max(share, 0.0), 1.0)
    point = way.interpolate(along)
    first = table.stops[int(table.stops_of(pattern)[0])]
    return (
        round(float(point.x / (METRES_A_DEGREE * np.cos(np.radians(first.lat)))), 6),
        round(float(point.y / METRES_A_DEGREE), 6), following,
    )  # fmt: skip


@lru_cache(maxsize=512)
def _way(table: Timetable, pattern: int) -> tuple[shapely.LineString, list[float]]:
    """The way of a pattern in metres, and how far along it each of its stops is."""
    stops = [table.stops[n] for n in table.stops_of(pattern).tolist()]
    scale = np.array([METRES_A_DEGREE * np.cos(np.radians(stops[0].lat)), METRES_A_DEGREE])
    places = np.array([(stop.lon, stop.lat) for stop in stops]) * scale
    shape = int(table.pattern_shape[pattern])
    points = places
    if shape >= 0:
        shaped = np.asarray(table.shape_points[int(table.shape_first[shape]) : int(table.shape_first[shape + 1])])
        points = shaped * scale if len(shaped) > 1 else places
    way = shapely.LineString(points)
    if points is places:
        steps = np.hypot(*np.diff(places, axis=0).T)
        return way, [0.0, *np.cumsum(steps).tolist()]
    found = np.maximum.accumulate(shapely.line_locate_point(way, shapely.points(places)))
    return way, [float(each) for each in found]


def moment(seconds: int) -> datetime:
    """As a moment that pages and answers write."""
    return datetime.fromtimestamp(seconds, UTC)
