"""How many rows have each value of a column, for a guided search."""

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlglot import exp

from . import lake, logical
from .columns import Column
from .logical import Question, Table, aliased, by, col
from .odsql import refining
from .odsql.comparing import local
from .odsql.values import Typed, call

MOST_VALUES = 100
UNLISTED = frozenset("email phone url uuid siren siret iban address person-name latitude longitude".split())
"""Kinds that are nearly different on every row: nobody picks one in a list."""
LEVELS = ("%Y", "%m", "%d")


def is_facet(column: Column) -> bool:
    """Whether people would pick one of its values in a list."""
    return column.type in ("text", "boolean", "date", "datetime") and column.kind not in UNLISTED


def facets(
    table: Table,
    *,
    names: Sequence[str],
    where: exp.Expr | None,
    refine: Iterable[str],
    exclude: Iterable[str],
    zone: ZoneInfo,
) -> list[dict[str, Any]]:
    """The values of each column and their counts among the rows asked for, in the shape of the Explore API."""
    refined, excluded = _by_name(table, refine, "refine"), _by_name(table, exclude, "exclude")
    made = []
    for name in names:
        column = refining.column_of(table, name, clause="facet")
        chosen = refined.get(column.name, [])
        if column.type in ("date", "datetime"):
            values = _in_time(table, column, where, chosen, zone)
        else:
            values = _values(table, column, where, chosen)
        values += [{"name": each, "state": "excluded", "value": each} for each in excluded.get(column.name, [])]
        made.append({"name": name, "facets": values})
    return made


def _by_name(table: Table, said: Iterable[str], clause: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in refining.pairs(said, clause=clause):
        found.setdefault(refining.column_of(table, name, clause=clause).name, []).append(value)
    return found


def _counts(table: Table, key: exp.Expr, where: exp.Expr | None, *, in_order: bool = False) -> list[tuple[Any, int]]:
    count = exp.Count(this=exp.Star(), big_int=True)
    first = by(key.copy()) if in_order else by(count.copy(), falling=True)
    question = Question(
        columns=aliased({"value": key, "count": count}),
        where=where,
        group_by=(key.copy(),),
        order_by=(first,),
        limit=MOST_VALUES,
    )
    return _pairs(lake.answer(table, question))


def _listed(table: Table, column: Column, where: exp.Expr | None) -> list[tuple[Any, int]]:
    """The same for a column of lists: each row counts for every value it has."""
    values = exp.Anonymous(
        this="unnest", expressions=[call("list_distinct", call("json_extract_string", col(column.name), "$[*]"))]
    )
    inner = logical.select_of(Question(columns=aliased({"value": values}), where=where), table).subquery("values_of_it")
    count = exp.Count(this=exp.Star(), big_int=True)
    made = exp.select(col("value"), count).from_(inner).group_by(col("value"))
    made = made.order_by(by(count.copy(), falling=True), by(col("value"))).limit(MOST_VALUES)
    return _pairs(lake.run(made.sql(dialect=logical.DIALECT), spatial=lake.is_spatial(made)))


def _pairs(answer: lake.Answer) -> list[tuple[Any, int]]:
    return [(value, int(number)) for value, number in answer.rows if value is not None]


def _values(table: Table, column: Column, where: exp.Expr | None, chosen: Sequence[str]) -> list[dict[str, Any]]:
    counts = _listed(table, column, where) if column.type == "json" else _counts(table, col(column.name), where)
    shown = [_shown(value) for value in chosen]
    return [
        {"name": _shown(value), "count": number, "state": _state(_shown(value), shown), "value": _shown(value)}
        for value, number in counts
    ]


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _state(value: str, chosen: Sequence[str]) -> str:
    return "refined" if value in chosen else "displayed"


def _in_time(
    table: Table, column: Column, where: exp.Expr | None, chosen: Sequence[str], zone: ZoneInfo
) -> list[dict[str, Any]]:
    """Years; below the one refined, its months; below the month refined, its days."""
    clock = local(Typed(col(column.name), column.type), zone)
    paths = [each.replace("-", "/").split("/") for each in chosen]
    deepest = min(max((len(each) for each in paths), default=0) + 1, len(LEVELS))
    pattern = "/".join(LEVELS[:deepest])
    found: dict[str, dict[str, Any]] = {}
    top: list[dict[str, Any]] = []
    for value, number in _counts(table, call("strftime", clock, pattern), where, in_order=True):
        parts, siblings = str(value).split("/"), top
        for depth in range(1, len(parts) + 1):
            whole = "/".join(parts[:depth])
            node = found.get(whole)
            if node is None:
                state = "refined" if parts[:depth] in [each[:depth] for each in paths] else "displayed"
                node = found[whole] = {"name": parts[depth - 1], "count": 0, "state": state, "value": whole}
                siblings.append(node)
            node["count"] += number
            if depth < len(parts):
                siblings = node.setdefault("facets", [])
    return top
