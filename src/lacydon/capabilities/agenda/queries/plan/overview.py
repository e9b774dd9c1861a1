"""The plan at a glance: each axis with its actions, how they go, what was promised, with what money."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache

from ..chart import Chart
from ..nouns import Action, Axis, Budget, Policy
from .promises import Promise, Tally, of_axis, promises, tally

RUNNING = ("en-cours", "en-pause")
NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Money:
    """In euros. `voted`: what may be committed today (AP and AE, revised); `first`: what was voted at first."""

    voted: Decimal = NOUGHT
    first: Decimal = NOUGHT
    credits: Decimal = NOUGHT
    engaged: Decimal = NOUGHT
    paid: Decimal = NOUGHT
    asked: Decimal = NOUGHT
    granted: Decimal = NOUGHT
    received: Decimal = NOUGHT

    @property
    def share(self) -> int | None:
        """Per cent of what was voted that is paid."""
        return round(100 * self.paid / self.voted) if self.voted else None


@dataclass(frozen=True, slots=True)
class Sum:
    """Some actions, counted. `done`: carried out; the health is of those that run; `waiting`: not begun."""

    count: int
    done: int
    green: int
    orange: int
    red: int
    waiting: int
    dropped: int
    tally: Tally
    money: Money

    @property
    def running(self) -> int:
        return self.green + self.orange + self.red


@dataclass(frozen=True, slots=True)
class Part:
    """An axis and its sum; an action that serves two axes counts in each."""

    axis: Axis
    sum: Sum


@dataclass(frozen=True, slots=True)
class Overview:
    whole: Sum
    parts: tuple[Part, ...]
    communes: Mapping[str, tuple[Action, ...]]
    """INSEE code → the actions that name this commune."""
    everywhere: tuple[Action, ...]
    """Those of the whole territory that name no commune."""


def voted(budget: Budget) -> Decimal:
    """What may be committed today for one line of credits."""
    given = budget.authorisation
    if given.cancelled:
        return NOUGHT
    return given.revisions[-1].amount if given.revisions else given.voted


def money(budgets: Iterable[Budget]) -> Money:
    """The sum of some lines of credits."""
    found = tuple(budgets)
    years = [year for each in found for year in each.years]
    funds = [fund for each in found for fund in each.funding]
    return Money(
        voted=sum(map(voted, found), NOUGHT),
        first=sum((each.authorisation.voted for each in found), NOUGHT),
        credits=sum((year.voted if year.revised is None else year.revised for year in years), NOUGHT),
        engaged=sum((year.engaged for year in years), NOUGHT),
        paid=sum((year.paid for year in years), NOUGHT),
        asked=sum((fund.asked for fund in funds), NOUGHT),
        granted=sum((fund.granted for fund in funds), NOUGHT),
        received=sum((fund.received for fund in funds), NOUGHT),
    )


_AMOUNTS = tuple(each.name for each in fields(Money))


def added(parts: Iterable[Money]) -> Money:
    """The sum of some sums."""
    found = tuple(parts)
    return Money(**{name: sum((getattr(each, name) for each in found), NOUGHT) for name in _AMOUNTS})


@lru_cache(maxsize=12)
def money_of_actions(chart: Chart) -> Mapping[str, Money]:
    """The money of each action that has some: it is the same whatever the day the chart is looked at."""
    return {id_: money(budgets) for id_, budgets in chart.budgets_of_action.items()}


def summed(chart: Chart, actions: Iterable[Action], kept: Iterable[Promise]) -> Sum:
    """The sum of some actions, with the promises that are theirs."""
    found = tuple(actions)
    statuses = Counter(each.status for each in found)
    health = Counter(each.health for each in found if each.status in RUNNING)
    of_action = money_of_actions(chart)
    return Sum(
        count=len(found),
        done=statuses["realisee"],
        green=health["vert"],
        orange=health["orange"],
        red=health["rouge"],
        waiting=statuses["idee"] + statuses["etude"] + statuses["decidee"],
        dropped=statuses["abandonnee"],
        tally=tally(kept),
        money=added(of_action[each.id] for each in found if each.id in of_action),
    )


@lru_cache(maxsize=12)
def overview(chart: Chart, day: date) -> Overview:
    """Made once for a chart and a day."""
    actions, all_ = chart.all(Action), promises(chart, day)
    by_axis = of_axis(all_)
    communes: dict[str, list[Action]] = {}
    for each in actions:
        for commune in each.communes:
            communes.setdefault(commune.citycode, []).append(each)
    return Overview(
        whole=summed(chart, actions, all_),
        parts=tuple(
            Part(axis, summed(chart, chart.actions_of_axis.get(axis.id, ()), by_axis.get(axis.id, ())))
            for axis in chart.axes
        ),
        communes={code: tuple(found) for code, found in communes.items()},
        everywhere=tuple(each for each in actions if not each.communes and each.scale == "metropole"),
    )


@lru_cache(maxsize=12)
def policies(chart: Chart) -> tuple[tuple[Policy, tuple[Action, ...]], ...]:
    """The public policies that have an action, with their actions."""
    by: dict[str, list[Action]] = {}
    for each in chart.all(Action):
        for part in each.policies:
            by.setdefault(part.policy, []).append(each)
    return tuple((policy, tuple(by[policy.id])) for policy in chart.all(Policy) if policy.id in by)
