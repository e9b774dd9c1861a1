"""Where the rows of a version come from: the file that was sent, or the versions and the SQL they were made of."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from sqlglot import exp

from ..models import Recipe
from . import lake, sandbox
from .columns import BOX, LAT, LON, ROW, Column, ColumnType
from .datasets import VersionView
from .engine import PARQUET, literal
from .logical import DIALECT, Table, col
from .sandbox import Reading

SECONDS = 600.0
"""Of making a derived table."""


def whole_table(version: VersionView) -> Table:
    """All the rows of a version, whoever reads them: for who has already asked, and for the house itself."""
    return Table(
        dataset=version.dataset,
        number=version.number,
        content=version.content,
        paths=(version.path,),
        columns=version.columns,
        rows=version.rows,
        ordered_by=version.ordered_by,
    )


def derived_from(dataset: str) -> list[str]:
    """The datasets whose recipe reads this one."""
    return [each.dataset_id for each in Recipe.objects.order_by("dataset_id") if dataset in each.inputs]


def all_inputs(dataset: str) -> set[str]:
    """Every dataset this one is made of, near or far."""
    recipes = dict(Recipe.objects.values_list("dataset_id", "inputs"))
    found: set[str] = set()
    waiting = list(recipes.get(dataset, ()))
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += recipes.get(each, ())
    return found


def computed(reading: Reading, tables: Mapping[str, Table]) -> tuple[Path, tuple[Column, ...]]:
    """The rows of a recipe over these tables, as a file that can be published, and its columns.

    `tables` are by the names the SQL gives them. Raises WrongQuestion, TooMuch: the sandbox has looked at the text, and
    bound it, before the engine that may write does.
    """
    limits = lake.Limits(seconds=sandbox.limits_of_anybody().seconds, rows=0)
    bound = sandbox.answer(reading, tables, limits=limits)
    known = {each.name: each for table in tables.values() for each in table.columns}
    columns = tuple(_column(name, kind, known.get(name)) for name, kind in bound.columns)
    file = lake.workshop() / f"{uuid4().hex}.parquet"
    text = _copied(reading, tables, columns, file)
    with lake.asking(seconds=SECONDS, spatial=any(each.placed for each in columns)) as cursor:
        cursor.execute(text)
    return file, columns


def _column(name: str, kind: ColumnType, like: Column | None) -> Column:
    """A column of the result: described as the one of that name it comes from, when it is still of that type."""
    if like is not None and (like.type == kind or like.placed):
        return replace(like, drawn=False)
    return Column(name=name, label=name, type=kind)


def _copied(reading: Reading, tables: Mapping[str, Table], columns: Sequence[Column], file: Path) -> str:
    """SQL that writes the file in the shape of a version (queries/columns.py)."""
    views = ", ".join(
        f"{exp.to_identifier(name, quoted=True).sql(DIALECT)} AS ({sandbox.view_of(table)})"
        for name, table in tables.items()
    )
    placed = next((each for each in columns if each.placed), None)
    shown = [_as_kept(each) for each in columns]
    hidden = [f'row_number() OVER () AS "{ROW}"']
    if placed:
        shape = f"st_geomfromtext({col(placed.name).sql(DIALECT)})"
        hidden += [f"st_x(st_pointonsurface({shape})) AS {LON}", f"st_y(st_pointonsurface({shape})) AS {LAT}"]
        if placed.type == "shape":
            ends = zip(BOX, ("st_xmin", "st_ymin", "st_xmax", "st_ymax"), strict=True)
            hidden += [f"{function}({shape}) AS {name}" for name, function in ends]
    listed = ", ".join([*shown, *hidden])
    made = f"WITH {views}, result_of_it AS ({reading.sql}) SELECT {listed} FROM result_of_it"  # noqa: S608
    return f"COPY ({made}) TO {literal(str(file))} ({PARQUET})"


def _as_kept(column: Column) -> str:
    name = col(column.name).sql(DIALECT)
    return f"st_aswkb(st_geomfromtext({name})) AS {name}" if column.placed else name
