"""Values of ODSQL: what was written, and what it is worth beside a column of some type.

A date may be said in part: `2024` is the whole year, `2024-03` the whole month. Comparing with it is comparing with the
period: equal is inside, before is before its beginning, after is after its end. Hours without an offset are those of
the `timezone` of the question.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from sqlglot import exp

from ...errors import WrongQuestion

MOMENT = re.compile(
    r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?"
    r"(?:[T ](\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?)?(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression and the type of its values; `said`: the Python value of what was written as such."""

    sql: exp.Expr
    type: str
    said: Any = None
    aggregate: bool = False

    @property
    def numeric(self) -> bool:
        return self.type in ("integer", "number")

    @property
    def dated(self) -> bool:
        return self.type in ("date", "datetime")


@dataclass(frozen=True, slots=True)
class Period:
    """What a date said in part covers: from `start`, and before `end`. `days`: said without an hour."""

    start: datetime
    end: datetime
    days: bool


def call(name: str, *arguments: exp.Expr | str | float) -> exp.Expr:
    """A function of the engine."""
    made = [each if isinstance(each, exp.Expr) else exp.convert(each) for each in arguments]
    return exp.func(name, *made, dialect="duckdb")


def unquoted(text: str) -> str:
    """What stands between the quotes of a text."""
    quote, inner = text[0], text[1:-1]
    if quote in inner:
        inner = inner.replace(quote * 2, quote)
    return ESCAPED.sub(r"\1", inner) if "\\" in inner else inner


def number_said(text: str) -> int | Decimal:
    """Raises WrongQuestion for what is no number, or too large for one."""
    try:
        made = Decimal(text.strip())
    except InvalidOperation:
        raise WrongQuestion(_("« %s » n’est pas un nombre.") % text[:40]) from None
    if not made.is_finite() or abs(made.adjusted()) > 300:
        raise WrongQuestion(_("« %s » n’est pas un nombre.") % text[:40])
    if made == made.to_integral_value() and abs(made) < 2**63:
        return int(made)
    return made


def number(value: int | Decimal) -> exp.Expr:
    """A number as a literal: whole numbers as such, others as doubles, as columns are."""
    if isinstance(value, int):
        return exp.convert(value)
    return exp.cast(exp.Literal.string(str(value)), "DOUBLE")


def period(text: str, zone: ZoneInfo) -> Period:
    """The period a date covers. Raises WrongQuestion."""
    found = MOMENT.fullmatch(text.strip())
    if found is None:
        raise WrongQuestion(
            _("« %s » n’est pas une date : écrivez 2024, 2024-03, 2024-03-31 ou 2024-03-31T14:30:00.") % text[:40]
        )
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    if hour and not day:
        raise WrongQuestion(_("« %s » a une heure sans jour.") % text[:40])
    try:
        place = _offset(offset) if offset else zone
        start = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "0").ljust(6, "0")),
            tzinfo=place,
        )
        end = _end(start, month=month, day=day, hour=hour, minute=minute, second=second, fraction=fraction)
        return (
            Period(start.astimezone(UTC), end.astimezone(UTC), days=hour is None) if hour else Period(start, end, True)
        )
    except (ValueError, OverflowError):
        raise WrongQuestion(_("« %s » n’est pas une date du calendrier.") % text[:40]) from None


def _offset(text: str) -> Any:
    if text.upper() == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return datetime.strptime(f"{'-' if sign < 0 else '+'}{digits}", "%z").tzinfo


def _end(start: datetime, **said: str | None) -> datetime:
    if said["fraction"]:
        return start + timedelta(microseconds=1)
    if said["second"]:
        return start + timedelta(seconds=1)
    if said["minute"]:
        return start + timedelta(minutes=1)
    if said["hour"]:
        return start + timedelta(hours=1)
    if said["day"]:
        return start + timedelta(days=1)
    if said["month"]:
        return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start.replace(year=start.year + 1)


def moment(value: datetime) -> exp.Expr:
    """An instant as a literal."""
    return exp.cast(exp.Literal.string(value.astimezone(UTC).isoformat()), "TIMESTAMPTZ")


def day(value: date) -> exp.Expr:
    """A day as a literal."""
    return exp.cast(exp.Literal.string(value.isoformat()), "DATE")


def hour_said(text: str) -> time:
    """Raises WrongQuestion for what is no hour of the day."""
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise WrongQuestion(_("« %s » n’est pas une heure : écrivez 14:30.") % text[:40]) from None


def literal(value: Any, type: str) -> Typed:
    """What was written, as an expression of its own."""
    if isinstance(value, bool):
        return Typed(exp.convert(value), type, value)
    if isinstance(value, int | Decimal):
        return Typed(number(value), type, value)
    return Typed(exp.Literal.string(str(value)), type, value)
