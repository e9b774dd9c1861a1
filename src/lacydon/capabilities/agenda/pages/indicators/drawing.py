"""Indicators drawn: a line as small as a word in lists, a chart with the way to the target on their own page."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lacydon.kernel.texts import said
from lacydon.kernel.ui.charts import Chart, Series, figure
from lacydon.kernel.ui.templatetags.ui import day

from ...models import Reading
from ...queries.indicators.readings import Gauge

WIDTH, HEIGHT, EDGE = 120, 36, 4
MOST = 60
"""Points of a small line."""


def spark(gauge: Gauge, series: Sequence[Reading]) -> SafeString:
    """Its course beside its target; an image that the words beside it tell. Empty for fewer than two points."""
    points = _points(gauge, series)[-MOST:]
    if len(points) < 2:
        return SafeString("")
    goal = gauge.target.value if gauge.target else None
    values = [value for _day, value in points] + ([goal] if goal is not None else [])
    low, high = min(values), max(values)
    first, last = points[0][0], points[-1][0]
    days = (last - first).days or 1

    def across(when: date) -> float:
        return round(EDGE + (WIDTH - 2 * EDGE) * (when - first).days / days, 1)

    def up(value: Decimal) -> float:
        part = float((value - low) / (high - low)) if high != low else 0.5
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * part, 1)

    line = "L".join(f"{across(when)} {up(value)}" for when, value in points)
    target = format_html('<path class="goal" d="M0 {0}H{1}"/>', up(goal), WIDTH) if goal is not None else ""
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">{}<path class="run" d="M{}"/>'
        '<circle cx="{}" cy="{}" r="3"/></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, target, line, across(last), up(points[-1][1]),
    )  # fmt: skip


def course(gauge: Gauge, series: Sequence[Reading]) -> SafeString:
    """What was measured, and the way from the baseline to the targets that were voted. Empty with nothing to draw."""
    one = gauge.indicator
    measured = dict(_points(gauge, series))
    way: dict[date, Decimal] = {each.date: each.value for each in one.targets}
    if one.baseline is not None and way:
        way[one.baseline.date] = one.baseline.value
    days = sorted({*measured, *way})
    names = _short(days)
    if len(days) < 2:
        return SafeString("")
    drawn = [Series(name=_("Mesuré"), values=[_number(measured.get(each)) for each in days])]
    if way:
        drawn.append(Series(name=_("Chemin vers la cible"), values=[_along(way, each) for each in days]))
    return figure(
        Chart(
            kind="lines", title=_("D’où il vient, où il doit aller"), axis=_("Jour"), measure=said(one.title),
            labels=names, when=days, series=drawn, unit=said(one.unit), apart=True,
        ),
        name="course",
        values=False,
    )  # fmt: skip


def _short(days: Sequence[date]) -> list[str]:
    """As short as tells them apart: years, months, days."""
    for written in ("%Y", "%m/%Y"):
        names = [f"{each:{written}}" for each in days]
        if len(set(names)) == len(names):
            return names
    return [day(each) for each in days]


def by_part(gauge: Gauge, names: Sequence[tuple[str, Decimal | None]]) -> SafeString:
    """The last value of each part; those too small to be told have none."""
    if not names:
        return SafeString("")
    one = gauge.indicator
    told = sorted(names, key=lambda each: (each[1] is None, -(each[1] or 0), each[0]))
    return figure(
        Chart(
            kind="bars", title=_("Commune par commune"), axis=_("Commune"), measure=said(one.title),
            labels=[name for name, _value in told], unit=said(one.unit),
            series=[Series(name=said(one.title), values=[_number(value) for _name, value in told])],
        ),
        name="parts",
    )  # fmt: skip


def _points(gauge: Gauge, series: Sequence[Reading]) -> list[tuple[date, Decimal]]:
    """What was measured, from the baseline on."""
    found = {each.date: each.value for each in series if each.value is not None}
    base = gauge.indicator.baseline
    if base is not None and found and base.date < min(found):
        found[base.date] = base.value
    return sorted(found.items())


def _along(way: dict[date, Decimal], when: date) -> float | None:
    """The way on a day: straight between what was said."""
    known = sorted(way)
    if when in way:
        return float(way[when])
    if not known or when < known[0] or when > known[-1]:
        return None
    after = next(each for each in known if each > when)
    before = known[known.index(after) - 1]
    part = Decimal((when - before).days) / Decimal((after - before).days)
    return round(float(way[before] + (way[after] - way[before]) * part), 2)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
