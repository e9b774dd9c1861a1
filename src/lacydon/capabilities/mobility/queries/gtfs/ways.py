"""transfers.txt, pathways.txt and shapes.txt: from one stop to another."""

import numpy as np

from ..timetable.nouns import Pathway, Transfer
from .columns import Known, hashes_of
from .gathered import Reading
from .stops import whole

UNKNOWN = -2


def read_transfers(reading: Reading) -> None:
    """Of stops, lines or trips; types 4 and 5 are said of two trips of one vehicle, and may name no stop."""
    table = reading.archive.table("transfers.txt")
    if table is None:
        return
    columns = ("from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time", "from_route_id", "to_route_id",
               "from_trip_id", "to_trip_id")  # fmt: skip
    known, say = reading.stops, reading.to.transfers.append
    for line, cells in table.rows(columns):
        origin, target, kind, least, from_route, to_route, from_trip, to_trip = cells
        if (
            kind in "0123"
            and origin in known
            and target in known
            and not (from_route or to_route or from_trip or to_trip)
        ):
            say(Transfer(from_stop=known[origin], to_stop=known[target], type=whole(kind), seconds=whole(least, -1)))
            continue
        stops = [_stop(reading, line, table.name, each) for each in (origin, target)]
        type_ = whole(kind, -1) if kind else 0
        routes = [reading.routes.get(each, UNKNOWN) if each else -1 for each in (from_route, to_route)]
        trips = [_trip(reading, each) for each in (from_trip, to_trip)]
        if not 0 <= type_ <= 5 or (type_ < 4 and not (origin and target)) or (type_ > 3 and -1 in trips):
            reading.remarks.add("transfer", table.name, line=line, example=f"{origin} {target} {kind}")
            continue
        for code, places, names in (
            ("unknown-route", routes, (from_route, to_route)),
            ("unknown-trip", trips, (from_trip, to_trip)),
        ):
            if UNKNOWN in places:
                reading.remarks.add(code, table.name, line=line, example=names[places.index(UNKNOWN)])
        if UNKNOWN in (*stops, *routes, *trips):
            continue
        reading.to.transfers.append(
            Transfer(
                from_stop=stops[0], to_stop=stops[1], type=type_, seconds=whole(least, -1), from_route=routes[0],
                to_route=routes[1], from_trip=trips[0], to_trip=trips[1],
            )
        )  # fmt: skip


def _stop(reading: Reading, line: int, file: str, id_: str) -> int:
    """-1 when none is named; UNKNOWN when it is not there, which is said once."""
    if not id_:
        return -1
    n = reading.stops.get(id_, UNKNOWN)
    if n == UNKNOWN and id_ not in reading.left_out:
        reading.remarks.add("unknown-stop", file, line=line, example=id_)
    return n


def _trip(reading: Reading, id_: str) -> int:
    if not id_:
        return -1
    assert reading.trips is not None
    n = int(reading.trips.of(hashes_of([id_]))[0])
    return n + reading.first_trip if n >= 0 else UNKNOWN


def read_pathways(reading: Reading) -> None:
    table = reading.archive.table("pathways.txt")
    if table is None:
        return
    columns = ("pathway_id", "from_stop_id", "to_stop_id", "pathway_mode", "is_bidirectional", "length",
               "traversal_time", "stair_count")  # fmt: skip
    for line, (id_, origin, target, mode, both, length, lasts, stairs) in table.rows(columns):
        ends = [_stop(reading, line, table.name, each) for each in (origin, target)]
        if min(ends) < 0:
            continue
        try:
            metres = float(length) if length else -1.0
        except ValueError:
            metres = -1.0
        reading.to.pathways.append(
            Pathway(
                id=reading.mark + id_, from_stop=ends[0], to_stop=ends[1], mode=whole(mode, 1), both_ways=both == "1",
                metres=metres, seconds=whole(lasts, -1), stairs=whole(stairs),
            )
        )  # fmt: skip


def read_shapes(reading: Reading) -> None:
    """Points of each shape, in their order; a shape is a position among those of the timetable."""
    table = reading.archive.table("shapes.txt")
    if table is None or table.lacks(["shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"]):
        return
    names: dict[int, str] = {}
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for block in table.columns(("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence")):
        hashes, sequence = block.hashes(0), block.numbers(3)
        points = np.column_stack([block.decimals(2), block.decimals(1)])
        right = ~np.isnan(points).any(axis=1) & (sequence >= 0) & (np.abs(points) <= (180, 90)).all(axis=1)
        if not right.all():
            wrong = np.flatnonzero(~right)
            reading.remarks.add_all("shape-point", table.name, lines=block.lines[wrong].tolist(), count=len(wrong))
        for row in np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])).tolist():
            if int(hashes[row]) not in names:
                names[int(hashes[row])] = block.text(0, row)
        parts.append((hashes[right], sequence[right].astype(np.int32), points[right]))
    if not parts:
        return
    known = Known(np.fromiter(names, np.uint64, len(names)))
    shape = np.concatenate([known.of(hashes) for hashes, _sequence, _points in parts])
    sequence = np.concatenate([sequence for _hashes, sequence, _points in parts])
    points = np.concatenate([points for _hashes, _sequence, points in parts])
    parts.clear()
    order = np.lexsort((sequence, shape))
    shape, points = shape[order], points[order]
    ends = np.searchsorted(shape, np.arange(len(names) + 1))
    for n, name in enumerate(names.values()):
        if ends[n + 1] - ends[n] > 1:
            reading.shapes[name] = len(reading.to.shapes)
            reading.to.shapes.append(points[ends[n] : ends[n + 1]])
