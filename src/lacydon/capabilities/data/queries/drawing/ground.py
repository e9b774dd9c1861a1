"""The communes as GeoJSON: the ground of maps that the browser draws, and the value of each when they are coloured.

Shapes are simplified together (neighbours keep the same border): a ground to look at, not a survey.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lacydon.capabilities.territory import public as territory

from .mapping import Choropleth

PRECISION: Final = 0.0004
"""Degrees a border may be moved by: about 40 m."""
DECIMALS: Final = 5
_kept: list[tuple[Mapping[str, BaseGeometry], dict[str, Any]]] = []


def collection(found: Choropleth | None) -> dict[str, Any]:
    """A FeatureCollection: who they are and, of a choropleth, their value and its class (1 to 5, 0 without)."""
    geometries = _geometries()
    features = []
    for commune in territory.communes():
        if commune.code not in geometries:
            continue
        told: dict[str, Any] = {
            "code": commune.code, "nom": commune.name, "population": commune.population,
            "lon": commune.lon, "lat": commune.lat,
        }  # fmt: skip
        if found is not None:
            told |= {"classe": found.category(commune.code), "valeur": found.values.get(commune.code)}
        features.append({"type": "Feature", "geometry": geometries[commune.code], "properties": told})
    return {"type": "FeatureCollection", "features": features}


def _geometries() -> dict[str, Any]:
    """By INSEE code; worked out once for the same shapes."""
    shapes = territory.shapes().by_code
    if not _kept or _kept[0][0] is not shapes:
        codes = list(shapes)
        plain = shapely.coverage_simplify(np.array([shapes[code] for code in codes], dtype=object), PRECISION)
        whole = [shapely.make_valid(each) for each in plain]
        made = {code: _rounded(shapely.geometry.mapping(each)) for code, each in zip(codes, whole, strict=True)}
        _kept[:] = [(shapes, made)]
    return _kept[0][1]


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    def around(held: Any) -> Any:
        return round(held, DECIMALS) if isinstance(held, float) else [around(each) for each in held]

    return {"type": geometry["type"], "coordinates": around(geometry["coordinates"])}
