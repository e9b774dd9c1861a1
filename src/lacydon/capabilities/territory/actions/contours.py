"""Importing the contours of communes and arrondissements: everything is checked, then all of it is written."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon, Point, mapping, shape
from shapely.geometry.base import BaseGeometry

from lacydon.capabilities.territory.models import Arrondissement, Commune, Contour
from lacydon.capabilities.territory.queries.chart import SNAPSHOT
from lacydon.kernel import clock
from lacydon.kernel.folder import Fault, FaultyFolder
from lacydon.kernel.snapshots import moved

FAR_DEGREES = 0.3
"""A contour farther than this (30 km) from the centre of its commune is another place, or its axes are swapped."""
DECIMALS = 1e-6
"""Coordinates are kept to 0.1 m."""


@dataclass(frozen=True, slots=True)
class ContoursImported:
    """What an import did. `changed`: rows written; `repaired`: contours that crossed themselves; the rest by code."""

    read: int
    changed: int
    repaired: tuple[str, ...]
    ignored: tuple[str, ...]
    missing: tuple[str, ...]


@transaction.atomic
def import_contours(collection: Any, *, source: str) -> ContoursImported:
    """Write the contours of a GeoJSON FeatureCollection in the shape of the national commune API.

    Each feature has the properties `code` and `nom` and a (Multi)Polygon in WGS 84. Places of other territories
    are ignored and named; places that are not in the collection keep what they have. Raises FaultyFolder, with every
    fault, when anything is wrong; nothing is written then. Twice the same collection changes nothing.
    """
    centres = {row.code: (row.code, row.lon, row.lat) for row in Commune.objects.all()}
    parts = {row.code: (row.commune_id, row.lon, row.lat) for row in Arrondissement.objects.all()}
    reading = _Reading(source=source, places=centres | parts)
    shapes = dict(reading.shapes(collection))
    if not reading.faults and not shapes:
        reading.fault(found=_("aucun contour d'un lieu du territoire"), expected=_("au moins un"))
    if reading.faults:
        raise FaultyFolder(reading.faults)
    changed = _write(shapes, owners={code: place[0] for code, place in (centres | parts).items()}, source=source)
    if changed:
        moved(SNAPSHOT)
    known = set(Contour.objects.values_list("code", flat=True))
    return ContoursImported(
        read=len(shapes),
        changed=changed,
        repaired=tuple(sorted(reading.repaired)),
        ignored=tuple(sorted(reading.ignored)),
        missing=tuple(sorted(set(centres) - known)),
    )


def _write(shapes: Mapping[str, BaseGeometry], *, owners: Mapping[str, str], source: str) -> int:
    present = dict(Contour.objects.filter(code__in=shapes).values_list("code", "geometry"))
    now = clock.now()
    rows = []
    for code, contour in sorted(shapes.items()):
        geometry = {"type": contour.geom_type, "coordinates": _lists(mapping(contour)["coordinates"])}
        if present.get(code) != geometry:
            rows.append(
                Contour(code=code, commune_id=owners[code], geometry=geometry, source=source[:500], loaded_at=now)
            )
    Contour.objects.bulk_create(
        rows,
        batch_size=50,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["commune", "geometry", "source", "loaded_at"],
    )
    return len(rows)


class _Reading:
    """A collection being read: shapes by code, and what is wrong with it."""

    def __init__(self, *, source: str, places: Mapping[str, tuple[str, float, float]]) -> None:
        self.source = source
        self.places = places
        self.faults: list[Fault] = []
        self.repaired: set[str] = set()
        self.ignored: set[str] = set()

    def fault(self, *, found: str, expected: str, line: int = 0) -> None:
        self.faults.append(Fault(file=self.source, line=line, found=found, expected=expected))

    def shapes(self, collection: Any) -> Iterator[tuple[str, BaseGeometry]]:
        features = collection.get("features") if isinstance(collection, dict) else None
        if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
            found = collection.get("type") if isinstance(collection, dict) else type(collection).__name__
            self.fault(found=str(found)[:80], expected=_("une FeatureCollection GeoJSON"))
            return
        seen: set[str] = set()
        for position, feature in enumerate(features, 1):
            properties = feature.get("properties") if isinstance(feature, dict) else None
            code = properties.get("code") if isinstance(properties, dict) else None
            where = _("objet %(position)d (%(code)s)") % {"position": position, "code": str(code)[:20]}
            if not isinstance(code, str):
                self.fault(found=where, expected=_("une propriété « code » : le code INSEE, un texte"))
            elif code not in self.places:
                self.ignored.add(code[:20])
            elif code in seen:
                self.fault(found=_("%s : une seconde fois") % where, expected=_("chaque lieu une seule fois"))
            elif (contour := self._contour(feature.get("geometry"), where=where, code=code)) is not None:
                seen.add(code)
                yield code, contour

    def _contour(self, geometry: Any, *, where: str, code: str) -> BaseGeometry | None:
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind not in ("Polygon", "MultiPolygon"):
            self.fault(found=f"{where} : {str(kind)[:40]}", expected="Polygon, MultiPolygon")
            return None
        try:
            contour = shapely.force_2d(shape(geometry))
            west, south, east, north = contour.bounds
        except (ValueError, TypeError, AttributeError, IndexError, KeyError, shapely.errors.ShapelyError):
            self.fault(found=_("%s : coordonnées illisibles") % where, expected=_("des couples [longitude, latitude]"))
            return None
        if not all(map(math.isfinite, (west, south, east, north))) or abs(west) > 180 or abs(east) > 180:
            self.fault(found=_("%s : hors du globe") % where, expected=_("des degrés WGS 84, longitude puis latitude"))
            return None
        if abs(south) > 90 or abs(north) > 90:
            self.fault(found=_("%s : hors du globe") % where, expected=_("des degrés WGS 84, longitude puis latitude"))
            return None
        if not contour.is_valid:
            self.repaired.add(code)
        contour = polygons_of(shapely.set_precision(shapely.make_valid(contour), DECIMALS))
        if contour.is_empty:
            self.fault(found=_("%s : une surface vide") % where, expected=_("une surface"))
            return None
        _commune, lon, lat = self.places[code]
        if contour.distance(Point(lon, lat)) > FAR_DEGREES:
            self.fault(
                found=_("%s : un contour loin du centre de la commune") % where,
                expected=_("un contour autour de lon=%(lon)s, lat=%(lat)s (longitude, puis latitude)")
                % {"lon": lon, "lat": lat},
            )
            return None
        return contour


def polygons_of(geometry: BaseGeometry) -> BaseGeometry:
    """The surfaces of a geometry, without the points and lines that a repair may leave."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    surfaces = [part for part in getattr(geometry, "geoms", ()) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(surfaces) if surfaces else MultiPolygon()


def _lists(coordinates: Any) -> Any:
    """Tuples as lists, rounded: just what comes back from JSON, so that two imports compare equal."""
    if isinstance(coordinates, tuple | list):
        return [_lists(each) for each in coordinates]
    return round(float(coordinates), 6)
