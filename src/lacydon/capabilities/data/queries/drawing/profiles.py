"""What is in the columns of a version: how many values, how many are missing, from where to where.

A version never changes, so what was counted of it is kept in the memory of the process, by its content.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlglot import exp

from .. import lake
from ..columns import LAT, LON, Column
from ..logical import DIALECT, Question, Table, aliased, by, col
from .asked import Asked

FACETS = 4
FACET_VALUES = 12
MOST_PROFILED = 60
"""Columns that are looked into; a table may have thousands."""
BIG = 2_000_000
"""Rows above which counts of values are those of the whole table, and not of what is filtered."""
KEPT = 512


@dataclass(frozen=True, slots=True)
class Profile:
    """Of one column: about how many values there are, exactly how many cells are empty, its ends."""

    column: Column
    distinct: int
    missing: int
    low: Any = None
    high: Any = None


_held: "OrderedDict[Hashable, Any]" = OrderedDict()
_lock = Lock()


def kept(table: Table, what: Hashable, make: Callable[[], Any]) -> Any:
    """What `make` gives of this table, worked out once."""
    only = table.only.sql(dialect=DIALECT) if table.only is not None else ""
    key = (table.content, only, tuple(each.name for each in table.columns), what)
    with _lock:
        if key in _held:
            _held.move_to_end(key)
            return _held[key]
    made = make()
    with _lock:
        _held[key] = made
        if len(_held) > KEPT:
            _held.popitem(last=False)
    return made


def profiles(table: Table) -> dict[str, Profile]:
    """By name of column; nothing of those that hold positions."""
    found: dict[str, Profile] = kept(table, "profiles", lambda: _profiles(table))
    return found


def _profiles(table: Table) -> dict[str, Profile]:
    columns = [each for each in table.columns if not each.placed][:MOST_PROFILED]
    if not columns:
        return {}
    asked: list[exp.Expr] = []
    for place, each in enumerate(columns):
        here = col(each.name)
        parts = {
            "distinct": exp.ApproxDistinct(this=here),
            "known": exp.Count(this=here.copy()),
            "low": exp.Min(this=here.copy()) if each.type != "json" else exp.null(),
            "high": exp.Max(this=here.copy()) if each.type != "json" else exp.null(),
        }
        asked += aliased((f"{name}{place}", part) for name, part in parts.items())
    whole = exp.alias_(exp.Count(this=exp.Star()), "all")
    (row,) = lake.answer(table, Question(columns=(whole, *asked))).rows
    made = {}
    for place, each in enumerate(columns):
        distinct, known, low, high = row[1 + 4 * place : 5 + 4 * place]
        made[each.name] = Profile(each, min(int(distinct), int(known)), int(row[0]) - int(known), low, high)
    return made


def count(asked: Asked) -> int:
    """How many rows there are."""
    condition = asked.condition
    said = condition.sql(dialect=DIALECT) if condition is not None else ""
    found: int = kept(asked.table, ("count", said), lambda: lake.count(asked.table, condition))
    return found


def facets(asked: Asked) -> list[tuple[Column, list[tuple[Any, int]]]]:
    """The few columns with few values: each value and its rows, most first. Of what the other filters keep."""
    known = profiles(asked.table)
    few = [
        each.column for each in known.values()
        if 2 <= each.distinct <= 40 and each.column.type in ("text", "boolean")
    ]  # fmt: skip
    few.sort(key=lambda column: (known[column.name].distinct > FACET_VALUES, column.kind != "citycode"))
    found = []
    for column in few[:FACETS]:
        others = asked.but(filters=tuple(each for each in asked.filters if each.column != column))
        held = values(others if asked.table.rows <= BIG else others.but(filters=(), q="", frame=None), column)
        if held:
            found.append((column, held))
    return found


def values(asked: Asked, column: Column, *, most: int = FACET_VALUES) -> list[tuple[Any, int]]:
    """The most frequent values of a column, with their rows."""
    condition = asked.condition
    here = col(column.name)
    question = Question(
        columns=(here, exp.alias_(exp.Count(this=exp.Star()), "rows")),
        where=condition,
        group_by=(here.copy(),),
        order_by=(by(exp.column("rows", quoted=True), falling=True),),
        limit=most,
    )
    said = condition.sql(dialect=DIALECT) if condition is not None else ""
    found = kept(asked.table, ("values", column.name, most, said), lambda: lake.answer(asked.table, question).rows)
    return [(text, int(rows)) for text, rows in found if text not in (None, "")]


def extent(asked: Asked) -> tuple[float, float, float, float] | None:
    """West, south, east, north of what is placed among the rows."""
    condition = asked.but(frame=None).condition
    ends = (exp.Min(this=col(LON)), exp.Min(this=col(LAT)), exp.Max(this=col(LON)), exp.Max(this=col(LAT)))
    said = condition.sql(dialect=DIALECT) if condition is not None else ""
    question = Question(columns=ends, where=condition)
    (row,) = kept(asked.table, ("extent", said), lambda: lake.answer(asked.table, question).rows)
    return None if row[0] is None else row
