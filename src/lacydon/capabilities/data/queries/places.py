"""Where things are: conditions on points and shapes, by the hidden columns first.

Points are compared as numbers (`_lon`, `_lat`), which the engine prunes by row group; the extension for geometries
decides only for what a shape's box cannot. Coordinates are WGS 84, longitude first; distances are in metres, on a
sphere of the Earth's mean radius (within 0.5 % of the ellipsoid).
"""

import json
import math
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp

from ..errors import WrongQuestion
from .columns import BOX, LAT, LON, Column
from .logical import both, col

EARTH = 6_371_008.8
"""Mean radius of the Earth, metres (IUGG)."""
DEGREE = math.pi * EARTH / 180
MOST_POINTS = 20_000
"""Positions of a geometry in a question."""


def in_bbox(column: Column, *, west: float, south: float, east: float, north: float) -> exp.Expr:
    """Whether it touches this box; one that crosses the 180th meridian has its west east of its east."""
    for each, most in ((south, 90.0), (north, 90.0), (west, 540.0), (east, 540.0)):
        if not math.isfinite(each) or abs(each) > most:
            raise WrongQuestion(
                _("Ce cadre sort de la Terre : la latitude va de -90 à 90, la longitude de -180 à 180.")
            )
    if south > north:
        south, north = north, south
    if column.type == "point":
        level = _between(col(LAT), south, north)
        if west > east:
            return exp.and_(level, exp.or_(_above(col(LON), west), _below(col(LON), east)))
        return exp.and_(_between(col(LON), west, east), level)
    level = exp.and_(_below(col("_south"), north), _above(col("_north"), south))
    if west > east:
        return exp.and_(level, exp.or_(_above(col("_east"), west), _below(col("_west"), east)))
    return exp.and_(_below(col("_west"), east), _above(col("_east"), west), level)


def distance(*, lon: float, lat: float) -> exp.Expr:
    """Metres from a point to what is there; for a shape, to the point on it that stands for it."""
    nowhere = exp.Is(this=col(LON), expression=exp.Null())
    return exp.Case(ifs=[exp.If(this=nowhere, true=exp.Null())], default=_haversine(lon, lat))


def within_distance(column: Column, *, lon: float, lat: float, metres: float) -> exp.Expr:
    """Whether it is at most so far from a point; for a shape, its nearest edge."""
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lat) <= 90 and abs(lon) <= 540):
        raise WrongQuestion(_("Ce point n’est pas sur la Terre."))
    if not math.isfinite(metres) or metres < 0:
        raise WrongQuestion(_("Une distance est un nombre positif."))
    high = metres / DEGREE
    south, north = max(lat - high, -90.0), min(lat + high, 90.0)
    near: exp.Expr
    if south <= -90.0 or north >= 90.0:
        near = in_bbox(column, west=-180.0, south=south, east=180.0, north=north)
    else:
        wide = math.degrees(math.asin(min(1.0, math.sin(math.radians(min(high, 90))) / math.cos(math.radians(lat)))))
        west, east = _turned(lon - wide), _turned(lon + wide)
        near = in_bbox(column, west=west, south=south, east=east, north=north)
    if column.type == "point":
        return exp.and_(near, exp.LTE(this=_haversine(lon, lat), expression=exp.convert(float(metres))))
    return exp.and_(near, _shape_near(column, lon=lon, lat=lat, metres=metres))


def _shape_near(column: Column, *, lon: float, lat: float, metres: float) -> exp.Expr:
    """In degrees of the place, the longitude shrunk as there: exact enough for the distances people ask for."""
    shrunk = max(math.cos(math.radians(lat)), 0.01)
    moved = _st("st_affine", _shape(column), shrunk, 0.0, 0.0, 1.0, 0.0, 0.0)
    point = _st("st_point", lon * shrunk, lat)
    return exp.LTE(this=_st("st_distance", moved, point), expression=exp.convert(metres / DEGREE))


def intersects(column: Column, geometry: str) -> exp.Expr:
    """Whether it has a point in common with a geometry (WKT or GeoJSON)."""
    return _related(column, geometry, "st_intersects")


def within(column: Column, geometry: str) -> exp.Expr:
    """Whether it is wholly inside a geometry (WKT or GeoJSON)."""
    return _related(column, geometry, "st_within")


def disjoint(column: Column, geometry: str) -> exp.Expr:
    """Whether it has no point in common with a geometry (WKT or GeoJSON); what is nowhere is not said to be."""
    missing = exp.Not(this=exp.Is(this=col(column.name), expression=exp.Null()))
    return exp.and_(missing, exp.Not(this=exp.paren(intersects(column, geometry))))


def _related(column: Column, geometry: str, predicate: str) -> exp.Expr:
    made = read_geometry(geometry)
    west, south, east, north = made.bounds
    near = in_bbox(column, west=west, south=south, east=east, north=north)
    drawn = _st("st_geomfromtext", made.wkt)
    exact = _st(predicate, _shape(column), drawn)
    return both(near, exact) or exact


def read_geometry(text: str) -> Any:
    """A geometry of shapely from WKT or GeoJSON. Raises WrongQuestion."""
    import shapely  # only who asks with a geometry pays for it
    from shapely.geometry import shape

    text = text.strip()
    try:
        if text.startswith("{"):
            said = json.loads(text)
            if said.get("type") == "Feature":
                said = said.get("geometry") or {}
            made = shape(said)
        else:
            made = shapely.from_wkt(text)
        if shapely.get_num_coordinates(made) > MOST_POINTS:
            raise WrongQuestion(_("Cette géométrie a trop de points : au plus %d.") % MOST_POINTS)
        made = shapely.force_2d(made)
        sound = not made.is_empty and all(math.isfinite(each) for each in made.bounds)
        if sound and not made.is_valid:
            made = shapely.make_valid(made)
    except WrongQuestion:
        raise
    except Exception as error:  # shapely raises of every kind for what is no geometry
        raise WrongQuestion(_("Cette géométrie n’est pas comprise : écrivez-la en WKT ou en GeoJSON.")) from error
    if not sound or abs(made.bounds[1]) > 90 or abs(made.bounds[3]) > 90:
        raise WrongQuestion(_("Cette géométrie sort de la Terre : la longitude d’abord, puis la latitude, en degrés."))
    return made


def as_geojson(column: Column) -> exp.Expr:
    """The geometry of a row as the text of GeoJSON."""
    if column.type == "point":
        text = [exp.Literal.string('{"type":"Point","coordinates":['), col(LON), exp.Literal.string(","), col(LAT)]
        made = exp.func("concat", *text, exp.Literal.string("]}"), dialect="duckdb")
        return exp.Case(ifs=[exp.If(this=exp.Is(this=col(LON), expression=exp.Null()), true=exp.Null())], default=made)
    return _st("st_asgeojson", _shape(column))


def bounds(column: Column) -> tuple[exp.Expr, exp.Expr, exp.Expr, exp.Expr]:
    """West, south, east, north of all the rows: aggregates."""
    names = (LON, LAT, LON, LAT) if column.type == "point" else BOX
    west, south, east, north = (col(each) for each in names)
    return exp.Min(this=west), exp.Min(this=south), exp.Max(this=east), exp.Max(this=north)


def _shape(column: Column) -> exp.Expr:
    if column.type == "point":
        return _st("st_point", col(LON), col(LAT))
    return _st("st_geomfromwkb", col(column.name))


def _st(name: str, *arguments: Any) -> exp.Expr:
    """A function of the extension: anonymous, so that `lake.is_spatial` sees it."""
    made = [each if isinstance(each, exp.Expr) else exp.convert(each) for each in arguments]
    return exp.Anonymous(this=name, expressions=made)


def _haversine(lon: float, lat: float) -> exp.Expr:
    def radians(of: exp.Expr) -> exp.Expr:
        return exp.func("radians", of, dialect="duckdb")

    def half_sine_squared(of: exp.Expr, from_: float) -> exp.Expr:
        half = exp.Div(
            this=exp.paren(exp.Sub(this=radians(of), expression=exp.convert(from_))), expression=exp.convert(2)
        )
        return exp.func("pow", exp.func("sin", half, dialect="duckdb"), exp.convert(2), dialect="duckdb")

    down = half_sine_squared(col(LAT), math.radians(lat))
    aside = half_sine_squared(col(LON), math.radians(lon))
    shrunk = exp.Mul(
        this=exp.Mul(
            this=exp.func("cos", radians(col(LAT)), dialect="duckdb"),
            expression=exp.convert(math.cos(math.radians(lat))),
        ),
        expression=aside,
    )
    root = exp.func("sqrt", exp.Add(this=down, expression=shrunk), dialect="duckdb")
    arc = exp.func("asin", exp.func("least", exp.convert(1), root, dialect="duckdb"), dialect="duckdb")
    return exp.Mul(this=exp.convert(2 * EARTH), expression=arc)


def _turned(lon: float) -> float:
    return (lon + 180.0) % 360.0 - 180.0


def _between(of: exp.Expr, low: float, high: float) -> exp.Expr:
    return exp.Between(this=of, low=exp.convert(float(low)), high=exp.convert(float(high)))


def _above(of: exp.Expr, low: float) -> exp.Expr:
    return exp.GTE(this=of, expression=exp.convert(float(low)))


def _below(of: exp.Expr, high: float) -> exp.Expr:
    return exp.LTE(this=of, expression=exp.convert(float(high)))
