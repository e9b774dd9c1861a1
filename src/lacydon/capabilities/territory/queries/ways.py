"""The lines of the streets, worked out from their house numbers, for plans: each process makes them when first asked.

The numbers of each side of a street are joined in their order, but not across a gap; the line runs half-way between the
two sides. No map of roads is needed, and none is asked for: a way without house numbers is not on the plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from lacydon.capabilities.territory.models import HouseNumber, Street
from lacydon.kernel.snapshots import Snapshot

from .streets import SNAPSHOT

METRES_A_DEGREE = 111_195.0
GAP = 120.0
"""Metres between two numbers of a side from which they are not joined: a crossing of fields, not a street."""
ACROSS = 45.0
"""Metres: the two sides of a street are no farther from each other."""
CLOSE = 1.5
"""Metres a line may be moved by when it is simplified."""
DEGREES = 1e-6
BATCH = 1_000
"""Streets worked out at once."""

Metres = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Ways:
    """Every line: its points (millionths of a degree, laid end to end), where it begins, its street, box and length.

    `lone`: streets without a line, and places without numbers: (lon, lat) of each; `lone_names`: what they are called.
    """

    points: NDArray[np.int32]
    starts: Whole
    names: Sequence[str]
    street: NDArray[np.int32]
    boxes: Metres
    lengths: Metres
    lone: Metres
    lone_names: Sequence[str]

    def within(
        self, west: float, south: float, east: float, north: float, *, most: int
    ) -> tuple[Metres, Whole, list[str]]:
        """The lines that touch a box (degrees), the `most` longest: (points laid end to end, starts, names)."""
        left, bottom, right, top = self.boxes.T
        here = np.flatnonzero((left <= east) & (right >= west) & (bottom <= north) & (top >= south))
        if len(here) > most:
            here = np.sort(here[np.argpartition(-self.lengths[here], most)[:most]])
        counts = np.diff(np.append(self.starts, len(self.points)))[here]
        starts = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64) if len(here) else _none()
        at = np.repeat(self.starts[here] - starts, counts) + np.arange(counts.sum())
        return self.points[at] * DEGREES, starts, [self.names[each] for each in self.street[here].tolist()]

    def places(self, west: float, south: float, east: float, north: float) -> list[tuple[float, float, str]]:
        """What has a name and no line in a box."""
        lon, lat = self.lone.T
        here = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        return [(float(lon[each]), float(lat[each]), self.lone_names[each]) for each in here.tolist()]


def _none() -> Whole:
    return np.zeros(0, dtype=np.int64)


def lines_of(street: Whole, number: Whole, metres: Metres) -> tuple[list[shapely.LineString], list[int]]:
    """The lines of streets (any whole numbers) from their house numbers, as plane points: (line, its street)."""
    if not len(street):
        return [], []
    side = number & 1
    order = np.lexsort((number, side, street))
    street, side, metres = street[order], side[order], metres[order]
    steps = np.hypot(*np.diff(metres, axis=0).T)
    parted = (np.diff(street) != 0) | (np.diff(side) != 0) | (steps > GAP)
    run = np.concatenate(([0], np.cumsum(parted)))
    lasting = np.bincount(run)[run] > 1
    if not lasting.any():
        return [], []
    _runs, first, index = np.unique(run[lasting], return_index=True, return_inverse=True)
    lines = shapely.simplify(shapely.linestrings(metres[lasting], indices=index), CLOSE)
    of, on = street[lasting][first], side[lasting][first]
    return _between(lines, of, on)


def _between(lines: NDArray[np.object_], of: Whole, on: Whole) -> tuple[list[shapely.LineString], list[int]]:
    """One line for the two sides of each street: the longer side, moved half-way to the other one."""
    streets, at = np.unique(of, return_inverse=True)
    lengths = np.bincount(at * 2 + on, weights=shapely.length(lines), minlength=2 * len(streets)).reshape(-1, 2)
    main = lengths.argmax(axis=1)[at] == on
    sides = {}
    for which in (True, False):
        mine = np.flatnonzero(main == which)
        whole = np.full(len(streets), None, dtype=object)
        if len(mine):
            mine = mine[np.argsort(at[mine], kind="stable")]
            keys, index = np.unique(at[mine], return_inverse=True)
            whole[keys] = shapely.multilinestrings(lines[mine], indices=index)
        sides[which] = whole
    kept = lines[main]
    points, index = shapely.get_coordinates(kept, return_index=True)
    facing = sides[False][at[main][index]]
    across = shapely.shortest_line(shapely.points(points), facing)
    near = shapely.length(across) <= ACROSS  # a street with one side has none: NaN is not near
    ends = shapely.get_coordinates(across[near]).reshape(-1, 2, 2)
    points[near] = ends.mean(axis=1)
    middles = shapely.linestrings(points, indices=index)
    lonely = np.flatnonzero(~main)
    halfway = shapely.line_interpolate_point(lines[lonely], 0.5, normalized=True)
    lonely = lonely[shapely.distance(halfway, sides[True][at[lonely]]) > ACROSS]
    found = [*shapely.simplify(middles, CLOSE), *lines[lonely]]
    return found, [*of[main].tolist(), *of[lonely].tolist()]


def build() -> Ways:
    """The lines of what was imported, a few streets at a time so that little memory is needed."""
    named = list(Street.objects.order_by("id").values_list("id", "name", "lon", "lat").iterator(chunk_size=5_000))
    names = [each[1] for each in named]
    middle = sum(each[3] for each in named) / len(named) if named else 0.0
    scale = np.array((np.cos(np.radians(middle)), 1.0)) * METRES_A_DEGREE
    pieces = [_piece([each[0] for each in named[at : at + BATCH]], at, scale) for at in range(0, len(named), BATCH)]
    counts = np.concatenate([_none(), *(piece.counts for piece in pieces)])
    of = np.concatenate([_none(), *(piece.of for piece in pieces)])
    bare = np.setdiff1d(np.arange(len(named)), of)
    return Ways(
        points=np.concatenate([np.zeros((0, 2), np.int32), *(piece.points for piece in pieces)]),
        starts=np.cumsum(counts) - counts,
        names=names,
        street=of.astype(np.int32),
        boxes=np.concatenate([np.zeros((0, 4)), *(piece.boxes for piece in pieces)]),
        lengths=np.concatenate([np.zeros(0), *(piece.lengths for piece in pieces)]),
        lone=np.array([named[each][2:] for each in bare], dtype=np.float64).reshape(-1, 2),
        lone_names=[names[each] for each in bare],
    )


class _Piece(NamedTuple):
    """The lines of some streets: points laid end to end, how many each has, its street."""

    points: NDArray[np.int32]
    counts: Whole
    of: Whole
    boxes: Metres
    lengths: Metres


def _piece(ids: Sequence[int], first: int, scale: Metres) -> _Piece:
    """The lines of the streets with these ids (in order), the first of which is street `first`."""
    kind = np.dtype([("street", "i8"), ("number", "i8"), ("lon", "f8"), ("lat", "f8")])
    asked = HouseNumber.objects.filter(street__gte=ids[0], street__lte=ids[-1]).order_by()
    rows = np.fromiter(asked.values_list("street_id", "number", "lon", "lat").iterator(chunk_size=5_000), dtype=kind)
    where = np.searchsorted(np.array(ids, dtype=np.int64), rows["street"]) + first
    lines, of = lines_of(where, rows["number"], np.column_stack((rows["lon"], rows["lat"])) * scale)
    points, index = shapely.get_coordinates(lines, return_index=True)
    return _Piece(
        points=np.rint(points / scale / DEGREES).astype(np.int32),
        counts=np.bincount(index, minlength=len(lines)).astype(np.int64),
        of=np.array(of, dtype=np.int64),
        boxes=shapely.bounds(lines).reshape(-1, 4) / np.tile(scale, 2),
        lengths=shapely.length(lines).astype(np.float64),
    )


ways: Snapshot[Ways] = Snapshot(SNAPSHOT, build)
