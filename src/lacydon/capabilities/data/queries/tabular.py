"""The language of api-tabular (the API of rows of data.gouv.fr): filters, order, aggregates, pages, as a question.

nom__contains=eau · etals__greater=10 · citycode__in=13055,13005 · etals__sort=desc · citycode__groupby&etals__sum
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from sqlglot import exp

from ..errors import WrongQuestion
from .columns import ROW, Column
from .logical import Question, Table, both, by, col

USUAL, MOST = 20, 50
STORED = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
    "time": "TIME",
}
COMPARED: dict[str, type[exp.Binary]] = {
    "exact": exp.EQ, "less": exp.LTE, "greater": exp.GTE, "strictly_less": exp.LT, "strictly_greater": exp.GT,
}  # fmt: skip
AGGREGATES: dict[str, type[exp.AggFunc]] = {
    "count": exp.Count,
    "avg": exp.Avg,
    "min": exp.Min,
    "max": exp.Max,
    "sum": exp.Sum,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`types`: of the columns of the answer, by name."""

    question: Question
    types: tuple[tuple[str, str], ...]
    grouped: tuple[exp.Expr, ...]
    aggregated: bool
    page: int
    size: int


def asked_of(table: Table, said: Iterable[tuple[str, str]]) -> Asked:
    """Raises WrongQuestion, UnknownColumn."""
    conditions: list[exp.Expr | None] = []
    order: list[exp.Expr] = []
    groups: list[Column] = []
    aggregates: list[tuple[str, exp.Expr]] = []
    columns: tuple[Column, ...] = ()
    page, size = 1, USUAL
    for key, text in said:
        if key == "page":
            page = _number(text, "page", most=1_000_000)
        elif key == "page_size":
            size = _number(text, "page_size", most=MOST)
        elif key == "columns":
            columns = tuple(table.column(each.strip()) for each in text.split(",") if each.strip())
        elif key != "lang":
            name, mark, op = key.rpartition("__")
            if not mark:
                raise WrongQuestion(_("« %s » n’est pas compris : un filtre s’écrit colonne__exact=valeur.") % key[:80])
            column = table.column(name)
            if op == "sort":
                order.append(_sorted(column, text))
            elif op == "groupby":
                groups.append(column)
            elif op in AGGREGATES:
                aggregates.append((key, _aggregate(column, op)))
            else:
                conditions.append(_condition(column, op, text))
    where = both(*conditions)
    shown: list[exp.Expr]
    if groups or aggregates:
        shown = [col(each.name) for each in groups]
        shown += [exp.alias_(made, name, quoted=True) for name, made in aggregates]
        types = [(each.name, _type(each)) for each in groups]
        types += [(name, _type_of(table, name)) for name, _made in aggregates]
        order = [each for each in order if each.this.name in {name for name, _type in types}]
    else:
        columns = columns or table.columns
        shown = [exp.alias_(col(ROW), "__id", quoted=True), *(_shown(each) for each in columns)]
        types = [("__id", "integer"), *((each.name, _type(each)) for each in columns)]
    grouped = tuple(col(each.name) for each in groups)
    question = Question(
        columns=tuple(shown), where=where, group_by=grouped, order_by=tuple(order), limit=size, offset=(page - 1) * size
    )
    return Asked(
        question=question, types=tuple(types), grouped=grouped, aggregated=bool(aggregates), page=page, size=size
    )


def counting(asked: Asked) -> Question | None:
    """The question of how many groups there are; None when rows are counted, or there is one line."""
    if not asked.grouped:
        return None
    row = exp.Anonymous(this="row", expressions=[each.copy() for each in asked.grouped])
    return Question(columns=(exp.Count(this=exp.Distinct(expressions=[row])),), where=asked.question.where)


def _type_of(table: Table, name: str) -> str:
    """The type of an aggregate."""
    of, _mark, op = name.rpartition("__")
    return {"count": "integer", "avg": "number"}.get(op) or table.column(of).type


def _type(column: Column) -> str:
    return "text" if column.placed else column.type


def _shown(column: Column) -> exp.Expr:
    if not column.placed:
        return col(column.name)
    wkb = exp.Anonymous(this="st_geomfromwkb", expressions=[col(column.name)])
    return exp.alias_(exp.Anonymous(this="st_astext", expressions=[wkb]), column.name, quoted=True)


def _condition(column: Column, op: str, text: str) -> exp.Expr:
    place = col(column.name)
    if op == "isnull":
        return exp.Is(this=place, expression=exp.Null())
    if op == "isnotnull":
        return exp.not_(exp.Is(this=place, expression=exp.Null()))
    if column.placed:
        raise WrongQuestion(_("On ne filtre pas un lieu ainsi : voyez OGC API Features ou l’API Explore."))
    if op in COMPARED:
        return COMPARED[op](this=place, expression=_value(column, text))
    if op == "differs":
        other = exp.NEQ(this=place, expression=_value(column, text))
        return exp.paren(exp.or_(other, exp.Is(this=place.copy(), expression=exp.Null())))
    if op in ("in", "notin"):
        found = exp.In(this=place, expressions=[_value(column, each) for each in _listed(text)])
        return found if op == "in" else exp.not_(found)
    if op in ("contains", "notcontains"):
        whole = exp.Lower(this=exp.cast(place, "VARCHAR", dialect="duckdb"))
        found_ = exp.func("contains", whole, exp.Lower(this=exp.Literal.string(text)), dialect="duckdb")
        if op == "contains":
            return found_
        return exp.paren(exp.or_(exp.not_(found_), exp.Is(this=place.copy(), expression=exp.Null())))
    raise WrongQuestion(_("« %s » n’est pas une comparaison connue ici.") % op[:40])


def _listed(text: str) -> Sequence[str]:
    return text.split(",")[:1_000]


def _value(column: Column, text: str) -> exp.Expr:
    written = exp.Literal.string(text)
    if column.type not in STORED:
        return written
    return exp.TryCast(this=written, to=exp.DataType.build(STORED[column.type], dialect="duckdb"))


def _sorted(column: Column, text: str) -> exp.Expr:
    if text not in ("asc", "desc") or column.placed:
        raise WrongQuestion(_("Un tri s’écrit : colonne__sort=asc, ou desc."))
    return by(col(column.name), falling=text == "desc")


def _aggregate(column: Column, op: str) -> exp.Expr:
    if column.placed or (op in ("avg", "sum") and not column.numeric):
        raise WrongQuestion(_("« %(name)s » ne se calcule pas avec %(op)s.") % {"name": column.name, "op": op})
    return AGGREGATES[op](this=col(column.name))


def _number(text: str, name: str, *, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= most):
        said = {"name": name, "most": most}
        raise WrongQuestion(_("« %(name)s » est un nombre entier, de 1 à %(most)d.") % said, field=name)
    return int(text)
