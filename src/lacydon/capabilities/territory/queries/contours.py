"""Which commune a point is in, and the shapes to draw a map with. Pure: built from places, no database.

With contours, a point belongs to the contour around it. Without, to the commune whose centre is nearest; `how`
tells. Distances are metres in a plane at the middle of the territory (0.3 % of error over 100 km).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely import STRtree
from shapely.geometry import MultiPoint, Point, shape
from shapely.geometry.base import BaseGeometry

from lacydon.kernel.errors import BadInput, OutsideTerritory

METRES_PER_DEGREE = 111_195.0
COAST_M = 200.0
"""Contours are simplified: a quay or a beach may lie a little outside of them."""
NEAR_M = 250.0
"""Closer than this to another commune, the answer tells the distance."""
SCHEMATIC_REACH_M = 8_000.0
"""Without contours, a point farther than this from the hull of the centres is outside."""
WAVE_M = 420.0
"""How far the edges of the schematic map are bent, so that it looks like a map and not like a diagram."""


class Centre(Protocol):
    """A commune: its INSEE code and a centre in WGS 84."""

    @property
    def code(self) -> str: ...
    @property
    def lon(self) -> float: ...
    @property
    def lat(self) -> float: ...


class Part(Centre, Protocol):
    """An arrondissement: a centre inside a commune, given by its code."""

    @property
    def commune(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Located:
    """The commune of a point. `near_boundary_m`: metres to the nearest other, `beyond`, if under 250."""

    code: str
    how: Literal["contour", "centre"]
    near_boundary_m: float | None = None
    beyond: str | None = None
    arrondissement: str | None = None


@dataclass(frozen=True, slots=True)
class Shapes:
    """What to draw, in WGS 84. `schematic`: at least one shape comes from centres, not from a contour."""

    schematic: bool
    by_code: Mapping[str, BaseGeometry]


class Geography:
    """The communes of a territory on the ground. Immutable: build another one when something moves.

    `contours` maps INSEE codes (communes, and arrondissements if any) to WGS 84 polygons, as GeoJSON geometries or
    as shapes. A commune without one is given the cell of its centre, less the contours of the others.
    """

    def __init__(
        self,
        *,
        communes: Iterable[Centre],
        arrondissements: Iterable[Part] = (),
        contours: Mapping[str, BaseGeometry | Mapping[str, Any]] | None = None,
    ) -> None:
        places = sorted(communes, key=lambda place: place.code)
        parts = sorted(arrondissements, key=lambda place: place.code)
        given = {code: _geometry(contour) for code, contour in (contours or {}).items()}
        self._codes = [place.code for place in places]
        self.missing = tuple(code for code in self._codes if code not in given)
        """Communes without a contour."""
        middle = sum(place.lat for place in places) / len(places) if places else 0.0
        self._scale = (math.cos(math.radians(middle)) * METRES_PER_DEGREE, METRES_PER_DEGREE)
        self._centres = [self._plane(place.lon, place.lat) for place in places]
        areas = [self._flat(given[code]) if code in given else None for code in self._codes]
        if self.missing:
            areas = self._fill(areas)
        self._areas = np.array([area if area is not None else MultiPoint() for area in areas], dtype=object)
        self._by_contour = [code in given for code in self._codes]
        shapely.prepare(self._areas)
        self._tree = STRtree(self._areas)
        self._parts: dict[str, list[tuple[str, float, float, BaseGeometry | None]]] = {}
        for part in parts:
            area = self._flat(given[part.code]) if part.code in given else None
            if area is not None:
                shapely.prepare(area)
            self._parts.setdefault(part.commune, []).append((part.code, *self._plane(part.lon, part.lat), area))
        self._shapes: Shapes | None = None
        self._contours = {code: contour for code, contour in given.items() if code in set(self._codes)}

    def commune_at(self, lon: float, lat: float) -> Located:
        """The commune at a point. BadInput if it is not a point, OutsideTerritory if it is in no commune."""
        lon, lat = checked_point(lon, lat)
        x, y = self._plane(lon, lat)
        around = self._tree.query(shapely.box(x - NEAR_M, y - NEAR_M, x + NEAR_M, y + NEAR_M))
        here = around[shapely.intersects_xy(self._areas[around], x, y)]
        if len(here) == 1:
            chosen = int(here[0])
        elif len(here):
            chosen = self._among(here, x, y)
        else:
            chosen = self._on_the_coast(around, shapely.points(x, y), lon=lon, lat=lat)
        beyond, metres = None, None
        if len(around) > 1 and self._by_contour[chosen]:
            beyond, metres = self._neighbour(chosen, around, shapely.points(x, y))
        code = self._codes[chosen]
        return Located(
            code=code,
            how="contour" if self._by_contour[chosen] else "centre",
            near_boundary_m=metres,
            beyond=beyond,
            arrondissement=self._part_at(code, x, y) if code in self._parts else None,
        )

    def shapes(self) -> Shapes:
        """A shape for every commune: its contour, else a cell with gently bent edges. Worked out once."""
        if self._shapes is None:
            drawn: dict[str, BaseGeometry] = {}
            for index, code in enumerate(self._codes):
                if code in self._contours:
                    drawn[code] = self._contours[code]
                elif not self._areas[index].is_empty:
                    bent = shapely.transform(shapely.segmentize(self._areas[index], 700.0), _bend)
                    drawn[code] = shapely.transform(bent, lambda plane: plane / self._scale)
            self._shapes = Shapes(schematic=bool(self.missing), by_code=drawn)
        return self._shapes

    def around(self, west: float, south: float, east: float, north: float) -> list[BaseGeometry]:
        """The shapes of the communes that touch a box (WGS 84)."""
        here = self._tree.query(shapely.box(*self._plane(west, south), *self._plane(east, north)))
        drawn = self.shapes().by_code
        return [drawn[self._codes[each]] for each in sorted(here) if self._codes[each] in drawn]

    def _plane(self, lon: float, lat: float) -> tuple[float, float]:
        return lon * self._scale[0], lat * self._scale[1]

    def _flat(self, shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda degrees: degrees * self._scale)

    def _fill(self, areas: Sequence[BaseGeometry | None]) -> list[BaseGeometry | None]:
        """Cells of the centres for the communes that have no contour, less the contours of the others."""
        hull = reach_of(self._centres)
        cells = cells_of(self._centres, within=hull)
        known = [area for area in areas if area is not None]
        if known:
            union = shapely.union_all(known)
            cells = [cell.difference(union) for cell in cells]
        return [area if area is not None else cell for area, cell in zip(areas, cells, strict=True)]

    def _among(self, indices: Sequence[Any], x: float, y: float) -> int:
        """Contours overlap a little here, or the point is on an edge: the nearest centre decides."""
        return int(min(indices, key=lambda index: (math.dist(self._centres[index], (x, y)), index)))

    def _on_the_coast(self, around: Iterable[Any], point: Point, *, lon: float, lat: float) -> int:
        near = [
            (float(shapely.distance(self._areas[index], point)), int(index))
            for index in around
            if self._by_contour[index]
        ]
        if near and min(near)[0] <= COAST_M:
            return min(near)[1]
        if self._looks_inside(lat, lon):
            raise BadInput(
                _(
                    "Ce point semble donné latitude d’abord : écrivez la longitude, puis la latitude "
                    "(lon=%(lon)s, lat=%(lat)s)."
                )
                % {"lon": lat, "lat": lon},
                code="swapped-coordinates",
                field="lon",
            )
        raise self._outside(lon, lat)

    def _looks_inside(self, lon: float, lat: float) -> bool:
        if abs(lat) > 90 or not len(self._areas):
            return False
        x, y = self._plane(lon, lat)
        west, south, east, north = shapely.total_bounds(self._areas)
        return bool(west <= x <= east and south <= y <= north)

    def _outside(self, lon: float, lat: float) -> OutsideTerritory:
        x, y = self._plane(lon, lat)
        nearest = self._tree.nearest(Point(x, y)) if len(self._areas) else None
        facts: dict[str, Any] = {}
        if nearest is not None:
            facts["nearest"] = self._codes[int(nearest)]
            facts["distance_m"] = round(float(shapely.distance(self._areas[int(nearest)], Point(x, y))))
        return OutsideTerritory(_("Ce point est hors du territoire."), **facts)

    def _neighbour(self, chosen: int, around: np.ndarray, point: Point) -> tuple[str | None, float | None]:
        others = around[around != chosen]
        others = others[shapely.dwithin(self._areas[others], point, NEAR_M)]
        if not len(others):
            return None, None
        distances = shapely.distance(self._areas[others], point)
        nearest = int(distances.argmin())
        return self._codes[int(others[nearest])], round(float(distances[nearest]), 1)

    def _part_at(self, code: str, x: float, y: float) -> str:
        parts = self._parts[code]
        for part, _x, _y, area in parts:
            if area is not None and shapely.intersects_xy(area, x, y):
                return part
        return min(parts, key=lambda part: (part[1] - x) ** 2 + (part[2] - y) ** 2)[0]


def _geometry(contour: BaseGeometry | Mapping[str, Any]) -> BaseGeometry:
    return contour if isinstance(contour, BaseGeometry) else shape(contour)


def checked_point(lon: Any, lat: Any) -> tuple[float, float]:
    """The same point as two floats; BadInput (field `lon` or `lat`) when it is not a point of the globe."""
    given: tuple[tuple[str, Any, int], ...] = (("lon", lon, 180), ("lat", lat, 90))
    for name, value, limit in given:
        if isinstance(value, bool) or not isinstance(value, int | float | np.floating) or not math.isfinite(value):
            raise BadInput(
                _("« %(name)s » doit être un nombre de degrés, par exemple lon=5.37 et lat=43.29.") % {"name": name},
                code="not-a-point",
                field=name,
            )
        if abs(float(value)) > limit:
            raise BadInput(
                _("« %(name)s » doit être entre −%(limit)s et %(limit)s degrés.") % {"name": name, "limit": limit},
                code="not-a-point",
                field=name,
            )
    return float(lon), float(lat)


def reach_of(centres: Sequence[tuple[float, float]]) -> BaseGeometry:
    """How far a territory known by its centres goes: their concave hull, and 8 km around (plane metres)."""
    return shapely.concave_hull(MultiPoint(centres), ratio=0.35).buffer(SCHEMATIC_REACH_M)


def cells_of(centres: Sequence[tuple[float, float]], *, within: BaseGeometry) -> list[BaseGeometry]:
    """For each centre, the part of `within` that is nearer to it than to any other (plane metres)."""
    if len(set(centres)) == 1:
        return [within] + [MultiPoint()] * (len(centres) - 1)
    cells = shapely.voronoi_polygons(MultiPoint(centres), extend_to=within.envelope).geoms
    tree = STRtree(list(cells))
    found: list[BaseGeometry] = []
    taken: set[int] = set()
    for centre in centres:
        index = int(tree.nearest(Point(centre)))
        found.append(MultiPoint() if index in taken else cells[index].intersection(within))
        taken.add(index)
    return found


def _bend(plane: np.ndarray) -> np.ndarray:
    """Move points by a smooth field of their position: neighbours stay neighbours, straight edges curve."""
    x, y = plane[:, 0] / 1000.0, plane[:, 1] / 1000.0
    east = np.sin(0.9 * y + 0.5 * x) + 0.4 * np.sin(2.1 * y - 1.3 * x)
    north = np.sin(0.8 * x - 0.6 * y) + 0.4 * np.sin(2.3 * x + 1.1 * y)
    return plane + WAVE_M * np.column_stack((east, north))
