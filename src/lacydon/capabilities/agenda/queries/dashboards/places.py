"""What the agenda is in one commune, and what an organisation leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from ..chart import Chart
from ..money.totals import YearSum, years_of
from ..nouns import Action, Budget, Experience, Indicator
from ..nouns.actions import CommuneRole, DecisionAsked
from ..plan.overview import Money, Sum, money, summed
from ..plan.promises import Promise, promises
from .screen import OVER, Stuck, stuck

SOON = timedelta(days=90)
Risks = tuple[tuple[Action, int, str], ...]


@dataclass(frozen=True, slots=True)
class InCommune:
    """`here`: the actions that name it, with its role; `for_all`: those of the whole territory; `other`: how many more
    name other communes only; `adoptions`: ids of the kits it adopts, with the stage."""

    here: tuple[tuple[Action, CommuneRole], ...]
    for_all: tuple[Action, ...]
    other: int
    promises: tuple[Promise, ...]
    experiences: tuple[Experience, ...]
    adoptions: Mapping[str, str]
    sum: Sum


@dataclass(frozen=True, slots=True)
class Led:
    """What an organisation leads. `next`: its promises that are late or due within ninety days, the first due first."""

    actions: tuple[Action, ...]
    sum: Sum
    late: tuple[Promise, ...]
    next: tuple[Promise, ...]
    decisions: tuple[tuple[Action, DecisionAsked], ...]
    stuck: tuple[Stuck, ...]
    risks: Risks
    """(action, likelihood × gravity, title in French) of the gravest."""
    money: Money
    running: YearSum | None
    budgets: tuple[Budget, ...]
    indicators: tuple[Indicator, ...]


@lru_cache(maxsize=128)
def in_commune(chart: Chart, citycode: str, day: date) -> InCommune:
    """What the agenda does in a commune (INSEE code)."""
    here, other = [], 0
    for each in chart.all(Action):
        role = next((one for one in each.communes if one.citycode == citycode), None)
        if role is not None:
            here.append((each, role))
        other += role is None and bool(each.communes)
    names = {each.id for each, _role in here}
    kept = tuple(each for each in promises(chart, day) if each.action.id in names)
    for_all = tuple(each for each in chart.all(Action) if not each.communes and each.scale == "metropole")
    adopted = [each for (kind, _id), each in chart.objects.items() if kind == "adoption" and each.commune == citycode]  # type: ignore[attr-defined]
    return InCommune(
        here=tuple(here),
        for_all=for_all,
        other=other,
        promises=kept,
        experiences=tuple(each for each in chart.all(Experience) if each.commune == citycode),
        adoptions={each.kit: each.now.stage for each in adopted},  # type: ignore[attr-defined]
        sum=summed(chart, [each for each, _role in here], kept),
    )


@lru_cache(maxsize=64)
def led_by(chart: Chart, authority: str, day: date) -> Led:
    """What an authority leads, and what waits for it."""
    actions = tuple(each for each in chart.all(Action) if each.owner == authority)
    names = {each.id for each in actions}
    all_ = tuple(each for each in promises(chart, day) if each.action.id in names)
    going = [each for each in actions if each.status not in OVER]
    budgets = tuple(one for each in actions for one in chart.budgets_of_action.get(each.id, ()))
    decisions = [(each, one) for each in going for one in each.decisions if not one.answered]
    indicators = {one.id: one for each in actions for one in chart.indicators_of_action.get(each.id, ())}
    risks = [(each, one.likelihood * one.gravity, one.title.fr) for each in going for one in each.risks]
    coming = (each for each in all_ if each.verdict in ("coming", "slipping"))
    return Led(
        actions=actions,
        sum=summed(chart, actions, all_),
        late=tuple(each for each in all_ if each.verdict == "missed"),
        next=tuple(each for each in coming if each.milestone.baseline <= day + SOON),
        decisions=tuple(sorted(decisions, key=lambda each: (each[1].by, each[0].code))),
        stuck=tuple(each for each in stuck(chart, all_, day) if each.action.id in names),
        risks=tuple(sorted(risks, key=lambda each: (-each[1], each[0].code))[:6]),
        money=money(budgets),
        running=next((each for each in years_of(budgets) if each.year == day.year), None),
        budgets=budgets,
        indicators=tuple(indicators.values()),
    )
