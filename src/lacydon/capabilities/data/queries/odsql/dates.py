"""Dates of ODSQL: their parts, how they are written, periods of them, the present moment."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp

from ...errors import WrongQuestion
from .values import call

PARTS = {
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "week": "week",
    "day": "day",
    "hour": "hour",
    "minute": "minute",
    "second": "second",
}
"""Functions, and what the engine calls them."""
HOURLY = ("hour", "minute", "second")
UNITS: Mapping[str, str] = {
    "ms": "millisecond",
    "s": "second",
    "h": "hour",
    "d": "day",
    "w": "week",
    "q": "quarter",
    "y": "year",
}
SIGNS: Mapping[str, str] = {
    "yyyy": "%Y",
    "yy": "%y",
    "mm": "%m",
    "m": "%-m",
    "dd": "%d",
    "d": "%-d",
    "HH": "%H",
    "H": "%-H",
    "hh": "%I",
    "h": "%-I",
    "MI": "%M",
    "ss": "%S",
    "s": "%-S",
    "w": "%-V",
    "ww": "%V",
    "e": "%u",
    "D": "%-j",
    "a": "%p",
}
NAMES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fr": (
        tuple("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()),
        tuple("lundi mardi mercredi jeudi vendredi samedi dimanche".split()),
    ),
    "en": (
        tuple("January February March April May June July August September October November December".split()),
        tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()),
    ),
}
TOKEN = re.compile(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+|'")
MEASURE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)")


def measure(text: str) -> tuple[float, str]:
    """A number and its unit, in the singular."""
    found = MEASURE.fullmatch(text)
    assert found is not None, text
    unit = found[2].lower()
    return float(found[1]), UNITS.get(unit, unit if unit in ("ms", "s") else unit.rstrip("s") or unit)


def written_as(pattern: str, of: exp.Expr, *, lang: str) -> exp.Expr:
    """A date as text, by a pattern of Joda or Unicode (`YYYY-MM-dd`); names of months and days in `lang`."""
    months, days = NAMES.get(lang, NAMES["fr"])
    pieces: list[exp.Expr] = []
    for token in TOKEN.finditer(pattern):
        piece = token[0]
        if token[2] is None:
            pieces.append(exp.Literal.string(token[1] if token[1] is not None else piece))
        elif piece[0] == "M" and len(piece) >= 3:
            pieces.append(_named(months, call("month", of.copy()), short=len(piece) == 3))
        elif piece[0] == "E":
            pieces.append(_named(days, call("isodow", of.copy()), short=len(piece) <= 3))
        else:
            sign = _sign(piece)
            pieces.append(call("strftime", of.copy(), sign))
    if not pieces:
        return exp.Literal.string("")
    joined = pieces[0]
    for each in pieces[1:]:
        joined = exp.DPipe(this=joined, expression=each, safe=True)
    missing = exp.Is(this=of.copy(), expression=exp.Null())
    return exp.Case(ifs=[exp.If(this=missing, true=exp.Null())], default=exp.cast(joined, "TEXT"))


def _sign(piece: str) -> str:
    first = piece[0]
    if first in "yYx":
        return "%y" if len(piece) == 2 else "%Y"
    known = {"M": "mm" if len(piece) > 1 else "m", "m": "MI"}.get(first)
    found = SIGNS.get(known or piece) or SIGNS.get(first)
    if first == "d" and len(piece) > 2:
        found = None
    if found is None:
        raise WrongQuestion(
            _("« %s » n’est pas compris dans un format de date : écrivez par exemple yyyy-MM-dd.") % piece[:20]
        )
    return found


def _named(names: tuple[str, ...], number: exp.Expr, *, short: bool) -> exp.Expr:
    shown = [each[:3] if short else each for each in names]
    return exp.Case(
        this=number,
        ifs=[exp.If(this=exp.convert(n), true=exp.Literal.string(each)) for n, each in enumerate(shown, 1)],
    )


def shifted(moment: datetime, said: Mapping[str, Any]) -> datetime:
    """The present moment moved: a unit in the plural adds, in the singular sets (`hours=-1`, `hour=0`)."""
    for name, amount in said.items():
        try:
            moment = _moved(moment, name, int(amount))
        except (ValueError, OverflowError):
            raise WrongQuestion(
                _("now(%(name)s=%(amount)s) n’est pas une date.") % {"name": name[:20], "amount": amount}
            ) from None
    return moment


def _moved(moment: datetime, name: str, amount: int) -> datetime:
    if name in ("years", "months"):
        months = moment.year * 12 + moment.month - 1 + amount * (12 if name == "years" else 1)
        year, month = divmod(months, 12)
        last = monthrange(year, month + 1)[1] if 0 < year <= 9999 else 28
        return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
    if name in ("weeks", "days", "hours", "minutes", "seconds", "microseconds", "milliseconds"):
        return moment + timedelta(**{name: amount})
    if name == "weekday":
        return moment + timedelta(days=amount - moment.weekday())
    if name in ("year", "month", "day", "hour", "minute", "second", "microsecond"):
        return moment.replace(**{name: amount})  # type: ignore[arg-type]
    raise WrongQuestion(_("« %s » n’est pas une unité de temps de now().") % name[:20])
