"""trips.txt and frequencies.txt."""

import numpy as np

from .calls import Calls
from .gathered import Reading
from .stops import whole

FREQUENCIES = "frequencies.txt"
SHORTEST, MOST = 10, 200_000
"""Seconds between two vehicles; trips that frequencies may make in a feed."""


def read_trips(reading: Reading) -> list[str]:
    """Ids of the trips kept, in their order, without the prefix."""
    table = reading.archive.table("trips.txt")
    assert table is not None
    to, remarks, routes, services = reading.to, reading.remarks, reading.routes, reading.services
    reading.first_trip = len(to.trip_ids)
    ids: dict[str, None] = {}
    columns = ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "wheelchair_accessible",
               "bikes_allowed", "shape_id", "trip_short_name")  # fmt: skip
    headsigns, shapes = to.headsigns, reading.shapes
    for line, cells in table.rows(columns):
        route, service, id_, headsign, direction, wheelchair, bikes, shape, short = cells
        place, runs = routes.get(route), services.get(service)
        if place is None or runs is None:
            wrong, example = ("unknown-route", route) if place is None else ("unknown-service", service)
            remarks.add(wrong, table.name, line=line, example=example)
            continue
        if not id_ or id_ in ids:
            remarks.add("duplicate-id" if id_ else "missing-id", table.name, line=line, example=id_)
            continue
        ids[id_] = None
        to.trip_route.append(place)
        to.trip_service.append(runs)
        to.trip_headsign.append(headsigns.setdefault(headsign or short, len(headsigns)))
        to.trip_direction.append(int(direction) if direction in ("0", "1") else -1)
        to.trip_wheelchair.append(int(wheelchair) if wheelchair in ("1", "2") else 0)
        to.trip_bikes.append(int(bikes) if bikes in ("1", "2") else 0)
        to.trip_headway.append(0)
        if shape and shape not in shapes:
            remarks.add("unknown-shape", table.name, line=line, example=shape)
        to.trip_shape.append(shapes.get(shape, -1))
    mark = reading.mark
    to.trip_ids.extend([mark + id_ for id_ in ids])
    return list(ids)


def write_out(reading: Reading, ids: list[str], calls: Calls) -> Calls:
    """The calls with those of each vehicle that frequencies.txt announces, in place of the trip that it repeats.

    Vehicle n of trip T is `T#n`. Source: GTFS, frequencies.txt; exact_times 0 says how often, not when.
    """
    table = reading.archive.table(FREQUENCIES)
    if table is None:
        return calls
    position = {id_: n for n, id_ in enumerate(ids)}
    made: dict[int, list[tuple[int, int]]] = {}
    total = 0
    for line, (id_, start, end, headway, exact) in table.rows(
        ("trip_id", "start_time", "end_time", "headway_secs", "exact_times")
    ):
        trip, begins, ends, every = position.get(id_), seconds(start), seconds(end), whole(headway)
        if trip is None:
            reading.remarks.add("unknown-trip", FREQUENCIES, line=line, example=id_)
        elif begins < 0 or ends < begins or every < SHORTEST or total > MOST:
            reading.remarks.add("frequency", FREQUENCIES, line=line, example=f"{start} {end} {headway}")
        elif calls.length[trip] > 1:
            leaves = range(begins, ends, every)
            total += len(leaves)
            made.setdefault(trip, []).extend((at, 0 if exact == "1" else every) for at in leaves)
    return _repeated(reading, ids, calls, made) if made else calls


def _repeated(reading: Reading, ids: list[str], calls: Calls, made: dict[int, list[tuple[int, int]]]) -> Calls:
    to, first = reading.to, reading.first_trip
    parts: dict[str, list[np.ndarray]] = {
        name: [getattr(calls, name)] for name in ("stop", "arrival", "departure", "flags", "sequence")
    }
    firsts, lengths = [calls.first], [calls.length]
    at = len(calls)
    for trip, leaves in made.items():
        here = calls.of(trip)
        length = int(calls.length[trip])
        for n, (leave, every) in enumerate(sorted(leaves), 1):
            shift = np.int32(leave - int(calls.departure[here.start]))
            parts["stop"].append(calls.stop[here])
            parts["flags"].append(calls.flags[here])
            parts["sequence"].append(calls.sequence[here])
            parts["arrival"].append(calls.arrival[here] + shift)
            parts["departure"].append(calls.departure[here] + shift)
            to.trip_ids.append(f"{reading.mark}{ids[trip]}#{n}")
            for column in (to.trip_route, to.trip_service, to.trip_headsign, to.trip_shape):
                column.append(column[first + trip])
            for narrow in (to.trip_direction, to.trip_wheelchair, to.trip_bikes):
                narrow.append(narrow[first + trip])
            to.trip_headway.append(every)
        firsts.append(np.arange(at, at + length * len(leaves), length, dtype=np.int32))
        lengths.append(np.full(len(leaves), length, np.int32))
        at += length * len(leaves)
        calls.length[trip] = 0
    joined = {name: np.concatenate(each) for name, each in parts.items()}
    return Calls(np.concatenate(firsts), np.concatenate(lengths), **joined)


def seconds(text: str) -> int:
    """Seconds of a GTFS time, over 24 h too; -1 for none, and for what is no time."""
    parts = text.split(":")
    if len(parts) != 3 or not all(each.isascii() and each.isdigit() and len(each) < 4 for each in parts):
        return -1
    hours, minutes, rest = map(int, parts)
    return hours * 3600 + minutes * 60 + rest if minutes < 60 and rest < 60 else -1
