"""Totals of the credits: by policy, axis, section, M57 nature and function. Whatever the cut, the sum is the whole.

An action of two axes shares its money between them by their weights; the last one takes the cents that rounding leaves,
so that nothing is counted twice nor lost.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache
from typing import Literal

from ..chart import Chart
from ..nouns import Action, Axis, Budget, Policy
from ..nouns.money import Year
from ..plan.overview import NOUGHT, Money, added, money

By = Literal["politique", "axe", "section", "nature", "fonction"]
BY: tuple[By, ...] = ("politique", "axe", "section", "nature", "fonction")
CENT = Decimal("0.01")
Parts = tuple[tuple[str, Decimal], ...]
"""(key, per cent) of one line of credits; they make a hundred."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some lines of credits under one key. `parts`: each line, what it weighs here in per cent and in money."""

    key: str
    money: Money
    parts: tuple[tuple[Budget, Decimal, Money], ...]


@dataclass(frozen=True, slots=True)
class YearSum:
    """The credits of one year. `as_of`: the day the oldest of its figures speaks of."""

    year: int
    voted: Decimal
    credits: Decimal
    engaged: Decimal
    paid: Decimal
    as_of: date

    @property
    def share(self) -> int | None:
        """Per cent of the credits of the year that is paid."""
        return round(100 * self.paid / self.credits) if self.credits else None

    @property
    def elapsed(self) -> int:
        """Per cent of the year that was over on the day its figures speak of."""
        if self.as_of.year != self.year:
            return 100 if self.as_of.year > self.year else 0
        last = date(self.year, 12, 31).timetuple().tm_yday
        return round(100 * self.as_of.timetuple().tm_yday / last)


@dataclass(frozen=True, slots=True)
class Share:
    """What one kind of funder was asked, gave its word for, and gave; `from_`: the lines it funds."""

    funder: str
    asked: Decimal
    granted: Decimal
    received: Decimal
    from_: tuple[Budget, ...]


@lru_cache(maxsize=12)
def whole(chart: Chart) -> Money:
    """All the credits of a chart."""
    return money(chart.all(Budget))


def credit(year: Year) -> Decimal:
    """What may be paid in the year: as revised, else as voted."""
    return year.voted if year.revised is None else year.revised


@lru_cache(maxsize=12)
def years(chart: Chart) -> tuple[YearSum, ...]:
    """Year by year, the oldest first."""
    return years_of(chart.all(Budget))


def years_of(budgets: Iterable[Budget]) -> tuple[YearSum, ...]:
    """The same, of some lines."""
    found: dict[int, list[Year]] = {}
    for each in budgets:
        for year in each.years:
            found.setdefault(year.year, []).append(year)
    return tuple(
        YearSum(
            year=number,
            voted=sum((each.voted for each in rows), NOUGHT),
            credits=sum(map(credit, rows), NOUGHT),
            engaged=sum((each.engaged for each in rows), NOUGHT),
            paid=sum((each.paid for each in rows), NOUGHT),
            as_of=min(each.as_of for each in rows),
        )
        for number, rows in sorted(found.items())
    )


@lru_cache(maxsize=12)
def shares(chart: Chart) -> tuple[Share, ...]:
    """Funder by funder, who grants most first."""
    return shares_of(chart.all(Budget))


def shares_of(budgets: Iterable[Budget]) -> tuple[Share, ...]:
    """The same, of some lines."""
    found: dict[str, list[tuple[Budget, Decimal, Decimal, Decimal]]] = {}
    for each in budgets:
        for fund in each.funding:
            found.setdefault(fund.funder, []).append((each, fund.asked, fund.granted, fund.received))
    made = [
        Share(
            funder=funder,
            asked=sum((row[1] for row in rows), NOUGHT),
            granted=sum((row[2] for row in rows), NOUGHT),
            received=sum((row[3] for row in rows), NOUGHT),
            from_=tuple(dict.fromkeys(row[0] for row in rows)),
        )
        for funder, rows in found.items()
    ]
    return tuple(sorted(made, key=lambda each: (-each.granted, each.funder)))


@lru_cache(maxsize=64)
def grouped(chart: Chart, by: By) -> tuple[Group, ...]:
    """The whole cut one way, the largest first."""
    lines: dict[str, list[tuple[Budget, Decimal, Money]]] = {}
    for each in chart.all(Budget):
        for key, share, part in _cut(each, _parts(chart, each, by)):
            lines.setdefault(key, []).append((each, share, part))
    made = [Group(key, added(part for _budget, _share, part in rows), tuple(rows)) for key, rows in lines.items()]
    return tuple(sorted(made, key=lambda each: (-each.money.voted, each.key)))


def names(chart: Chart, by: By) -> Mapping[str, Policy | Axis]:
    """key → what it is the name of, where a key names something of the agenda."""
    kinds: Mapping[str, type[Policy] | type[Axis]] = {"politique": Policy, "axe": Axis}
    kind = kinds.get(by)
    return {each.id: each for each in chart.all(kind)} if kind else {}


def _parts(chart: Chart, budget: Budget, by: By) -> Parts:
    if by == "axe":
        action = chart.get(Action, budget.action)
        shares = action.axes if action else ()
        return tuple((each.axis, each.weight) for each in shares) or (("", Decimal(100)),)
    key = {"politique": budget.policy, "section": budget.section, "nature": budget.nature}.get(by)
    key = function_of(chart, budget) if key is None else key
    return ((key, Decimal(100)),)


def function_of(chart: Chart, budget: Budget) -> str:
    """Its M57 function, else that of the policy it is voted under."""
    if budget.function != "0":
        return budget.function
    policy = chart.get(Policy, budget.policy)
    return (policy.m57_function if policy else "") or "0"


def _cut(budget: Budget, parts: Parts) -> Iterator[tuple[str, Decimal, Money]]:
    """Each part of a line; the last one is what the others leave."""
    all_ = left = money((budget,))
    for key, share in parts[:-1]:
        part = _part(all_, share)
        left = _each(left, part, lambda whole, taken: whole - taken)
        yield key, share, part
    key, share = parts[-1]
    yield key, share, left


def _each(one: Money, other: Money, act: Callable[[Decimal, Decimal], Decimal]) -> Money:
    return replace(
        one, **{each.name: act(getattr(one, each.name), getattr(other, each.name)) for each in fields(Money)}
    )


def _part(sum: Money, share: Decimal) -> Money:
    return _each(sum, sum, lambda amount, _same: (amount * share / 100).quantize(CENT, ROUND_DOWN))
