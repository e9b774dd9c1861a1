"""Departures, stops and trips in the shapes of MOTIS (openapi.yaml, v6), so that its clients read ours as they are."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from ..live import TripState
from ..timetable import Place, Route, Stop, Timetable, start_of
from .nouns import Departure
from .spoken import CANCELLED, SKIPPED, Spoken
from .telling import NONE
from .told import moment

MODES: Final[Mapping[int, str]] = {
    0: "TRAM", 1: "SUBWAY", 2: "RAIL", 3: "BUS", 4: "FERRY", 5: "CABLE_CAR", 6: "AERIAL_LIFT", 7: "FUNICULAR",
    11: "BUS", 12: "SUBURBAN",
}  # fmt: skip
HUNDREDS: Final[Mapping[int, str]] = {
    1: "REGIONAL_RAIL", 2: "COACH", 3: "SUBURBAN", 4: "SUBWAY", 7: "BUS", 8: "BUS", 9: "TRAM", 10: "FERRY",
    11: "AIRPLANE", 12: "FERRY", 13: "AERIAL_LIFT", 14: "FUNICULAR",
}  # fmt: skip
EXACT: Final[Mapping[int, str]] = {101: "HIGHSPEED_RAIL", 102: "LONG_DISTANCE", 105: "NIGHT_RAIL", 109: "SUBURBAN"}
KNOWN: Final = frozenset({*MODES.values(), *HUNDREDS.values(), *EXACT.values(), "OTHER"})
ALL_OF: Final[Mapping[str, frozenset[str]]] = {
    "TRANSIT": KNOWN,
    "RAIL": frozenset({"RAIL", "HIGHSPEED_RAIL", "LONG_DISTANCE", "NIGHT_RAIL", "REGIONAL_RAIL", "SUBURBAN", "SUBWAY"}),
}
ACCESS: Final[Mapping[int, bool]] = {1: True, 2: False}
EARLIER, LATER = "EARLIER", "LATER"
CURSOR: Final = re.compile(r"(EARLIER|LATER)\|(\d{9,11})")


def mode_of(route: Route) -> str:
    """The mode of MOTIS of a line."""
    if route.type >= 100:
        return EXACT.get(route.type, HUNDREDS.get(route.type // 100, "OTHER"))
    return MODES.get(route.type, "OTHER")


def modes_asked(names: Sequence[str]) -> frozenset[str] | None:
    """The modes kept; None for all. Raises ValueError at a word that is no mode."""
    found: set[str] = set()
    for name in names:
        if name in ALL_OF:
            found |= ALL_OF[name]
        elif name in KNOWN:
            found.add(name)
        else:
            raise ValueError(name)
    return frozenset(found) or None


def place_of(stop: Stop, **more: Any) -> dict[str, Any]:
    """A quay; what is not known is left out, as MOTIS does."""
    told = {
        "name": stop.name, "stopId": stop.id, "lat": stop.lat, "lon": stop.lon, "level": 0.0, "vertexType": "TRANSIT",
        "tz": "Europe/Paris", "scheduledTrack": stop.platform or None, "track": stop.platform or None,
        "description": stop.description or None, **more,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}


def place_of_place(place: Place) -> dict[str, Any]:
    """A group of quays."""
    return {
        "name": place.name, "stopId": place.id, "lat": place.lat, "lon": place.lon, "level": 0.0,
        "vertexType": "TRANSIT", "tz": "Europe/Paris",
    }  # fmt: skip


def stop_time(table: Timetable, row: Departure, *, alerts: Sequence[Any] | None = None) -> dict[str, Any]:
    """A line of `stopTimes`."""
    route = table.routes[row.route] if row.route >= 0 else None
    arrival = row.expected_arrival if row.expected is not None else row.planned_arrival
    more: dict[str, Any] = {
        "arrival": moment(arrival), "departure": moment(row.when),
        "scheduledArrival": moment(row.planned_arrival if row.planned_arrival is not None else arrival),
        "scheduledDeparture": moment(row.planned if row.planned is not None else row.when),
        "cancelled": not row.runs, "pickupType": "NORMAL", "dropoffType": "NORMAL",
        "track": row.platform or None,
    }  # fmt: skip
    if alerts is not None:
        more["alerts"] = list(alerts)
    agency = table.agencies[route.agency] if route is not None and 0 <= route.agency < len(table.agencies) else None
    first = last = table.stops[row.stop]
    if row.trip >= 0:
        stops = table.stops_of(int(table.trip_pattern[row.trip]))
        first, last = table.stops[int(stops[0])], table.stops[int(stops[-1])]
    feed = table.feeds[table.stops[row.stop].feed]
    told = {
        "place": place_of(table.stops[row.stop], **more),
        "mode": mode_of(route) if route else "OTHER",
        "realTime": row.expected is not None or not row.runs,
        "headsign": row.headsign,
        "tripFrom": place_of(first), "tripTo": place_of(last),
        "agencyId": agency.id if agency else "", "agencyName": agency.name if agency else "",
        "agencyUrl": agency.url if agency else "",
        "routeId": route.id if route else "", "directionId": str(max(row.direction, 0)),
        "routeColor": route.colour or None if route else None,
        "routeTextColor": route.text_colour or None if route else None,
        "routeType": route.type if route else None,
        "tripId": trip_id(table, row.trip, row.day) if row.trip >= 0 else row.id,
        "routeShortName": route.short_name if route else "", "routeLongName": route.long_name if route else "",
        "tripShortName": "", "displayName": route.name if route else "",
        "pickupDropoffType": "NORMAL", "cancelled": not row.runs, "tripCancelled": row.cancelled,
        "bikesAllowed": ACCESS.get(row.bikes), "wheelchairAccessible": ACCESS.get(row.wheelchair),
        "source": feed.id,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}


def trip_id(table: Timetable, trip: int, day: Any) -> str:
    """`20261127_07:45_<feed>_<trip>`: MOTIS names a trip of a day."""
    start = int(table.departure[int(table.trip_first[trip])])
    return f"{day:%Y%m%d}_{start // 3600:02d}:{start // 60 % 60:02d}_{table.trip_ids[trip]}"


def trip_of(table: Timetable, id: str) -> tuple[int, Any] | None:
    """The trip and the day of such an id; None when there is none."""
    found = re.fullmatch(r"(\d{8})_(\d+:\d\d)_(.+)", id)
    if not found:
        return None
    try:
        day = datetime.strptime(found[1], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
    trip = table.trip(found[3])
    return (trip, day) if trip >= 0 and bool(table.running(day)[table.trip_service[trip]]) else None


def leg_of(table: Timetable, seen: Spoken, *, trip: int, day: Any) -> dict[str, Any]:
    """A whole trip as a leg of an itinerary."""
    pattern = int(table.trip_pattern[trip])
    base = start_of(day)
    calls = table.calls_of(trip)
    stops = table.stops_of(pattern).tolist()
    spoken = seen.days.get(day)
    slot = int(spoken.slot[trip]) if spoken is not None else -1
    places = []
    real = cancelled = False
    state = TripState.SCHEDULED
    for n, number in enumerate(stops):
        planned = (base + int(table.arrival[calls.start + n]), base + int(table.departure[calls.start + n]))
        told, off = planned, False
        if spoken is not None and slot >= 0:
            at = int(spoken.first[slot]) + n
            state = spoken.said.state[slot]
            off = bool(spoken.flags[at] & (SKIPPED | CANCELLED))
            real = real or off
            if int(spoken.departure[at]) != NONE:
                told, real = (int(spoken.arrival[at]), int(spoken.departure[at])), True
        places.append(
            place_of(
                table.stops[number], arrival=moment(told[0]) if n else None,
                departure=moment(told[1]) if n < len(stops) - 1 else None,
                scheduledArrival=moment(planned[0]) if n else None,
                scheduledDeparture=moment(planned[1]) if n < len(stops) - 1 else None, cancelled=off,
            )
        )  # fmt: skip
    cancelled = state is TripState.CANCELLED
    route = table.route_of(trip)
    agency = table.agencies[route.agency] if 0 <= route.agency < len(table.agencies) else None
    begin, end = places[0]["departure"], places[-1]["arrival"]
    length = int((datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds())
    headsign = table.headsigns[int(table.trip_headsign[trip])] or table.stops[stops[-1]].name
    told_leg = {
        "mode": mode_of(route), "from": places[0], "to": places[-1], "duration": length, "startTime": begin,
        "endTime": end, "scheduledStartTime": places[0]["scheduledDeparture"],
        "scheduledEndTime": places[-1]["scheduledArrival"], "realTime": real, "scheduled": True, "headsign": headsign,
        "tripFrom": places[0], "tripTo": places[-1], "routeId": route.id, "routeColor": route.colour or None,
        "routeTextColor": route.text_colour or None, "routeType": route.type,
        "agencyName": agency.name if agency else None,
        "agencyId": agency.id if agency else None, "agencyUrl": agency.url if agency else None,
        "tripId": trip_id(table, trip, day), "routeShortName": route.short_name, "routeLongName": route.long_name,
        "displayName": route.name, "cancelled": cancelled, "source": table.feeds[route.feed].id,
        "intermediateStops": places[1:-1], "legGeometry": geometry(_way(table, pattern)),
    }  # fmt: skip
    return {name: value for name, value in told_leg.items() if value is not None}


def geometry(points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Points (longitude, latitude) as the geometry of a leg."""
    return {"points": polyline(points), "precision": 6, "length": len(points)}


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """Google's encoded polyline with six decimals, latitude first."""
    letters: list[str] = []
    before = (0, 0)
    for lon, lat in points:
        here = (round(lat * 1_000_000), round(lon * 1_000_000))
        for now, then in zip(here, before, strict=True):
            value = (now - then) << 1
            value = ~value if value < 0 else value
            while value >= 0x20:
                letters.append(chr((0x20 | (value & 0x1F)) + 63))
                value >>= 5
            letters.append(chr(value + 63))
        before = here
    return "".join(letters)


def _way(table: Timetable, pattern: int) -> list[tuple[float, float]]:
    """The drawn way of a trip; from stop to stop when the operator draws none."""
    shape = int(table.pattern_shape[pattern])
    if shape >= 0:
        drawn = table.shape_points[int(table.shape_first[shape]) : int(table.shape_first[shape + 1])]
        return [(float(lon), float(lat)) for lon, lat in drawn]
    return [(table.stops[n].lon, table.stops[n].lat) for n in table.stops_of(pattern).tolist()]
