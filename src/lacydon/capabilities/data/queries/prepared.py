"""A table written as text, made into a Parquet file in the shape of a version: for what a territory folder holds.

Its types are declared, not guessed, so that each wrong cell can be told with its line. What people send goes another
way (queries/intake), which reads anything and is made for size.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import shapely
from django.utils.translation import gettext as _
from shapely.errors import ShapelyError

from .columns import BOX, LAT, LON, ROW, STORED, Column
from .engine import PARQUET, literal
from .lake import caged

YES: Final = frozenset({"true", "oui", "1"})
NO: Final = frozenset({"false", "non", "0"})


@dataclass(frozen=True, slots=True)
class WrongCell:
    """One cell, or one line, that is not what its column says."""

    line: int
    found: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Rows ready to be written; `faults` says what is wrong, and then there is nothing to write."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    faults: tuple[WrongCell, ...]


def prepared(
    text: str,
    *,
    columns: Sequence[Column],
    headers: Mapping[str, str],
    points: Mapping[str, tuple[str, str]],
) -> Prepared:
    """A CSV file (comma, header, UTF-8) as rows of these columns.

    `headers`: name of a column → what the header says, when that is something else. `points`: name of a column made of
    two others, longitude and latitude.
    """
    faults: list[WrongCell] = []
    written = [each for each in columns if each.name not in points]
    expected = [headers.get(each.name, each.name) for each in written]
    reader = csv.reader(text.splitlines(), strict=True)
    rows: list[tuple[Any, ...]] = []
    try:
        header = next(reader, [])
        if header != expected:
            return Prepared(columns=tuple(columns), rows=(), faults=(_wrong_header(header, expected),))
        for cells in reader:
            if len(cells) != len(expected):
                faults.append(
                    WrongCell(reader.line_num, _("%d cellules") % len(cells), _("%d cellules") % len(expected))
                )
                continue
            row = dict(_values(written, cells, reader.line_num, faults))
            rows.append(tuple(_cell(each, row, points) for each in columns))
    except csv.Error as error:
        faults.append(WrongCell(reader.line_num, str(error), _("du CSV bien formé")))
    return Prepared(columns=tuple(columns), rows=tuple(rows), faults=tuple(faults))


def _wrong_header(found: Sequence[str], expected: Sequence[str]) -> WrongCell:
    return WrongCell(1, _("les colonnes %s") % ", ".join(found), _("les colonnes %s") % ", ".join(expected))


def _values(
    columns: Sequence[Column], cells: Sequence[str], line: int, faults: list[WrongCell]
) -> Iterator[tuple[str, Any]]:
    for column, cell in zip(columns, cells, strict=True):
        text = cell.strip()
        value = None
        if text:
            try:
                value = READ[column.type](text)
            except (ValueError, ShapelyError):
                faults.append(WrongCell(line, f"« {text[:60]} »", f"{column.name} : {_expected(column)}"))
        elif not column.nullable:
            faults.append(WrongCell(line, _("rien"), f"{column.name} : {_expected(column)}"))
        yield column.name, value


def _cell(column: Column, row: Mapping[str, Any], points: Mapping[str, tuple[str, str]]) -> Any:
    if column.name not in points:
        return row[column.name]
    lon, lat = (row[name] for name in points[column.name])
    return None if lon is None or lat is None else shapely.Point(lon, lat)


def _expected(column: Column) -> str:
    return {
        "integer": _("un nombre entier"),
        "number": _("un nombre, avec un point"),
        "boolean": _("oui ou non"),
        "date": _("une date comme 2023-01-01"),
        "datetime": _("une date et une heure comme 2023-01-01T09:30:00Z"),
        "time": _("une heure comme 09:30"),
        "point": _("un point en WKT, longitude puis latitude"),
        "shape": _("une forme en WKT, longitude puis latitude"),
        "json": _("du JSON"),
    }.get(column.type, _("un texte"))


def _boolean(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise ValueError(text)


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def _number(text: str) -> float:
    read = float(text)
    if read - read != 0 or "_" in text:  # infinite, or not a number
        raise ValueError(text)
    return read


def _integer(text: str) -> int:
    read = int(text)
    if not -(2**63) <= read < 2**63 or "_" in text:
        raise ValueError(text)
    return read


def _shape(text: str) -> Any:
    shape = shapely.from_wkt(text)
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(text)
    return shape


def _json(text: str) -> str:
    json.loads(text)
    return text


READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "text": str,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": date.fromisoformat,
    "datetime": _moment,
    "time": time.fromisoformat,
    "point": _shape,
    "shape": _shape,
    "json": _json,
}


def write(table: Prepared, *, ordered_by: Sequence[str], to: Path) -> None:
    """The rows as a Parquet file in the shape of a version (queries/columns.py). The same rows give the same bytes."""
    made: dict[str, tuple[str, list[Any]]] = {}
    for at, column in enumerate(table.columns):
        values = [row[at] for row in table.rows]
        if column.placed:
            values = [None if shape is None else shapely.to_wkb(shape) for shape in values]
        made[column.name] = (STORED[column.type], values)
    place = next((at for at, column in enumerate(table.columns) if column.placed), None)
    if place is not None:
        made |= _hidden([row[place] for row in table.rows], box=table.columns[place].type == "shape")
    made[ROW] = ("BIGINT", list(range(1, len(table.rows) + 1)))
    order = ", ".join(_quoted(name) for name in (*ordered_by, ROW))
    columns = ", ".join(
        f"unnest(${at}::{kind}[]) AS {_quoted(name)}" for at, (name, (kind, _values)) in enumerate(made.items(), 1)
    )
    base = caged(directories=[to.parent], memory="512MB", threads=1)
    with suppress(FileNotFoundError):
        to.unlink()
    try:
        making = f"CREATE TABLE made AS SELECT {columns}"
        base.execute(making, [values for _kind, values in made.values()])
        base.execute(
            f"COPY (SELECT * FROM made ORDER BY {order}) TO {literal(str(to.resolve()))}"  # noqa: S608 (names of ours)
            f" ({PARQUET})"
        )
    finally:
        base.close()


def _hidden(shapes: Sequence[Any], *, box: bool) -> dict[str, tuple[str, list[Any]]]:
    """Where each is: a point on it, and the box around it when it is more than a point."""
    points = [None if shape is None else shape.representative_point() for shape in shapes]
    bounds = [(None,) * 4 if shape is None else shape.bounds for shape in shapes]
    made = {LON: [point and point.x for point in points], LAT: [point and point.y for point in points]}
    if box:
        made |= {name: [each[at] for each in bounds] for at, name in enumerate(BOX)}
    return {name: ("DOUBLE", values) for name, values in made.items()}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
