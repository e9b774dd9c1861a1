"""Vector tiles (MVT) of what is placed: each row while they are few, one for each little square when they are many.

A tile never holds more than a few thousand things: at a glance from far away nobody sees more, and it stays small.
The engine's extension for geometries makes them; without it there are no tiles.
"""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _
from sqlglot import exp

from lacydon.kernel.errors import NotFound

from .. import lake
from ..columns import LAT, LON, ROW, STORED, Column
from ..logical import DIALECT, Question, both, col, select_of
from . import profiles
from .asked import Asked, inside

DEEPEST = 18
LAYER = "rows"
EXTENT, BUFFER = 4096, 64
EACH = 3_000
"""Rows of a tile above which they are gathered."""
FEW_ACROSS = 6
"""Tiles across all that is placed, up to which it is seen at once."""
SQUARES = 96
"""Squares across a tile when they are."""
PROPERTIES, LONGEST = 8, 80
"""Columns told of each row, and signs of each text: the page of the row has them all."""
HEAVIEST = 500_000
"""Bytes; a tile of shapes that is heavier tells their middles instead."""
OURS = ("id", "n", "geom", "lon", "lat", "wkb")
"""Names that a tile uses itself: a column called so has `_` after its name."""
WORLD = 20037508.342789244
"""Half the side of the Web Mercator plane, metres."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the Web Mercator pyramid. Raises NotFound for one that does not exist."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not (0 <= self.z <= DEEPEST and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z):
            raise NotFound(_("Cette tuile n’existe pas : le zoom va de 0 à %d.") % DEEPEST)

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """West, south, east, north, with the buffer around."""
        around = BUFFER / EXTENT

        def lon(at: float) -> float:
            return min(max(at / 2**self.z * 360 - 180, -180.0), 180.0)

        def lat(at: float) -> float:
            return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * at / 2**self.z))))

        return lon(self.x - around), lat(self.y + 1 + around), lon(self.x + 1 + around), lat(self.y - around)


def tile(asked: Asked, at: Tile) -> bytes:
    """The tile, empty when nothing is there. Raises WrongQuestion, TooMuch, NotFound without the extension."""
    if asked.table.place is None or lake.extension("spatial") is None:
        raise NotFound(_("Ce jeu de données n’a pas de tuiles : rien n’y est placé."))
    held = both(asked.condition, inside(asked.table, at.frame))
    rows = lake.count(asked.table, held)
    if not rows:
        return b""
    if rows > EACH or _from_afar(asked, at):
        return _made(_gathered(asked, held, at), at)
    if asked.table.place.type == "shape":
        found = _made(_each(asked, held, shapes=True), at)
        if len(found) <= HEAVIEST:
            return found
    found = _made(_each(asked, held, shapes=False), at)
    return found if len(found) <= HEAVIEST else _made(_gathered(asked, held, at), at)


def _from_afar(asked: Asked, at: Tile) -> bool:
    """Whether all of many rows are seen at once: tiles side by side are then gathered alike, however few one has."""
    there = asked.but(frame=None)
    extent = profiles.extent(there)
    if extent is None or profiles.count(there) <= EACH:
        return False
    return 360 / 2**at.z > (extent[2] - extent[0]) / FEW_ACROSS


def _made(inner: str, at: Tile) -> bytes:
    """The rows of `inner` (geom in Web Mercator, id, n, …) as a tile. Everything glued here is a number or made SQL."""
    bounds = f"ST_Extent(ST_TileEnvelope({at.z}, {at.x}, {at.y}))"
    sql = (
        f"SELECT ST_AsMVT(t, '{LAYER}', {EXTENT}, 'geom', 'id') FROM (SELECT * REPLACE"  # noqa: S608
        f" (ST_AsMVTGeom(geom, {bounds}, {EXTENT}, {BUFFER}, true) AS geom) FROM ({inner})) AS t WHERE geom IS NOT NULL"
    )
    ((found,),) = lake.run(sql, spatial=True).rows
    return bytes(found or b"")


def told_of(asked: Asked) -> list[tuple[str, Column]]:
    """The columns a tile tells of each row, and the name each has there."""
    told = [each for each in asked.shown if not each.placed and each.type not in ("json", "time")][:PROPERTIES]
    return [(f"{each.name}_" if each.name in OURS else each.name, each) for each in told]


def _each(asked: Asked, held: exp.Expr | None, *, shapes: bool) -> str:
    place = asked.table.place
    assert place is not None
    columns = [exp.alias_(col(ROW), "id"), exp.alias_(exp.Literal.number(1), "n")]
    for name, each in told_of(asked):
        here = col(each.name)
        said: exp.Expr = exp.cast(here, STORED[each.type] if each.numeric or each.type == "boolean" else "VARCHAR")
        if not each.numeric and each.type != "boolean":
            said = exp.Left(this=said, expression=exp.Literal.number(LONGEST))
        columns.append(exp.alias_(said, name, quoted=True))
    centre = [exp.alias_(col(LON), "lon", quoted=True), exp.alias_(col(LAT), "lat", quoted=True)]
    geometry = [exp.alias_(col(place.name), "wkb", quoted=True)] if shapes else centre
    inner = select_of(Question(columns=(*geometry, *columns), where=held, limit=EACH), asked.table).sql(dialect=DIALECT)
    if shapes:
        geom = "ST_Transform(ST_GeomFromWKB(wkb), 'EPSG:4326', 'EPSG:3857', always_xy := true)"
        return f"SELECT {geom} AS geom, * EXCLUDE (wkb) FROM ({inner})"  # noqa: S608
    return f"SELECT {_point('lon', 'lat')} AS geom, * EXCLUDE (lon, lat) FROM ({inner})"  # noqa: S608


def _gathered(asked: Asked, held: exp.Expr | None, at: Tile) -> str:
    """One point for each square that has rows, at their middle; `n` says how many, `id` is one of them."""
    columns = (exp.alias_(col(ROW), "id"), exp.alias_(col(LON), "lon"), exp.alias_(col(LAT), "lat"))
    inner = select_of(Question(columns=columns, where=held), asked.table).sql(dialect=DIALECT)
    step = 360 / 2**at.z / SQUARES
    return (
        f"SELECT {_point('avg(lon)', 'avg(lat)')} AS geom, min(id) AS id, count(*) AS n FROM ({inner})"  # noqa: S608
        f" GROUP BY floor(lon / {step!r}), floor(lat / {step!r})"
    )


def _point(lon: str, lat: str) -> str:
    """A point of the Web Mercator plane from degrees."""
    y = f"ln(tan(pi() / 4 + radians(least(greatest({lat}, -85.05), 85.05)) / 2)) / pi()"
    return f"ST_Point({lon} / 180 * {WORLD}, {y} * {WORLD})"
