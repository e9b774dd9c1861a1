"""Facets: refine=field:value and exclude=field:value; dates by year, month, day (`2025/09/11`)."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from sqlglot import exp

from ...errors import UnknownColumn, WrongQuestion
from ..columns import Column
from ..logical import Table, both, col
from .comparing import compared, holding, negated
from .values import Typed

MOST = 100
"""Refinements of one question."""


def pairs(said: Iterable[str], *, clause: str) -> list[tuple[str, str]]:
    """Field and value of each, `field:value`. Raises WrongQuestion."""
    made = []
    for each in said:
        name, colon, value = each.partition(":")
        if not colon or not name.strip():
            raise WrongQuestion(_("« %s » s’écrit champ:valeur.") % clause, field=clause, clause=clause)
        made.append((name.strip().strip("`"), _unquoted(value.strip())))
    if len(made) > MOST:
        raise WrongQuestion(
            _("Trop de « %(clause)s » : au plus %(most)d.") % {"clause": clause, "most": MOST}, field=clause
        )
    return made


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value


def condition(table: Table, *, refine: Iterable[str], exclude: Iterable[str], zone: ZoneInfo) -> exp.Expr | None:
    """Rows that have every value refined, and none excluded; the values of one field refined twice are alternatives
    when they cannot be true together."""
    alternatives: dict[str, list[exp.Expr]] = {}
    for name, value in pairs(refine, clause="refine"):
        column = column_of(table, name, clause="refine")
        alternatives.setdefault(column.name, []).append(one(column, value, zone=zone, clause="refine"))
    held: list[exp.Expr] = [exp.or_(*each) for each in alternatives.values()]
    for name, value in pairs(exclude, clause="exclude"):
        held.append(negated(one(column_of(table, name, clause="exclude"), value, zone=zone, clause="exclude")))
    return both(*held)


def column_of(table: Table, name: str, *, clause: str) -> Column:
    """Raises UnknownColumn, with the clause."""
    try:
        return table.column(name)
    except UnknownColumn as error:
        raise UnknownColumn(error.sentence, field=clause, clause=clause) from None


def one(column: Column, value: str, *, zone: ZoneInfo, clause: str) -> exp.Expr:
    """Whether a row has this value of a facet."""
    if column.type == "json":
        return holding(column, value)
    try:
        of = Typed(col(column.name), column.type)
        return compared("=", of, Typed(exp.Literal.string(value), "text", value), zone=zone)
    except WrongQuestion as error:
        raise WrongQuestion(error.sentence, field=clause, clause=clause) from None
