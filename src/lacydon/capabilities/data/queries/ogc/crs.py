"""Systems of coordinates features are told in: WGS 84, whichever axis comes first, Web Mercator, Lambert-93."""

import json
import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp

from ...errors import WrongQuestion
from .. import lake
from ..places import MOST_POINTS

OGC, EPSG = "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/EPSG/0/"
STEPS = 32
"""Pieces each side of a box is cut into before it is transformed: its sides become curves."""


@dataclass(frozen=True, slots=True)
class Crs:
    """`code`: as the engine calls it; `turned`: latitude comes first; `degrees`: of WGS 84, nothing to compute."""

    uri: str
    code: str
    turned: bool = False
    degrees: bool = False


CRS84 = Crs(OGC, "OGC:CRS84", degrees=True)
KNOWN = (
    CRS84,
    Crs(f"{EPSG}4326", "EPSG:4326", turned=True, degrees=True),
    Crs(f"{EPSG}3857", "EPSG:3857"),
    Crs(f"{EPSG}2154", "EPSG:2154"),
)


def crs_named(said: str) -> Crs:
    """By its address; by its short name too (`EPSG:2154`). Raises WrongQuestion."""
    bare = said.strip().removeprefix("[").removesuffix("]").replace("https://", "http://")
    for each in KNOWN:
        if bare in (each.uri, each.code) or bare == each.uri.replace("/0/", "/9.9.1/"):
            return each
    listed = ", ".join(each.uri for each in KNOWN)
    raise WrongQuestion(_("Ce système de coordonnées n’est pas connu ici. Ceux qui le sont : %s.") % listed)


def box(numbers: str, *, crs: Crs) -> tuple[float, float, float, float] | str:
    """A `bbox`: west, south, east, north in WGS 84, or as WKT when it is of another system. Raises WrongQuestion."""
    try:
        read = [float(each) for each in numbers.split(",")]
    except ValueError:
        read = []
    if len(read) not in (4, 6) or not all(math.isfinite(each) for each in read):
        raise WrongQuestion(_("« bbox » a quatre nombres (ou six) : ouest, sud, est, nord."))
    low, high = read[:2], read[len(read) // 2 :][:2]
    if crs.turned:
        low, high = low[::-1], high[::-1]
    if crs.degrees:
        return low[0], low[1], high[0], high[1]
    import shapely

    if low[0] >= high[0] or low[1] >= high[1]:
        raise WrongQuestion(_("« bbox » a quatre nombres (ou six) : ouest, sud, est, nord."))
    drawn = shapely.box(low[0], low[1], high[0], high[1])
    step = max(high[0] - low[0], high[1] - low[1]) / STEPS
    return _transformed(shapely.segmentize(drawn, step).wkt, crs)


def drawn_in(crs: Crs, text: str) -> str:
    """A geometry of a filter (WKT or GeoJSON), in WGS 84, longitude first. Raises WrongQuestion."""
    if crs is CRS84:
        return text
    import shapely
    from shapely.geometry import shape

    try:
        made: Any = shape(json.loads(text)) if text.lstrip().startswith("{") else shapely.from_wkt(text)
        made = shapely.force_2d(made)
        if shapely.get_num_coordinates(made) > MOST_POINTS:
            raise WrongQuestion(_("Cette géométrie a trop de points : au plus %d.") % MOST_POINTS)
        if crs.turned:
            return str(shapely.transform(made, lambda points: points[:, ::-1]).wkt)
    except WrongQuestion:
        raise
    except Exception as error:  # shapely raises of every kind for what is no geometry
        raise WrongQuestion(_("Cette géométrie n’est pas comprise : écrivez-la en WKT ou en GeoJSON.")) from error
    return _transformed(made.wkt, crs)


def told_in(crs: Crs, geometry: exp.Expr) -> exp.Expr:
    """A column of WKB in WGS 84, in another system: an expression that gives WKB."""
    if crs.degrees:
        return geometry
    return _st("st_aswkb", _transform(_st("st_geomfromwkb", geometry), CRS84.code, crs.code))


def geojson_of(shapes: list[bytes | None], *, crs: Crs) -> list[str]:
    """Geometries in WKB as the texts of GeoJSON."""
    import numpy
    import shapely

    made = shapely.from_wkb(numpy.array(shapes, dtype=object))
    if crs.turned:
        made = shapely.transform(made, lambda points: points[:, ::-1])
    return [text or "null" for text in shapely.to_geojson(made)]


def _transformed(wkt: str, crs: Crs) -> str:
    moved = _transform(_st("st_geomfromtext", exp.Literal.string(wkt)), crs.code, CRS84.code)
    asked = exp.select(_st("st_astext", moved))
    ((text,),) = lake.run(asked.sql(dialect="duckdb"), spatial=True).rows
    return str(text)


def _transform(geometry: exp.Expr, source: str, target: str) -> exp.Expr:
    first = exp.PropertyEQ(this=exp.to_identifier("always_xy"), expression=exp.true())
    return _st("st_transform", geometry, exp.Literal.string(source), exp.Literal.string(target), first)


def _st(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))
