"""Groups by interval: range(field, 10), range(field, [0, 5, 10]), range(date, 1 month)."""

from itertools import pairwise

from django.utils.translation import gettext as _
from sqlglot import exp

from . import dates, values
from .grammar import Node, wrong
from .translation import Scope, trees
from .values import Typed, call

MOST = 200
"""Intervals written one by one."""
LONG = ("year", "quarter", "month", "week", "day", "hour", "minute", "second", "millisecond")


def is_range(node: Node) -> bool:
    """Whether it asks for intervals."""
    return node.data == "call" and str(node.children[0]).lower() == "range"


def read(scope: Scope, node: Node) -> tuple[Typed, exp.Expr]:
    """What is shown of an interval, `[0, 5[`, and the bound that groups and orders."""
    arguments = trees(node)
    if len(arguments) < 2:
        raise wrong(
            scope.clause, _("range s’écrit range(champ, 10), range(champ, [0, 5, 10]) ou range(date, 1 month)."), node
        )
    of = scope.expression(arguments[0])
    if of.aggregate:
        raise wrong(scope.clause, _("On groupe par un champ, un intervalle ou une partie de date."), node)
    step = arguments[1]
    if step.data == "bounds" or len(arguments) > 2:
        bounds = trees(step) if step.data == "bounds" else arguments[1:]
        return _written(scope, node, of, bounds)
    if of.dated:
        return _periods(scope, of, step)
    if not of.numeric:
        raise wrong(scope.clause, _("range demande un nombre ou une date."), arguments[0])
    size = float(values.number_said(scope.literal(step, _("Un intervalle est un nombre."))))
    if not size > 0:
        raise wrong(scope.clause, _("Un intervalle est un nombre plus grand que zéro."), step)
    width = exp.convert(int(size) if size.is_integer() else size)
    low = exp.Mul(
        this=exp.Floor(this=exp.paren(exp.Div(this=exp.cast(of.sql, "DOUBLE"), expression=width))),
        expression=width.copy(),
    )
    if size.is_integer() and size < 2**53:
        low = exp.TryCast(this=low, to=exp.DataType.build("BIGINT"))  # type: ignore[assignment]
    high = exp.Add(this=exp.paren(low.copy()), expression=width.copy())
    return _shown(low, low.copy(), high), low


def _shown(key: exp.Expr, low: exp.Expr, high: exp.Expr) -> Typed:
    made = call("concat", "[", exp.cast(low, "TEXT"), ", ", exp.cast(high, "TEXT"), "[")
    missing = exp.Is(this=key.copy(), expression=exp.Null())
    return Typed(exp.Case(ifs=[exp.If(this=missing, true=exp.Null())], default=made), "text")


def _periods(scope: Scope, of: Typed, step: Node) -> tuple[Typed, exp.Expr]:
    if step.data != "length":
        raise wrong(scope.clause, _("Un intervalle de dates s’écrit « 1 month », « 10 days »…"), step)
    size, unit = dates.measure(str(step.children[0]))
    unit = {"m": "minute", "ms": "millisecond", "s": "second"}.get(unit, unit)
    if unit not in LONG or not size.is_integer() or not 1 <= size <= 10_000:
        raise wrong(scope.clause, _("Un intervalle de dates s’écrit « 1 month », « 10 days »…"), step)
    clock = exp.cast(scope.local(of), "TIMESTAMP")
    amount = call("to_" + {"millisecond": "milliseconds"}.get(unit, f"{unit}s"), int(size))
    # One unit begins with the calendar's; several are counted from the first day of the year 2000.
    start: exp.Expr
    if size == 1:
        start = call("date_trunc", unit, clock)
    else:
        origin = exp.cast(exp.Literal.string("2000-01-01 00:00:00"), "TIMESTAMP")
        start = call("time_bucket", amount.copy(), clock, origin)
    high = exp.Add(this=start.copy(), expression=amount)
    hours = of.type == "datetime"
    shape = "%Y-%m-%dT%H:%M:%S" if hours else "%Y-%m-%d"
    return _shown(start, call("strftime", start.copy(), shape), call("strftime", high, shape)), start


def _written(scope: Scope, node: Node, of: Typed, bounds: list[Node]) -> tuple[Typed, exp.Expr]:
    open_low = bool(bounds) and bounds[0].data in ("unbounded", "everything")
    open_high = len(bounds) > 1 and bounds[-1].data in ("unbounded", "everything")
    inner = bounds[1 if open_low else 0 : -1 if open_high else None]
    if not inner or len(inner) > MOST or (len(inner) == 1 and not (open_low or open_high)):
        raise wrong(scope.clause, _("range demande au moins deux bornes : range(champ, [0, 5, *])."), node)
    said: list[str] = [scope.literal(each, _("Une borne est un nombre ou une date.")) for each in inner]
    limits: list[exp.Expr]
    if of.dated:
        periods = [values.period(each, scope.zone) for each in said]
        if of.type == "date":
            limits = [values.day(each.start.astimezone(scope.zone).date()) for each in periods]
        else:
            limits = [values.moment(each.start) for each in periods]
        ordered = all(a.start < b.start for a, b in pairwise(periods))
    elif of.numeric:
        numbers = [values.number_said(each) for each in said]
        limits = [values.number(each) for each in numbers]
        ordered = all(a < b for a, b in pairwise(numbers))
    else:
        raise wrong(scope.clause, _("range demande un nombre ou une date."), node)
    if not ordered:
        raise wrong(scope.clause, _("Les bornes de range vont de la plus petite à la plus grande."), node)
    ifs: list[exp.If] = []
    shown: list[exp.If] = []
    if open_low:
        _interval(ifs, shown, exp.LT(this=of.sql.copy(), expression=limits[0].copy()), f"[*, {said[0]}[", 0)
    for place, (low, high) in enumerate(pairwise(limits), 1):
        inside = exp.and_(
            exp.GTE(this=of.sql.copy(), expression=low.copy()), exp.LT(this=of.sql.copy(), expression=high.copy())
        )
        _interval(ifs, shown, inside, f"[{said[place - 1]}, {said[place]}[", place)
    if open_high:
        _interval(
            ifs, shown, exp.GTE(this=of.sql.copy(), expression=limits[-1].copy()), f"[{said[-1]}, *[", len(limits)
        )
    key = exp.Case(ifs=ifs)
    named = exp.Case(
        this=key.copy(),
        ifs=[
            exp.If(this=each.args["true"].copy(), true=label.args["true"])
            for each, label in zip(ifs, shown, strict=True)
        ],
    )
    return Typed(named, "text"), key


def _interval(ifs: list[exp.If], shown: list[exp.If], holds: exp.Expr, label: str, place: int) -> None:
    ifs.append(exp.If(this=holds, true=exp.convert(place)))
    shown.append(exp.If(this=holds, true=exp.Literal.string(label)))
