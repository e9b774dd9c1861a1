"""Several feeds gathered in one timetable."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

from lacydon.kernel.clock import LOCAL, now

from ...errors import UnreadableFeed
from ..timetable.nouns import Place, StopKind
from ..timetable.table import Timetable
from .about import read_about, read_translations
from .archive import Archive
from .arranging import arranged
from .calls import FILE, Calls, read_calls
from .columns import Known, hashes_of
from .fares import read_fares
from .gathered import Gathered, Given, Reading, Report
from .grouping import grouped
from .overlaps import drop_what_is_said_twice
from .plausibility import look_at_speeds
from .remarks import Remarks
from .routes import read_routes
from .services import read_services
from .stops import read_agencies, read_stops
from .trips import read_trips, write_out
from .ways import read_pathways, read_shapes, read_transfers

EDITION = b"timetable 2"
"""To be changed when the same feeds are read another way."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    "agency.txt": ("agency_name",),
    "stops.txt": ("stop_id", "stop_lat", "stop_lon"),
    "routes.txt": ("route_id", "route_type"),
    "trips.txt": ("route_id", "service_id", "trip_id"),
    "stop_times.txt": ("trip_id", "stop_id", "stop_sequence"),
}
CityAt = Callable[[float, float], str]


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What several feeds make together, and what was found in each, by its id."""

    table: Timetable
    reports: Mapping[str, Report]


def gather(
    feeds: Sequence[Given],
    *,
    citycode_at: CityAt,
    decided: Mapping[tuple[str, str], bool] | None = None,
    today: date | None = None,
) -> Timetable:
    """One timetable of all these feeds. Raises UnreadableFeed, for the first one that cannot be read at all.

    `citycode_at(lon, lat)`: INSEE code, or nothing outside of the territory.
    `decided`: pairs of stops (ids, in the order of the alphabet) that a person said to be one place (True) or not.
    """
    return merge(feeds, citycode_at=citycode_at, decided=decided, today=today).table


def merge(
    feeds: Sequence[Given],
    *,
    citycode_at: CityAt,
    decided: Mapping[tuple[str, str], bool] | None = None,
    today: date | None = None,
) -> Merged:
    """The same, with what was found wrong."""
    today = today or now().astimezone(LOCAL).date()
    to = Gathered()
    readings = [_read_whole(to, feed, today=today, citycode_at=citycode_at) for feed in feeds]
    stops, places = grouped(to.stops, citycode_at=citycode_at, decided=decided or {})
    if len(feeds) > 1:
        drop_what_is_said_twice(to, stops, [(each.feed.id, each.remarks) for each, _counts in readings])
    _count_unused(to, readings)
    reports = {}
    for reading, counts in readings:
        info = to.feeds[reading.here]
        reports[reading.feed.id] = Report(
            first_day=info.first_day, last_day=info.last_day, counts=counts, remarks=reading.remarks.all()
        )
    readings.clear()
    to.stops = stops
    table = arranged(to, stops=stops, places=places, content=_content(feeds, places))
    return Merged(table=table, reports=reports)


def _content(feeds: Sequence[Given], places: Sequence[Place]) -> str:
    digest = hashlib.sha256(EDITION)
    for feed in feeds:
        said = (feed.id, feed.prefix, feed.content or content_of(feed.path), feed.name, feed.producer, feed.licence)
        digest.update(repr((*said, feed.example)).encode())
    for place in places:
        digest.update(repr((place.id, place.stops)).encode())
    return digest.hexdigest()


def content_of(path: Path) -> str:
    """SHA-256 of a file, or of the files of a folder."""
    digest = hashlib.sha256()
    for each in sorted(path.iterdir()) if path.is_dir() else [path]:
        if path.is_dir():
            digest.update(each.name.encode() + b"\0")
        if each.is_file():
            with each.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
    return digest.hexdigest()


def _read_whole(to: Gathered, feed: Given, *, today: date, citycode_at: CityAt) -> tuple[Reading, Mapping[str, int]]:
    remarks = Remarks()
    try:
        with Archive(feed.path, remarks) as archive:
            reading = Reading(
                feed=feed, archive=archive, remarks=remarks, to=to, today=today, citycode_at=citycode_at,
                here=len(to.feeds),
            )  # fmt: skip
            return reading, _read(reading)
    except UnreadableFeed as refusal:
        refusal.facts |= {"feed": feed.id, "remarks": [each.stored() for each in remarks.all()]}
        raise


def _refuse_if_fatal(reading: Reading) -> None:
    fatal = reading.remarks.fatal()
    if fatal is not None:
        examples = ", ".join(fatal.examples)
        where = f"{fatal.file} ({examples})" if examples else fatal.file
        raise UnreadableFeed(
            _("%(file)s : %(sentence)s") % {"file": where, "sentence": fatal.sentence},
        )


def _read(reading: Reading) -> Mapping[str, int]:
    """One feed added to what was gathered; how much of each noun it has."""
    archive, remarks, to = reading.archive, reading.remarks, reading.to
    for file, columns in NEEDED.items():
        table = archive.table(file)
        if table is None:
            remarks.add("missing-file", file)
        else:
            for column in table.lacks(columns):
                remarks.add("missing-column", file, line=1, example=column)
    if "calendar.txt" not in archive and "calendar_dates.txt" not in archive:
        remarks.add("missing-calendar", "calendar.txt")
    _refuse_if_fatal(reading)
    before = {name: len(getattr(to, name)) for name in ("stops", "routes", "services", "trip_ids", "shapes")}
    read_agencies(reading)
    read_stops(reading)
    read_routes(reading)
    read_services(reading)
    read_shapes(reading)
    ids = read_trips(reading)
    for file, found in (("stops.txt", reading.stops), ("routes.txt", reading.routes), ("trips.txt", ids)):
        if not found:
            remarks.add("empty-file", file)
    if not any(to.runs[before["services"] :]):
        remarks.add("missing-calendar", "calendar.txt")
    _refuse_if_fatal(reading)
    calls = _calls(reading, ids)
    _whether_here(reading, before["stops"])
    look_at_speeds(reading, calls)
    if not (calls.length > 1).any():
        remarks.add("nothing-runs", FILE)
    to.calls.append((reading.first_trip, calls))
    read_transfers(reading)
    read_pathways(reading)
    read_fares(reading)
    read_translations(reading)
    to.feeds.append(read_about(reading))
    _refuse_if_fatal(reading)
    return {
        "stops": len(to.stops) - before["stops"],
        "routes": len(to.routes) - before["routes"],
        "trips": int((calls.length > 1).sum()),
        "calls": int(calls.length.sum()),
        "shapes": len(to.shapes) - before["shapes"],
    }


def _calls(reading: Reading, ids: list[str]) -> Calls:
    hashes = hashes_of(ids)
    reading.trips = Known(hashes)
    stops = Known(hashes_of(list(reading.stops)), np.fromiter(reading.stops.values(), np.int32, len(reading.stops)))
    calls = read_calls(reading.archive, trips=hashes, stops=stops, remarks=reading.remarks)
    for code, wrong in (("unused-trip", calls.length == 0), ("one-stop", calls.length == 1)):
        places = np.flatnonzero(wrong)
        if len(places):
            examples = [ids[n] for n in places[:3].tolist()]
            reading.remarks.add_all(code, "trips.txt", lines=(), count=len(places), examples=examples)
    return write_out(reading, ids, calls)


def _whether_here(reading: Reading, first: int) -> None:
    quays = [stop for stop in reading.to.stops[first:] if stop.kind == StopKind.QUAY]
    if quays and not any(reading.citycode_at(stop.lon, stop.lat) for stop in quays):
        reading.remarks.add("elsewhere", "stops.txt", example=f"{quays[0].lon} {quays[0].lat}")


def _count_unused(to: Gathered, readings: Sequence[tuple[Reading, Mapping[str, int]]]) -> None:
    """Stops where nothing calls, lines without trips."""
    called = np.zeros(len(to.stops) + 1, np.bool_)
    ran = np.zeros(len(to.routes) + 1, np.bool_)
    for (first, calls), (reading, _counts) in zip(to.calls, readings, strict=True):
        called[calls.stop] = True
        routes = np.frombuffer(to.trip_route, np.int32)[first : first + len(calls.length)]
        ran[routes[calls.length > 1]] = True
        for stop_id, n in reading.stops.items():
            if not called[n] and to.stops[n].kind == StopKind.QUAY:
                reading.remarks.add("unused-stop", "stops.txt", example=stop_id)
        for route_id, n in reading.routes.items():
            if not ran[n]:
                reading.remarks.add("unused-route", "routes.txt", example=route_id)
