"""What a chart shows: categories or moments, and a value of each for one to five series."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .numbers import printed

Kind = Literal["bars", "columns", "lines", "stacked"]
SERIES = 5
"""Told apart without colour; more are drawn apart, as small multiples."""
MOST = {"bars": 40, "stacked": 40, "columns": 120, "lines": 2_000}
"""Categories that are drawn; the table says all that is known."""
TABLE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One value for each category; None is a value nobody gave, which is not zero."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`axis` names the categories, `measure` the values. `when`: the moments of the categories, for lines.

    `links`: where the category of each row of the table leads. `touching`: columns that are classes of a number, drawn
    side by side (a histogram). `rest`: the last category is all those that are not drawn, and never « le plus ».
    `from_zero`: the axis of lines shows it always, as counts and sums ask for: half as high is half as many.
    """

    kind: Kind
    title: str
    axis: str
    measure: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    when: Sequence[date] = ()
    links: Sequence[str] = ()
    touching: bool = False
    rest: bool = False
    from_zero: bool = False
    apart: bool = False
    """The series of lines need not begin nor end together: only what lacks between two values of one is missing."""
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def shown(self) -> "Chart":
        """The same with no more categories than can be drawn."""
        most = MOST[self.kind]
        if len(self.labels) <= most:
            return self
        return replace(
            self,
            labels=self.labels[:most],
            when=self.when[:most],
            links=self.links[:most],
            series=[Series(name=each.name, values=each.values[:most]) for each in self.series],
        )

    @property
    def numbers(self) -> list[float]:
        """Every value that can be drawn."""
        return [value for each in self.series for value in each.values if value is not None and math.isfinite(value)]

    @property
    def whole(self) -> bool:
        return all(float(each).is_integer() for each in self.numbers)

    @property
    def missing(self) -> int:
        return sum(not is_number(value) for each in self.series for value in self._due(each.values))

    def _due(self, values: Sequence[float | None]) -> Sequence[float | None]:
        if not self.apart:
            return values
        known = [place for place, value in enumerate(values) if is_number(value)]
        return values[known[0] : known[-1] + 1] if known else ()


def is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def finding(chart: Chart) -> str:
    """What the drawing shows, in a sentence: for who does not see it, and for who looks at it quickly."""
    if not chart.numbers:
        return _("Il n’y a aucune valeur à dessiner.")
    said = [_first_to_last(chart) if chart.kind == "lines" else _most_and_least(chart)]
    return " ".join(each for each in said if each)


def notes(chart: Chart) -> list[str]:
    """What the drawing leaves out."""
    told = list(chart.notes)
    left, lost = len(chart.labels) - len(chart.shown.labels), chart.missing
    if left:
        told.append(
            _("Les %(shown)s premières lignes sont dessinées, sur %(all)s.")
            % {"shown": printed(len(chart.shown.labels)), "all": printed(len(chart.labels))}
        )
    if lost:
        told.append(
            ngettext(
                "Une valeur manque : elle n’est pas dessinée, ce n’est pas un zéro.",
                "%(count)s valeurs manquent : elles ne sont pas dessinées, ce ne sont pas des zéros.",
                lost,
            )
            % {"count": printed(lost)}
        )
    return told


def _totals(chart: Chart) -> list[tuple[float, str]]:
    found = []
    for place, label in enumerate(chart.labels):
        values = [each.values[place] for each in chart.series if is_number(each.values[place])]
        if values:
            found.append((math.fsum(value for value in values if value is not None), label))
    return found


def _most_and_least(chart: Chart) -> str:
    totals = _totals(chart)
    rest = totals.pop() if chart.rest and len(totals) > 1 else None
    high, low = max(totals, key=lambda each: each[0]), min(totals, key=lambda each: each[0])
    facts = {
        "most": high[1], "high": printed(high[0], unit=chart.unit), "least": low[1],
        "low": printed(low[0], unit=chart.unit),
    }  # fmt: skip
    if rest is not None:  # the least of all is among those that are not drawn
        others = {"most": rest[1], "high": printed(rest[0], unit=chart.unit)}
        most = _("Le plus : %(name)s (%(value)s).") % {"name": high[1], "value": facts["high"]}
        return f"{most} {_('%(most)s : %(high)s.') % others}"
    if len(totals) == 1:
        return _("%(most)s : %(high)s.") % facts
    if high[0] == low[0]:
        return _("Partout la même valeur : %(high)s.") % facts
    return _("Le plus : %(most)s (%(high)s). Le moins : %(least)s (%(low)s).") % facts


def _first_to_last(chart: Chart) -> str:
    told = []
    for series in chart.series[:SERIES]:
        known = [
            (value, label) for value, label in zip(series.values, chart.labels, strict=True)
            if value is not None and is_number(value)
        ]  # fmt: skip
        if not known:
            continue
        if len(known) == 1 and len(chart.series) > 1:
            only = {"name": series.name, "value": printed(known[0][0], unit=chart.unit), "when": known[0][1]}
            told.append(_("%(name)s : %(value)s (%(when)s).") % only)
            continue
        first, last, high = known[0], known[-1], max(known, key=lambda each: each[0])
        facts = {
            "name": series.name, "first": printed(first[0], unit=chart.unit), "since": first[1],
            "last": printed(last[0], unit=chart.unit), "until": last[1],
            "high": printed(high[0], unit=chart.unit), "peak": high[1],
        }  # fmt: skip
        if len(chart.series) > 1:
            told.append(_("%(name)s : de %(first)s (%(since)s) à %(last)s (%(until)s).") % facts)
        elif len(known) == 1:
            told.append(_("%(since)s : %(first)s.") % facts)
        else:
            told.append(
                _("De %(first)s (%(since)s) à %(last)s (%(until)s). Le plus haut : %(high)s (%(peak)s).") % facts
            )
    return " ".join(told)
