"""Comparing in ODSQL: what is written is made of the type of the column beside it.

A row where the value is missing is neither equal nor before nor after; it is different (`!=`), and it is in what is
negated (`not`), as in the search engine behind the published API.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from sqlglot import exp

from ...errors import WrongQuestion
from ..columns import Column
from ..logical import col
from . import values
from .values import Typed, call

OPERATORS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    ":": exp.EQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "!=": exp.NullSafeNEQ,
    "<>": exp.NullSafeNEQ,
}
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
TRUE, FALSE = frozenset({"true", "vrai", "oui", "1"}), frozenset({"false", "faux", "non", "0"})


def negated(condition: exp.Expr) -> exp.Expr:
    """What is not so, where nothing is known included."""
    return exp.Not(this=exp.Coalesce(this=condition, expressions=[exp.false()]))


def local(of: Typed, zone: ZoneInfo) -> exp.Expr:
    """The hour on the clocks of a place, of an instant; a date is the same everywhere."""
    return call("timezone", zone.key, of.sql.copy()) if of.type == "datetime" else of.sql.copy()


def text_of(of: Typed) -> exp.Expr:
    return of.sql if of.type in ("text", "json") else exp.cast(of.sql, "TEXT")


def compared(operator: str, left: Typed, right: Typed, *, zone: ZoneInfo) -> exp.Expr:
    """The comparison as SQL. Raises WrongQuestion for what cannot be compared."""
    if left.said is not None and right.said is None and right.type != "null":
        return compared(TURNED.get(operator, operator), right, left, zone=zone)
    if "null" in (left.type, right.type):
        other = left if right.type == "null" else right
        missing = exp.Is(this=other.sql, expression=exp.Null())
        return exp.Not(this=missing) if operator in ("!=", "<>") else missing
    if {left.type, right.type} & {"point", "shape"}:
        raise WrongQuestion(_("Un lieu ne se compare pas : demandez within_distance, in_bbox, intersects ou within."))
    if right.said is not None and left.said is None:
        return _with_literal(operator, left, right, zone)
    return _between_expressions(operator, left, right, zone)


def _with_literal(operator: str, left: Typed, right: Typed, zone: ZoneInfo) -> exp.Expr:
    said = right.said
    if left.dated:
        return _in_time(operator, left, str(said), zone)
    if left.numeric:
        if isinstance(said, bool):
            raise WrongQuestion(_("Un nombre ne se compare pas à vrai ou faux."))
        made = said if isinstance(said, int | Decimal) else values.number_said(str(said))
        return _pair(operator, left.sql, values.number(made))
    if left.type == "boolean":
        return _pair(operator, left.sql, exp.convert(_truth(said)))
    if left.type == "time":
        hour = values.hour_said(str(said)).isoformat()
        return _pair(operator, left.sql, exp.cast(exp.Literal.string(hour), "TIME"))
    if isinstance(said, int | Decimal) and not isinstance(said, bool) and operator in TURNED:
        return _pair(operator, exp.TryCast(this=left.sql, to=exp.DataType.build("DOUBLE")), values.number(said))
    words = str(said).lower() if isinstance(said, bool) else str(said)
    return _pair(operator, left.sql, exp.Literal.string(words))


def _truth(said: object) -> bool:
    word = str(said).lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise WrongQuestion(_("« %s » n’est ni vrai ni faux : écrivez true ou false.") % word[:40])


def _in_time(operator: str, left: Typed, said: str, zone: ZoneInfo) -> exp.Expr:
    period = values.period(said, zone)
    low: exp.Expr
    high: exp.Expr
    if left.type == "datetime":
        low, high = values.moment(period.start), values.moment(period.end)
    else:
        first = period.start.astimezone(zone).date()
        low = values.day(first)
        high = values.day(period.end.astimezone(zone).date() if period.days else first + timedelta(days=1))
    if operator == "<":
        return exp.LT(this=left.sql, expression=low)
    if operator == "<=":
        return exp.LT(this=left.sql, expression=high)
    if operator == ">":
        return exp.GTE(this=left.sql, expression=high)
    if operator == ">=":
        return exp.GTE(this=left.sql, expression=low)
    inside = exp.and_(exp.GTE(this=left.sql, expression=low), exp.LT(this=left.sql.copy(), expression=high), copy=False)
    return inside if operator in ("=", ":") else negated(inside)


def _between_expressions(operator: str, left: Typed, right: Typed, zone: ZoneInfo) -> exp.Expr:
    kinds = {left.type, right.type}
    if kinds == {"date", "datetime"}:
        days = (exp.cast(local(each, zone), "DATE") for each in (left, right))
        return _pair(operator, *days)
    if len(kinds) == 1 or (left.numeric and right.numeric):
        return _pair(operator, left.sql, right.sql)
    if left.numeric or right.numeric:
        numbers = (
            each.sql if each.numeric else exp.TryCast(this=text_of(each), to=exp.DataType.build("DOUBLE"))
            for each in (left, right)
        )
        return _pair(operator, *numbers)
    return _pair(operator, text_of(left), text_of(right))


def _pair(operator: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return OPERATORS[operator](this=left, expression=right)


def holding(column: Column, value: str) -> exp.Expr:
    """Whether a column that holds several values has this one: a list in JSON, or parted by ; , or |."""
    if column.type == "json":
        return call("list_contains", call("json_extract_string", col(column.name), "$[*]"), value)
    parts = call("string_split_regex", col(column.name), r"\s*[;,|]\s*")
    return exp.or_(exp.EQ(this=col(column.name), expression=exp.convert(value)), call("list_contains", parts, value))


def among(left: Typed, options: Sequence[Typed], *, zone: ZoneInfo) -> exp.Expr:
    """Whether it is equal to one of these."""
    alternatives = [compared("=", left, each, zone=zone) for each in options]
    plain = [each for each in alternatives if isinstance(each, exp.EQ) and each.this == left.sql]
    if len(plain) == len(alternatives) > 1:
        return exp.In(this=left.sql, expressions=[each.expression for each in plain])
    return exp.or_(*alternatives)
