"""Several feeds gathered in one timetable."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from ..timetable.nouns import Agency, FeedInfo, Place, Route, Stop, StopKind, Transfer, Wheelchair
from ..timetable.table import Timetable
from .archive import Archive
from .arranging import arranged
from .gathered import Gathered, Given
from .grouping import grouped


def gather(
    feeds: Sequence[Given],
    *,
    citycode_at: Callable[[float, float], str],
    decided: Mapping[tuple[str, str], bool] | None = None,
) -> Timetable:
    """One timetable of all these feeds. `citycode_at(lon, lat)`: INSEE code, or nothing outside of the territory.

    `decided`: pairs of stops (ids, in the order of the alphabet) that a person said to be one place (True) or not.
    """
    gathered = Gathered()
    for feed in feeds:
        read(gathered, feed)
    stops, places = grouped(gathered.stops, citycode_at=citycode_at, decided=decided or {})
    return arranged(gathered, stops=stops, places=places, content=_content(feeds, places))


def _content(feeds: Sequence[Given], places: Sequence[Place]) -> str:
    digest = hashlib.sha256(b"timetable 1")
    for feed in feeds:
        digest.update(repr((feed.id, feed.prefix, feed.content or _hash(feed.path))).encode())
    for place in places:
        digest.update(repr((place.id, place.stops)).encode())
    return digest.hexdigest()


def _hash(path: Path) -> str:
    if path.is_dir():
        return hashlib.sha256(b"".join(each.read_bytes() for each in sorted(path.iterdir()))).hexdigest()
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(gathered: Gathered, feed: Given) -> None:
    """Add one feed to what was gathered."""
    archive = Archive(feed.path)
    try:
        _read(gathered, feed, archive)
    finally:
        archive.close()


def _number(text: str, default: int = 0) -> int:
    return int(text) if text.isascii() and text.lstrip("-").isdigit() else default


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def seconds(text: str) -> int:
    """Seconds of a GTFS time, over 24 h too; -1 for none."""
    if not text:
        return -1
    hours, minutes, rest = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def _read(to: Gathered, feed: Given, archive: Archive) -> None:
    mark = f"{feed.prefix}:"
    here = len(to.feeds)
    agencies = {}
    for id_, name, url, phone, fare_url, email in archive.rows(
        "agency.txt", ("agency_id", "agency_name", "agency_url", "agency_phone", "agency_fare_url", "agency_email")
    ):
        agencies[id_] = len(to.agencies)
        to.agencies.append(Agency(id=mark + id_, name=name, url=url, phone=phone, fare_url=fare_url, email=email))
    stops: dict[str, int] = {}
    parents: dict[int, str] = {}
    for id_, code, name, description, lat, lon, zone, kind, parent, wheelchair, level, platform, netex in archive.rows(
        "stops.txt",
        ("stop_id", "stop_code", "stop_name", "stop_desc", "stop_lat", "stop_lon", "zone_id", "location_type",
         "parent_station", "wheelchair_boarding", "level_id", "platform_code", "ext_netex_id"),
    ):  # fmt: skip
        stops[id_] = len(to.stops)
        if parent:
            parents[stops[id_]] = parent
        to.stops.append(
            Stop(
                id=mark + id_, name=name, lon=float(lon or 0), lat=float(lat or 0), code=code, description=description,
                kind=StopKind(_number(kind)), wheelchair=Wheelchair(_number(wheelchair)), platform=platform, zone=zone,
                level=level, netex_id=netex, feed=here,
            )
        )  # fmt: skip
    for child, parent in parents.items():
        if parent in stops:
            above = to.stops[stops[parent]]
            stop = to.stops[child]
            to.stops[child] = replace(
                stop,
                parent=stops[parent],
                name=stop.name or above.name,
                wheelchair=stop.wheelchair or above.wheelchair,
            )
    routes: dict[str, int] = {}
    for id_, agency, short, long_, description, kind, url, colour, text_colour, order in archive.rows(
        "routes.txt",
        ("route_id", "agency_id", "route_short_name", "route_long_name", "route_desc", "route_type", "route_url",
         "route_color", "route_text_color", "route_sort_order"),
    ):  # fmt: skip
        routes[id_] = len(to.routes)
        to.routes.append(
            Route(
                id=mark + id_, agency=agencies.get(agency, next(iter(agencies.values()), -1)), short_name=short,
                long_name=long_, type=_number(kind, 3), description=description, url=url, colour=colour.upper(),
                text_colour=text_colour.upper(), order=_number(order), feed=here, school=_number(kind) in (712, 713),
            )
        )  # fmt: skip
    services = _services(to, archive, mark)
    trips: dict[str, int] = {}
    for route, service, id_, headsign, direction, wheelchair, bikes in archive.rows(
        "trips.txt",
        (
            "route_id",
            "service_id",
            "trip_id",
            "trip_headsign",
            "direction_id",
            "wheelchair_accessible",
            "bikes_allowed",
        ),
    ):
        if route not in routes or service not in services:
            continue
        trips[id_] = len(to.trip_ids)
        to.trip_ids.append(mark + id_)
        to.trip_route.append(routes[route])
        to.trip_service.append(services[service])
        to.trip_headsign.append(to.headsigns.setdefault(headsign, len(to.headsigns)))
        to.trip_direction.append(_number(direction, -1))
        to.trip_wheelchair.append(_number(wheelchair))
        to.trip_bikes.append(_number(bikes))
        to.trip_headway.append(0)
        to.trip_shape.append(-1)
    known: dict[str, int] = {}
    for id_, arrival, departure, quay_id, sequence, pickup, drop_off in archive.rows(
        "stop_times.txt",
        ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "pickup_type", "drop_off_type"),
    ):
        trip, quay = trips.get(id_), stops.get(quay_id)
        if trip is None or quay is None:
            continue
        to.call_trip.append(trip)
        to.call_stop.append(quay)
        to.call_sequence.append(int(sequence))
        for text, column in ((arrival or departure, to.call_arrival), (departure or arrival, to.call_departure)):
            time = known.get(text)
            if time is None:
                time = known[text] = seconds(text)
            column.append(time)
        to.call_flags.append((pickup == "1") + 2 * (drop_off == "1"))
    for origin, target, kind, least in archive.rows(
        "transfers.txt", ("from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time")
    ):
        if origin in stops and target in stops:
            to.transfers.append(
                Transfer(from_stop=stops[origin], to_stop=stops[target], type=_number(kind), seconds=_number(least, -1))
            )
    running = [day for service in services.values() for day in to.runs[service]]
    to.feeds.append(
        FeedInfo(
            id=feed.id, prefix=feed.prefix, name=feed.name, content=feed.content, producer=feed.producer,
            licence=feed.licence, example=feed.example, first_day=min(running, default=date(1970, 1, 1)),
            last_day=max(running, default=date(1970, 1, 1)),
        )
    )  # fmt: skip


def _services(to: Gathered, archive: Archive, mark: str) -> dict[str, int]:
    services: dict[str, int] = {}

    def service(id_: str) -> set[date]:
        if id_ not in services:
            services[id_] = len(to.services)
            to.services.append(mark + id_)
            to.runs.append(set())
        return to.runs[services[id_]]

    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for id_, start, end, *days in archive.rows("calendar.txt", ("service_id", "start_date", "end_date", *week)):
        runs, day, last = service(id_), _day(start), _day(end)
        while day <= last:
            if days[day.weekday()] == "1":
                runs.add(day)
            day += timedelta(days=1)
    for id_, when, kind in archive.rows("calendar_dates.txt", ("service_id", "date", "exception_type")):
        if kind == "1":
            service(id_).add(_day(when))
        else:
            service(id_).discard(_day(when))
    return services
