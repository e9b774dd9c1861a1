"""A map of a table: communes coloured by a value, or what is placed, gathered on a grid where there is too much.

fond=communes   communes or points        commune=citycode   the column of INSEE codes
calcul, mesure  as for charts             cadre=w,s,e,n      what is in view
liste=toute     each commune in the list under the map, and not only the first ones
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any, Final

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry
from sqlglot import exp

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.errors import OutsideTerritory
from lacydon.kernel.ui.spots import FEW, GRID, Window

from .. import lake
from ..columns import LAT, LON, ROW, Column
from ..logical import Question, aliased, both, by, col, value
from . import profiles
from .asked import Asked, Filter, inside
from .charting import ADDITIVE, Plan, measure_of, plan_of, value_of
from .values import shown

MAP: Final = ("fond", "commune", "calcul", "mesure", "liste")
CLASSES = 5
EACH = 500
"""Points above which they are gathered."""
SHAPES = 400
MOST_AREAS = 3_000


@dataclass(frozen=True, slots=True)
class Class:
    """Communes of one colour: from `low` to `high`, both reached, and how many they are."""

    low: float
    high: float
    communes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choropleth:
    """The value of each commune, by INSEE code; what could not be placed."""

    column: Column
    plan: Plan
    measure: str
    values: dict[str, float]
    classes: tuple[Class, ...]
    elsewhere: int
    unknown: int

    def category(self, code: str) -> int:
        """1 to 5 for a commune that has a value, 0 for one that has none."""
        if code not in self.values:
            return 0
        return next(place for place, each in enumerate(self.classes, 1) if self.values[code] <= each.high)


@dataclass(frozen=True, slots=True)
class Placed:
    """A row, or a heap of them: where, how many, what it is called, the number of the row (0 for a heap)."""

    lon: float
    lat: float
    rows: int
    label: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is in view: rows one by one, or heaps; shapes when they are few enough; rows that are placed nowhere."""

    window: Window
    placed: tuple[Placed, ...]
    few: tuple[Placed, ...]
    shapes: tuple[tuple[BaseGeometry, str, int], ...]
    rows: int
    gathered: bool
    nowhere: int
    outside: int


def ground_of(asked: Asked) -> str:
    """`points` or `communes`: what was chosen where it is possible; points first."""
    placed, coded = asked.table.place is not None, bool(coded_by(asked))
    if asked.told("fond") == "communes" and coded:
        return "communes"
    return "points" if placed else "communes" if coded else ""


def coded_by(asked: Asked) -> list[Column]:
    """Columns of INSEE codes."""
    return [each for each in asked.table.columns if each.kind == "citycode"]


def choropleth(asked: Asked) -> Choropleth:
    """Raises TooMuch, WrongQuestion, UnknownColumn."""
    columns = coded_by(asked)
    column = next((each for each in columns if each.name == asked.told("commune")), columns[0])
    plan = replace(plan_of(asked.saying(par="", groupe="", pas="", forme="")), by=column, role="category", group=None)
    question = Question(
        columns=aliased((("code", col(column.name)), ("value", value_of(plan)))),
        where=asked.condition,
        group_by=(col(column.name),),
        order_by=(by(exp.column("value", quoted=True), falling=True),),
        limit=MOST_AREAS,
    )
    found: dict[str, list[float]] = defaultdict(list)
    elsewhere = unknown = 0
    for code, number in lake.answer(asked.table, question).rows:
        if code in (None, ""):
            unknown += 1
            continue
        try:
            commune = territory.commune(str(code)).code
        except (territory.UnknownCommune, OutsideTerritory):
            elsewhere += 1
            continue
        # Arrondissements add up to their commune; an average of averages would be none.
        if number is not None and (plan.calculation in ADDITIVE or str(code) == commune):
            found[commune].append(float(number))
    values = {code: sum(each) for code, each in found.items()}
    return Choropleth(
        column=column,
        plan=plan,
        measure=measure_of(plan),
        values=values,
        classes=classes_of(list(values.values())),
        elsewhere=elsewhere,
        unknown=unknown,
    )


def of_commune(asked: Asked, found: Choropleth, code: str) -> Asked:
    """What asks for the rows of one commune of a map, with the filters it has."""
    return asked.but(filters=(*asked.filters, Filter(found.column, "est", (code,))), more=(), frame=None)


def classes_of(values: list[float], *, most: int = CLASSES) -> tuple[Class, ...]:
    """Classes of about as many communes each (quantiles); equal values are never parted."""
    ordered = sorted(values)
    different = sorted(set(ordered))
    if len(different) <= most:
        return tuple(Class(each, each, ordered.count(each)) for each in different)
    made, start = [], 0
    for place in range(1, most + 1):
        end = round(len(ordered) * place / most)
        while 0 < end < len(ordered) and ordered[end] == ordered[end - 1]:
            end += 1
        if end > start:
            made.append(Class(ordered[start], ordered[end - 1], end - start))
            start = end
    return tuple(made)


def scene(asked: Asked) -> Scene | None:
    """What is placed, in the frame asked for or in one that holds all of it. None when nothing is placed at all."""
    extent = asked.frame or profiles.extent(asked)
    if extent is None:
        return None
    window = Window.around(extent)
    there = asked.but(frame=None)
    held = both(there.condition, inside(asked.table, window.frame))
    rows = lake.count(asked.table, held)
    shapes = _shapes(asked, held) if asked.table.place and asked.table.place.type == "shape" and rows <= SHAPES else ()
    placed = () if shapes else _each(asked, held) if rows <= EACH else _gathered(asked, held, window)
    null = exp.Is(this=col(LON), expression=exp.null())
    nowhere = lake.count(asked.table, both(there.condition, null))
    return Scene(
        window=window,
        placed=placed,
        few=_fewer(placed, window) if rows > EACH and not shapes else (),
        shapes=shapes,
        rows=rows,
        gathered=rows > EACH,
        nowhere=nowhere,
        outside=profiles.count(there) - nowhere - rows if asked.frame else 0,
    )


def named_by(asked: Asked) -> Column | None:
    """The column whose text names a row best: the first text that is no code."""
    texts = [each for each in asked.table.columns if each.type == "text"]
    return next((each for each in texts if not each.kind), texts[0] if texts else None)


def _each(asked: Asked, condition: exp.Expr | None) -> tuple[Placed, ...]:
    label = named_by(asked)
    named = col(label.name) if label else exp.null()
    question = Question(columns=(col(LON), col(LAT), named, col(ROW)), where=condition, limit=EACH)
    return tuple(
        Placed(lon, lat, 1, _named(label, text, row), row)
        for lon, lat, text, row in lake.answer(asked.table, question).rows
    )


def _named(label: Column | None, text: Any, row: int) -> str:
    return shown(label, text, longest=80) if label and text else _("Ligne %d") % row


def _gathered(asked: Asked, condition: exp.Expr | None, window: Window) -> tuple[Placed, ...]:
    """A heap for each square of a grid, at the middle of its rows."""
    west, south, east, north = window.frame
    across, up = GRID
    columns = {
        "x": _square(LON, west, (east - west) / across),
        "y": _square(LAT, south, (north - south) / up),
    }
    question = Question(
        columns=(
            *aliased(columns),
            *aliased(
                {
                    "lon": exp.Avg(this=col(LON)),
                    "lat": exp.Avg(this=col(LAT)),
                    "rows": exp.Count(this=exp.Star()),
                }
            ),
        ),
        where=condition,
        group_by=tuple(each.copy() for each in columns.values()),
        limit=(across + 1) * (up + 1),
    )
    rows = lake.answer(asked.table, question).rows
    return tuple(Placed(lon, lat, int(number), "", 0) for _x, _y, lon, lat, number in rows)


def _fewer(heaps: tuple[Placed, ...], window: Window) -> tuple[Placed, ...]:
    """The same heaps in larger squares, for small screens."""
    squares: dict[tuple[int, int], list[Placed]] = defaultdict(list)
    for each in heaps:
        x, y = window.at(each.lon, each.lat)
        squares[int(x * FEW[0]), int(y * FEW[1])].append(each)
    made = []
    for some in squares.values():
        rows = sum(each.rows for each in some)
        lon, lat = (sum(at * each.rows for at, each in zip(axis, some, strict=True)) / rows
                    for axis in ([each.lon for each in some], [each.lat for each in some]))  # fmt: skip
        made.append(Placed(lon, lat, rows, "", 0))
    return tuple(made)


def _square(name: str, start: float, size: float) -> exp.Expr:
    part = exp.Div(this=exp.paren(exp.Sub(this=col(name), expression=value(start))), expression=value(size))
    return exp.cast(exp.Floor(this=part), "INTEGER")


def _shapes(asked: Asked, condition: exp.Expr | None) -> tuple[tuple[BaseGeometry, str, int], ...]:
    place, label = asked.table.place, named_by(asked)
    assert place is not None
    named = col(label.name) if label else exp.null()
    question = Question(columns=(col(place.name), named, col(ROW)), where=condition, limit=SHAPES)
    found = []
    for shape, text, row in lake.answer(asked.table, question).rows:
        if shape is not None:
            found.append((shapely.from_wkb(bytes(shape)), _named(label, text, row), row))
    return tuple(found)
