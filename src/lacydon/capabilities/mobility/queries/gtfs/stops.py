"""agency.txt, stops.txt and levels.txt."""

import re
from dataclasses import replace
from functools import lru_cache

from ..timetable.nouns import Agency, Stop, StopKind, Wheelchair
from .gathered import Reading

LEAST_LETTERS = 6
WEB = re.compile(r"https?://\S+", re.I)
STATIONS = (StopKind.STATION,)


@lru_cache(maxsize=4096)
def whole(text: str, default: int = 0) -> int:
    """A whole number; the default when it is not one."""
    return int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10 else default


def read_agencies(reading: Reading) -> None:
    """Exploitants; one whose id is empty is the only one of its feed (GTFS: agency_id is optional then)."""
    table = reading.archive.table("agency.txt")
    if table is None:
        return
    columns = ("agency_id", "agency_name", "agency_url", "agency_phone", "agency_fare_url", "agency_email",
               "agency_timezone")  # fmt: skip
    for line, (id_, name, url, phone, fare_url, email, zone) in table.rows(columns):
        if id_ in reading.agencies:
            reading.remarks.add("duplicate-id", table.name, line=line, example=id_)
            continue
        if zone and zone != "Europe/Paris":
            reading.remarks.add("timezone", table.name, line=line, example=zone)
        for address in (url, fare_url):
            if address and not WEB.fullmatch(address):
                reading.remarks.add("url", table.name, line=line, example=address)
        reading.agencies[id_] = len(reading.to.agencies)
        web = [address if WEB.fullmatch(address) else "" for address in (url, fare_url)]
        reading.to.agencies.append(
            Agency(id=reading.mark + id_, name=name, url=web[0], phone=phone, fare_url=web[1], email=email)
        )


def read_stops(reading: Reading) -> None:
    """Stops whose position is possible; each knows its parent, and takes from it what it does not say."""
    table = reading.archive.table("stops.txt")
    assert table is not None
    remarks, stops, to = reading.remarks, reading.stops, reading.to
    levels = _levels(reading)
    parents: dict[int, tuple[str, int]] = {}
    without: dict[int, int] = {}
    first = len(to.stops)
    columns = ("stop_id", "stop_code", "stop_name", "stop_desc", "stop_lat", "stop_lon", "zone_id", "location_type",
               "parent_station", "wheelchair_boarding", "level_id", "platform_code", "ext_netex_id")  # fmt: skip
    unsure = 0
    for line, cells in table.rows(columns):
        id_, code, name, description, lat, lon, zone, kind, parent, wheelchair, level, platform, netex = cells
        if not id_:
            remarks.add("missing-id", table.name, line=line, example=name)
            continue
        if id_ in stops:
            remarks.add("duplicate-id", table.name, line=line, example=id_)
            continue
        where = _position(lat, lon)
        n = stops[id_] = len(to.stops)
        if where is None:
            without[n] = line
        if parent:
            parents[n] = (parent, line)
        if name.isupper() and sum(sign.isalpha() for sign in name) >= LEAST_LETTERS:
            remarks.add("capitals", table.name, line=line, example=name)
        its_kind = StopKind(whole(kind)) if kind in "01234" and len(kind) < 2 else StopKind.QUAY
        access = Wheelchair(whole(wheelchair)) if wheelchair in ("1", "2") else Wheelchair.UNKNOWN
        if not name and not parent and its_kind != StopKind.NODE:
            remarks.add("missing-name", table.name, line=line, example=id_)
            name = code or id_
        unsure += its_kind == StopKind.QUAY and not access and not parent
        to.stops.append(
            Stop(
                id=reading.mark + id_, name=name, lon=where[0] if where else 0.0, lat=where[1] if where else 0.0,
                code=code, description=description, kind=its_kind, wheelchair=access, platform=platform, zone=zone,
                level=levels.get(level, level), netex_id=netex, feed=reading.here,
            )
        )  # fmt: skip
    if unsure:
        remarks.add("accessibility-unknown", table.name, count=unsure)
    _under(reading, parents, without)
    _leave_out(reading, without, first)


def _position(lat: str, lon: str) -> tuple[float, float] | None:
    """Longitude and latitude; none for an impossible point, nor for the point 0, 0 that stands for « unknown »."""
    try:
        x, y = float(lon), float(lat)
    except ValueError:
        return None
    return (x, y) if -180 <= x <= 180 and -90 < y < 90 and (abs(x) > 0.01 or abs(y) > 0.01) else None


def _levels(reading: Reading) -> dict[str, str]:
    table = reading.archive.table("levels.txt")
    rows = table.rows(("level_id", "level_index", "level_name")) if table else ()
    return {id_: name or index for _line, (id_, index, name) in rows}


def _under(reading: Reading, parents: dict[int, tuple[str, int]], without: dict[int, int]) -> None:
    """Twice, since a boarding area belongs to a quay that belongs to a station."""
    stops, to = reading.stops, reading.to
    for again in (False, True):
        for child, (parent, line) in parents.items():
            n = stops.get(parent)
            if n is None or n == child:
                if not again:
                    reading.remarks.add("unknown-parent", "stops.txt", line=line, example=parent)
                continue
            stop, above = to.stops[child], to.stops[n]
            if not again and stop.kind != StopKind.BOARDING_AREA and above.kind not in STATIONS:
                reading.remarks.add("parent-kind", "stops.txt", line=line, example=parent)
            placed = child not in without
            if not placed and n not in without:
                del without[child]
            to.stops[child] = replace(
                stop,
                parent=n,
                name=stop.name or above.name,
                wheelchair=stop.wheelchair or above.wheelchair,
                lon=stop.lon if placed else above.lon,
                lat=stop.lat if placed else above.lat,
            )


def _leave_out(reading: Reading, without: dict[int, int], first: int) -> None:
    """Take away the stops that are nowhere, and renumber those that stay."""
    to, mark = reading.to, len(reading.mark)
    for n, line in without.items():
        reading.remarks.add("impossible-coordinates", "stops.txt", line=line, example=to.stops[n].id[mark:])
        reading.left_out.add(to.stops[n].id[mark:])
    if without:
        kept = [n for n in range(first, len(to.stops)) if n not in without]
        place = {n: first + rank for rank, n in enumerate(kept)}
        to.stops[first:] = [
            replace(to.stops[n], parent=place.get(to.stops[n].parent, -1) if to.stops[n].parent >= 0 else -1)
            for n in kept
        ]
        reading.stops = {id_: place[n] for id_, n in reading.stops.items() if n in place}
