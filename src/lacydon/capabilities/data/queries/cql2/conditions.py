"""The tree of a filter, as CQL2 has it in JSON, to a condition on a table.

Classes of conformance: basic and advanced comparison, case- and accent-insensitive comparison, property-property,
arithmetic, basic spatial and spatial functions, temporal functions. Arrays are not known: no column is one.
"""

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp

from ...errors import WrongQuestion
from .. import places
from ..columns import Column
from ..logical import Table, col

DEEPEST = 80
Drawn = Callable[[str], str]
"""A geometry as it was written (WKT or GeoJSON) to one in WGS 84, longitude first."""
COMPARISONS: Mapping[str, type[exp.Binary]] = {
    "=": exp.EQ, "<>": exp.NEQ, "<": exp.LT, ">": exp.GT, "<=": exp.LTE, ">=": exp.GTE,
}  # fmt: skip
ARITHMETIC: Mapping[str, type[exp.Binary]] = {
    "+": exp.Add, "-": exp.Sub, "*": exp.Mul, "/": exp.Div, "%": exp.Mod, "div": exp.IntDiv, "^": exp.Pow,
}  # fmt: skip
FOLDED = {"casei": "lower", "accenti": "strip_accents"}
SPATIAL = ("intersects", "disjoint", "within", "contains", "crosses", "equals", "overlaps", "touches")
TURNED = {"within": "contains", "contains": "within"}
"""What a relation is when it is said from the other side; the others are the same."""
TEMPORAL = (
    "after", "before", "contains", "disjoint", "during", "equals", "finishedby", "finishes", "intersects", "meets",
    "metby", "overlappedby", "overlaps", "startedby", "starts",
)  # fmt: skip
INSTANT = "TIMESTAMPTZ"
LAST_OF_DAY = timedelta(days=1) - timedelta(microseconds=1)


def condition(tree: Any, table: Table, *, drawn: Drawn = lambda text: text) -> exp.Expr:
    """Raises WrongQuestion, UnknownColumn."""
    return Maker(table, drawn).truth(tree, 0)


class Maker:
    def __init__(self, table: Table, drawn: Drawn) -> None:
        self.table = table
        self.drawn = drawn

    def truth(self, tree: Any, depth: int) -> exp.Expr:
        """What is true or false."""
        if isinstance(tree, bool):
            return exp.convert(tree)
        op, args = self._op(tree, depth)
        if op in ("and", "or") and args:
            parts = [self.truth(each, depth + 1) for each in args]
            return exp.and_(*parts) if op == "and" else exp.or_(*parts)
        if op == "not" and len(args) == 1:
            return exp.Not(this=exp.paren(self.truth(args[0], depth + 1)))
        if op in COMPARISONS and len(args) == 2:
            return exp.paren(COMPARISONS[op](this=self.scalar(args[0], depth), expression=self.scalar(args[1], depth)))
        if op == "like" and len(args) == 2:
            like = exp.Like(this=self.text(args[0], depth), expression=self.text(args[1], depth))
            return exp.Escape(this=like, expression=exp.Literal.string("\\"))
        if op == "between" and len(args) == 3:
            value, low, high = (self.scalar(each, depth) for each in args)
            return exp.paren(exp.Between(this=value, low=low, high=high))
        if op == "in" and len(args) == 2 and isinstance(args[1], list) and len(args[1]) <= 1_000:
            if not args[1]:
                return exp.false()
            return exp.In(this=self.scalar(args[0], depth), expressions=[self.scalar(each, depth) for each in args[1]])
        if op == "isnull" and len(args) == 1:
            return exp.paren(exp.Is(this=self.scalar(args[0], depth, placed=True), expression=exp.Null()))
        if op == "" and (column := self._column(tree)) is not None and column.type == "boolean":
            return col(column.name)
        if op.startswith("s_") and op[2:] in SPATIAL and len(args) == 2:
            return self.related(op[2:], args)
        if op.startswith("t_") and op[2:] in TEMPORAL and len(args) == 2:
            return self.timed(op[2:], args)
        raise _unknown(op or tree)

    def scalar(self, tree: Any, depth: int, *, placed: bool = False) -> exp.Expr:
        """A value: a text, a number, a date, a boolean."""
        if depth > DEEPEST:
            raise WrongQuestion(_("Ce filtre est trop imbriqué."))
        if isinstance(tree, str | bool):
            return exp.convert(tree)
        if isinstance(tree, int | float):
            if not math.isfinite(tree):
                raise WrongQuestion(_("Un nombre est fini."))
            return exp.paren(exp.convert(tree)) if tree < 0 else exp.convert(tree)
        if (column := self._column(tree)) is not None:
            if column.placed and not placed:
                raise WrongQuestion(_("« %s » est un lieu : comparez-le avec S_INTERSECTS.") % column.name)
            return col(column.name)
        if isinstance(tree, dict) and "date" in tree:
            return exp.cast(exp.Literal.string(_day(tree["date"]).isoformat()), "DATE", dialect="duckdb")
        if isinstance(tree, dict) and "timestamp" in tree:
            return _instant(_moment(tree["timestamp"]))
        op, args = self._op(tree, depth)
        if op in FOLDED and len(args) == 1:
            return exp.func(FOLDED[op], self.text(args[0], depth + 1), dialect="duckdb")
        if op in ARITHMETIC and len(args) == 2:
            left, right = (self.scalar(each, depth + 1) for each in args)
            return exp.paren(ARITHMETIC[op](this=left, expression=right))
        raise _unknown(op or tree)

    def text(self, tree: Any, depth: int) -> exp.Expr:
        made = self.scalar(tree, depth)
        column = self._column(tree)
        if column is not None and column.type not in ("text", "json"):
            raise WrongQuestion(_("« %s » n’est pas un texte.") % column.name)
        return made

    def related(self, relation: str, args: list[Any]) -> exp.Expr:
        """Where one is in relation to the other: a column of places, and a geometry."""
        column = self._column(args[0])
        other = args[1]
        if column is None:
            column, other, relation = self._column(args[1]), args[0], TURNED.get(relation, relation)
        if column is None or not column.placed or self._column(other) is not None:
            raise WrongQuestion(_("Une relation de lieu compare une colonne de lieux à une géométrie."))
        if isinstance(other, dict) and "bbox" in other:
            other = {"wkt": _box(other["bbox"])}
        if not isinstance(other, dict) or not ("wkt" in other or "type" in other):
            raise WrongQuestion(_("Une géométrie s’écrit en WKT, en GeoJSON, ou BBOX(ouest, sud, est, nord)."))
        written = self.drawn(other["wkt"] if "wkt" in other else json.dumps(other))
        match relation:
            case "intersects":
                return exp.paren(places.intersects(column, written))
            case "within":
                return exp.paren(places.within(column, written))
            case "disjoint":
                return exp.paren(places.disjoint(column, written))
        shape = exp.Anonymous(this="st_geomfromwkb", expressions=[col(column.name)])
        drawn = exp.Anonymous(
            this="st_geomfromtext", expressions=[exp.Literal.string(places.read_geometry(written).wkt)]
        )
        return exp.Anonymous(this=f"st_{relation}", expressions=[shape, drawn])

    def timed(self, relation: str, args: list[Any]) -> exp.Expr:
        """When one is in relation to the other; a day is an interval (7.13 of the standard)."""
        (a1, a2), (b1, b2) = (self.interval(each) for each in args)

        def both(*pairs: tuple[exp.Expr, type[exp.Binary], exp.Expr]) -> exp.Expr:
            return exp.paren(
                exp.and_(*(kind(this=left.copy(), expression=right.copy()) for left, kind, right in pairs))
            )

        match relation:
            case "after":
                return both((a1, exp.GT, b2))
            case "before":
                return both((a2, exp.LT, b1))
            case "contains":
                return both((a1, exp.LT, b1), (a2, exp.GT, b2))
            case "disjoint":
                return exp.paren(exp.or_(both((a2, exp.LT, b1)), both((a1, exp.GT, b2))))
            case "during":
                return both((a1, exp.GT, b1), (a2, exp.LT, b2))
            case "equals":
                return both((a1, exp.EQ, b1), (a2, exp.EQ, b2))
            case "finishedby":
                return both((a1, exp.LT, b1), (a2, exp.EQ, b2))
            case "finishes":
                return both((a1, exp.GT, b1), (a2, exp.EQ, b2))
            case "intersects":
                return both((a1, exp.LTE, b2), (a2, exp.GTE, b1))
            case "meets":
                return both((a2, exp.EQ, b1))
            case "metby":
                return both((a1, exp.EQ, b2))
            case "overlappedby":
                return both((a1, exp.GT, b1), (a1, exp.LT, b2), (a2, exp.GT, b2))
            case "overlaps":
                return both((a1, exp.LT, b1), (a2, exp.GT, b1), (a2, exp.LT, b2))
            case "startedby":
                return both((a1, exp.EQ, b1), (a2, exp.GT, b2))
            case _:
                return both((a1, exp.EQ, b1), (a2, exp.LT, b2))

    def interval(self, tree: Any) -> tuple[exp.Expr, exp.Expr]:
        """First and last instant."""
        if isinstance(tree, dict) and isinstance(tree.get("interval"), list) and len(tree["interval"]) == 2:
            start, end = tree["interval"]
            low = exp.cast(exp.Literal.string("-infinity"), INSTANT, dialect="duckdb")
            high = exp.cast(exp.Literal.string("infinity"), INSTANT, dialect="duckdb")
            return (low if start == ".." else self.interval(start)[0], high if end == ".." else self.interval(end)[1])
        if (column := self._column(tree)) is not None:
            if column.type not in ("date", "datetime"):
                raise WrongQuestion(_("« %s » n’est pas une date.") % column.name)
            start = exp.cast(col(column.name), INSTANT, dialect="duckdb")
            if column.type == "datetime":
                return start, start
            day = exp.Interval(this=exp.Literal.string("86399.999999"), unit=exp.var("SECONDS"))
            return start, exp.paren(exp.Add(this=start.copy(), expression=day))
        if isinstance(tree, dict) and len(tree) == 1:
            tree = next(iter(tree.values()))
        if not isinstance(tree, str):
            raise WrongQuestion(_("On attend une date, un instant ou un intervalle."))
        first = _moment(tree)
        return _instant(first), _instant(first + LAST_OF_DAY if "T" not in tree.upper() else first)

    def _column(self, tree: Any) -> Column | None:
        if isinstance(tree, dict) and isinstance(tree.get("property"), str):
            return self.table.column(tree["property"])
        return None

    def _op(self, tree: Any, depth: int) -> tuple[str, list[Any]]:
        if depth > DEEPEST:
            raise WrongQuestion(_("Ce filtre est trop imbriqué."))
        if not isinstance(tree, dict) or not isinstance(tree.get("op", ""), str):
            raise _unknown(tree)
        args = tree.get("args", [])
        return tree.get("op", "").lower(), args if isinstance(args, list) else []


def _unknown(what: Any) -> WrongQuestion:
    said = what if isinstance(what, str) else json.dumps(what, ensure_ascii=False, default=str)
    return WrongQuestion(_("« %s » n’est pas compris dans ce filtre.") % said[:60])


def _day(said: Any) -> date:
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError) as error:
        raise WrongQuestion(_("« %s » n’est pas une date comme 2026-01-31.") % str(said)[:40]) from error


def _moment(said: Any) -> datetime:
    """An instant; that of a day is its first."""
    try:
        made = datetime.fromisoformat(said)
        made = made if made.tzinfo else made.replace(tzinfo=UTC)
        return made.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise WrongQuestion(_("« %s » n’est pas un instant comme 2026-01-31T14:30:00Z.") % str(said)[:40]) from error


def _instant(moment: datetime) -> exp.Expr:
    return exp.cast(exp.Literal.string(moment.isoformat(" ")), INSTANT, dialect="duckdb")


def _box(said: Any) -> str:
    """A box as WKT; its heights, when it has some, are left out."""
    numbers = said if isinstance(said, list) else []
    if len(numbers) not in (4, 6) or not all(isinstance(each, int | float) and math.isfinite(each) for each in numbers):
        raise WrongQuestion(_("Un cadre a quatre nombres : ouest, sud, est, nord."))
    west, south = numbers[:2]
    east, north = numbers[len(numbers) // 2 :][:2]
    return f"POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"
