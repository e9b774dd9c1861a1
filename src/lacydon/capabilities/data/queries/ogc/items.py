"""What is asked of a collection, as a question of its table, and the features that answer."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp

from ...errors import UnknownDataset, WrongQuestion
from .. import cql2, lake, places
from ..columns import ROW, Column
from ..logical import Question, Table, both, by, col
from .crs import CRS84, Crs, box, crs_named, drawn_in, geojson_of, told_in

USUAL, MOST = 10, 10_000
PARAMETERS = frozenset(
    {"limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs", "sortby",
     "properties", "f", "lang"}
)  # fmt: skip
STORED = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
    "time": "TIME",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    table: Table
    crs: Crs
    properties: tuple[Column, ...]
    where: exp.Expr | None
    order: tuple[exp.Expr, ...]
    limit: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Features as texts of GeoJSON; how many there are on all pages."""

    features: list[str]
    matched: int


def asked_of(table: Table, said: Mapping[str, str]) -> Asked:
    """Raises WrongQuestion, UnknownColumn. `said`: the parameters, those of `PARAMETERS` or names of columns."""
    crs = crs_named(said["crs"]) if said.get("crs") else CRS84
    conditions = [
        _in_box(table, said),
        _at(table, said["datetime"]) if said.get("datetime") else None,
        _filter(table, said),
        *(_equal(table.column(name), text) for name, text in said.items() if name not in PARAMETERS),
    ]
    return Asked(
        table=table,
        crs=crs,
        properties=properties_of(table, said.get("properties")),
        where=both(*conditions),
        order=tuple(_order(table, said.get("sortby", ""))),
        limit=min(number(said.get("limit"), "limit", usual=USUAL, least=1), MOST),
        offset=number(said.get("offset"), "offset", usual=0, least=0),
    )


def page_of(asked: Asked) -> Page:
    question = Question(where=asked.where, order_by=asked.order, limit=asked.limit, offset=asked.offset)
    return Page(features=_features(asked.table, question, asked), matched=lake.count(asked.table, asked.where))


def one(table: Table, id: str, *, crs: Crs = CRS84) -> str:
    """The feature of this identifier: its place in the version, from 1. Raises UnknownDataset."""
    if id.isascii() and id.isdecimal() and len(id) <= 15:
        asked = Asked(
            table=table, crs=crs, properties=properties_of(table, None), where=None, order=(), limit=1, offset=0
        )
        where = exp.EQ(this=col(ROW), expression=exp.Literal.number(int(id)))
        if found := _features(table, Question(where=where, limit=1), asked):
            return found[0]
    raise UnknownDataset(_("Il n’y a pas d’objet « %s » dans cette collection.") % id[:40])


def properties_of(table: Table, said: str | None) -> tuple[Column, ...]:
    """The columns told as properties: all but places, or those named."""
    if said is None:
        return tuple(each for each in table.columns if each is not table.place)
    named = dict.fromkeys(each.strip() for each in said.split(",") if each.strip())
    return tuple(column for column in (table.column(each) for each in named) if column is not table.place)


def moment_of(table: Table) -> Column | None:
    """The column that says when: one the rows are sorted by, or the first."""
    dates = [each for each in table.columns if each.type in ("date", "datetime")]
    return next((each for each in dates if each.name in table.ordered_by), dates[0] if dates else None)


def number(said: str | None, name: str, *, usual: int, least: int) -> int:
    if said is None:
        return usual
    if not (said.isascii() and said.isdecimal() and len(said) <= 12) or int(said) < least:
        raise WrongQuestion(
            _("« %(name)s » est un nombre entier, au moins %(least)d.") % {"name": name, "least": least}
        )
    return int(said)


def _features(table: Table, question: Question, asked: Asked) -> list[str]:
    place = table.place
    columns = [exp.alias_(col(ROW), "_row", quoted=True)]
    if place is not None:
        columns.append(exp.alias_(told_in(asked.crs, col(place.name)), "_geometry", quoted=True))
    columns += [col(each.name) for each in asked.properties]
    made = Question(
        columns=tuple(columns),
        where=question.where,
        order_by=question.order_by,
        limit=question.limit,
        offset=question.offset,
    )
    rows = lake.answer(table, made, limits=lake.Limits(rows=MOST)).rows
    shapes = geojson_of([row[1] for row in rows], crs=asked.crs) if place is not None else ["null"] * len(rows)
    first = 1 if place is None else 2
    names = [each.name for each in asked.properties]
    json_kept = {each.name for each in asked.properties if each.type == "json"}
    features = []
    for row, shape in zip(rows, shapes, strict=True):
        told = {
            name: _plain(value, json_kept=name in json_kept) for name, value in zip(names, row[first:], strict=True)
        }
        properties = json.dumps(told, ensure_ascii=False, allow_nan=False)
        features.append(f'{{"type":"Feature","id":{row[0]},"geometry":{shape},"properties":{properties}}}')
    return features


def _plain(cell: Any, *, json_kept: bool) -> Any:
    if isinstance(cell, datetime) and cell.tzinfo:
        return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(cell, date | datetime | time):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, float) and not isfinite(cell):
        return None
    if isinstance(cell, bytes):
        return cell.hex()
    if json_kept and isinstance(cell, str):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return cell


def _in_box(table: Table, said: Mapping[str, str]) -> exp.Expr | None:
    if "bbox-crs" in said and "bbox" not in said:
        crs_named(said["bbox-crs"])
    if not said.get("bbox"):
        return None
    wanted = box(said["bbox"], crs=crs_named(said["bbox-crs"]) if said.get("bbox-crs") else CRS84)
    if table.place is None:
        return exp.false()
    if isinstance(wanted, str):
        return places.intersects(table.place, wanted)
    west, south, east, north = wanted
    if table.place.type == "point" or west > east:
        return places.in_bbox(table.place, west=west, south=south, east=east, north=north)
    corners = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
    return places.intersects(table.place, f"POLYGON(({corners}))")


def _filter(table: Table, said: Mapping[str, str]) -> exp.Expr | None:
    crs = crs_named(said["filter-crs"]) if said.get("filter-crs") else CRS84
    way = said.get("filter-lang", "cql2-text")
    if way not in ("cql2-text", "cql2-json", "cql-text"):
        raise WrongQuestion(_("« filter-lang » est cql2-text ou cql2-json."))
    if not said.get("filter"):
        return None
    if way == "cql2-json":
        try:
            tree = json.loads(said["filter"])
        except (ValueError, RecursionError) as error:
            raise WrongQuestion(_("Ce filtre n’est pas du JSON bien formé.")) from error
    else:
        tree = cql2.read_text(said["filter"])
    return cql2.condition(tree, table, drawn=lambda text: drawn_in(crs, text))


def _equal(column: Column, text: str) -> exp.Expr:
    """A parameter named after a column: rows where it is this."""
    if column.placed:
        raise WrongQuestion(_("« %s » est un lieu : comparez-le avec S_INTERSECTS.") % column.name)
    wanted: exp.Expr = exp.Literal.string(text)
    if column.type in STORED:
        wanted = exp.TryCast(this=wanted, to=exp.DataType.build(STORED[column.type], dialect="duckdb"))
    return exp.EQ(this=col(column.name), expression=wanted)


def _order(table: Table, said: str) -> list[exp.Expr]:
    made: list[exp.Expr] = []
    for each in (part.strip() for part in said.split(",")):
        if not each:
            continue
        column = table.column(re.sub(r"^[+-]", "", each))
        if column.placed:
            raise WrongQuestion(_("On ne trie pas par un lieu."))
        made.append(by(col(column.name), falling=each.startswith("-")))
    return made


def _at(table: Table, said: str) -> exp.Expr | None:
    """`datetime` (part 1, 7.15.4): rows whose moment is in it; all of them when the table has none."""
    start, slash, end = said.partition("/")
    if not slash:
        end = start
    low, high = (
        None if each in ("", "..") else _moment(each, last=last) for each, last in ((start, False), (end, True))
    )
    if (low is None and high is None and not slash) or (low and high and low > high):
        raise WrongQuestion(
            _("« datetime » est un instant ou un intervalle : 2026-01-01/2026-01-31, ou 2026-01-01/...")
        )
    column = moment_of(table)
    if column is None:
        return None
    held: list[exp.Expr] = []
    for bound, kind in ((low, exp.GTE), (high, exp.LTE)):
        if bound is not None:
            written = bound.date().isoformat() if column.type == "date" else bound.isoformat(" ")
            literal = exp.cast(exp.Literal.string(written), STORED[column.type], dialect="duckdb")
            held.append(kind(this=col(column.name), expression=literal))
    return both(*held)


def _moment(said: str, *, last: bool) -> datetime:
    """An instant in UTC; of a day, its first or its last."""
    try:
        made = datetime.fromisoformat(said)
        made = made if made.tzinfo else made.replace(tzinfo=UTC)
        made = made.astimezone(UTC)
        return made + timedelta(days=1, microseconds=-1) if last and len(said) == 10 else made
    except (ValueError, OverflowError) as error:
        raise WrongQuestion(_("« %s » n’est pas un instant comme 2026-01-31T14:30:00Z.") % said[:40]) from error
