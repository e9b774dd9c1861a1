"""What was voted against what is: a frozen version compared with the agenda of another moment, action by action."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from ..chart import Chart
from ..nouns import Action
from .overview import money

Topic = Literal["status", "health", "start", "end", "milestone", "money", "owner", "title"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was voted. `what`: the milestone, when it is one; `days`: how much a date moved.

    `before`, `after`: dates, euros, codes or texts, as they are in the objects; None: nothing was said.
    `act`, `reason`: what decided it, when the agenda says so.
    """

    topic: Topic
    before: Any
    after: Any
    what: Any = None
    days: int | None = None
    act: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    action: Action
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`same`: how many actions are exactly as they were voted, in what is compared."""

    added: tuple[Action, ...]
    removed: tuple[Action, ...]
    changed: tuple[Changed, ...]
    same: int
    voted: Decimal
    now: Decimal


@lru_cache(maxsize=12)
def compared(before: Chart, after: Chart) -> Comparison:
    """Dates, money, status, owner; what is new and what went."""
    then = {each.id: each for each in before.all(Action)}
    now = {each.id: each for each in after.all(Action)}
    changed = []
    for id_, each in now.items():
        if id_ in then and (found := tuple(_changes(then[id_], each, before, after))):
            changed.append(Changed(each, found))
    kept = sum(id_ in then for id_ in now)
    return Comparison(
        added=tuple(each for id_, each in now.items() if id_ not in then),
        removed=tuple(each for id_, each in then.items() if id_ not in now),
        changed=tuple(sorted(changed, key=lambda each: (-_worst(each), each.action.code))),
        same=kept - len(changed),
        voted=_voted(before, then),
        now=_voted(after, now),
    )


def _voted(chart: Chart, actions: Any) -> Decimal:
    return money(budget for id_ in actions for budget in chart.budgets_of_action.get(id_, ())).voted


def _worst(each: Changed) -> int:
    return max((change.days or 0 for change in each.changes), default=0)


def end_of(action: Action) -> date | None:
    """When it ended, or is to end: revised, else as planned."""
    if action.actual.end:
        return action.actual.end
    return next((each.end for each in reversed(action.revised) if each.end), action.planned.end)


def _changes(then: Action, now: Action, before: Chart, after: Chart) -> Iterator[Change]:
    if then.title != now.title:
        yield Change("title", then.title, now.title)
    if then.status != now.status:
        yield Change("status", then.status, now.status, reason=_fr(now.status_reason))
    if then.health != now.health:
        yield Change("health", then.health, now.health, reason=_fr(now.health_reason))
    if then.owner != now.owner:
        yield Change("owner", then.owner, now.owner)
    if then.actual.start != now.actual.start:
        yield _moved("start", then.actual.start, now.actual.start)
    old, new = end_of(then), end_of(now)
    if old != new:
        last = now.revised[-1] if now.revised and now.revised != then.revised else None
        yield _moved("end", old, new, act=(last.act or "") if last else "", reason=last.reason if last else "")
    yield from _milestones(then, now)
    paid_by, pays_for = before.budgets_of_action.get(then.id, ()), after.budgets_of_action.get(now.id, ())
    was, is_ = money(paid_by).voted, money(pays_for).voted
    if was != is_:
        revisions = [each for budget in pays_for for each in budget.authorisation.revisions]
        last_money = max(revisions, key=lambda each: each.decided, default=None)
        yield Change(
            "money", was, is_, act=(last_money.act or "") if last_money else "",
            reason=last_money.reason if last_money else "",
        )  # fmt: skip


def _milestones(then: Action, now: Action) -> Iterator[Change]:
    old = {each.id: each for each in then.milestones}
    new = {each.id: each for each in now.milestones}
    for id_, each in new.items():
        was = old.get(id_)
        expected = each.actual or each.forecast or each.baseline
        if was is None:
            yield Change("milestone", None, expected, what=each.title)
            continue
        before = was.actual or was.forecast or was.baseline
        if before != expected:
            yield _moved("milestone", before, expected, what=each.title)
    for id_, each in old.items():
        if id_ not in new:
            yield Change("milestone", each.baseline, None, what=each.title)


def _moved(topic: Topic, old: date | None, new: date | None, **more: Any) -> Change:
    return Change(topic, old, new, days=(new - old).days if old and new else None, **more)


def _fr(text: Any) -> str:
    return text.fr if text else ""
