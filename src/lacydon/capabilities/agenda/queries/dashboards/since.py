"""What changed since a day that somebody names: the last committee, the last vote."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from lacydon.kernel.clock import LOCAL, today

from ..chart import Chart
from ..indicators.movements import Movement, movements
from ..nouns import Action, Budget, Indicator, LegalAct
from ..plan.comparing import Change, Changed, Comparison, compared
from ..plan.moments import recorded
from ..plan.overview import NOUGHT
from ..plan.promises import Promise, promises
from ..plan.twin import twin

DAYS = 90
"""A committee meets every quarter, when nothing else is said."""
NAMED = 3


@dataclass(frozen=True, slots=True)
class Since:
    """`rebuilt`: nothing was recorded yet on that day, so that only what has a date is compared.

    `comparison`: None when nothing was voted yet. `kept`: the promises kept since, the last one first; `moved`: what
    was measured anew since (some of it).
    """

    comparison: Comparison | None
    rebuilt: bool
    kept: tuple[Promise, ...]
    moved: tuple[Movement, ...]


def last_committee(day: date) -> date:
    """The day changes are counted from when none is given."""
    return day - timedelta(days=DAYS)


def changes(now: Chart, day: date, since: date, *, public: bool) -> Since:
    """What is on a day against the agenda as it stood at the end of another."""
    evening = _evening(since)
    before = recorded(evening)
    if before.objects:
        then = twin(before).chart if public else before
        found: Comparison | None = compared(then, now)
    else:
        found = _dated(now, since, day)
    done = (each for each in promises(now, day) if each.milestone.actual and since < each.milestone.actual <= day)
    until = None if day >= today() else _evening(day)
    measured = movements((each.id for each in now.all(Indicator)), limit=4 * NAMED, since=evening, until=until)
    return Since(
        comparison=found,
        rebuilt=not before.objects,
        kept=tuple(sorted(done, key=lambda each: each.milestone.actual or day, reverse=True)),
        moved=tuple(each for each in measured if not each.first)[:NAMED],
    )


def _evening(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=LOCAL)


@lru_cache(maxsize=12)
def _dated(chart: Chart, since: date, day: date) -> Comparison | None:
    """What the dates of acts, actions, promises and amounts tell of the time between two days; None: not voted yet."""
    acts = {each.id: each.date for each in chart.all(LegalAct)}
    agenda = chart.agenda()
    if agenda is None or acts.get(agenda.adopted_by, date.max) > since:
        return None
    added, changed, same = [], [], 0
    for each in chart.all(Action):
        begins = acts.get(each.decided_by or "") or each.actual.start or each.planned.start
        if begins is None or begins > day:
            continue
        moved = tuple(Change("milestone", None, when) for when in _days_of(each) if since < when <= day)
        if begins > since:
            added.append(each)
        elif moved:
            changed.append(Changed(each, moved))
        else:
            same += 1
    touched = [each for each in chart.all(Budget) if _may_move(each, since, acts)]
    amounts = [sum((_voted(one, when, acts) for one in touched), NOUGHT) for when in (since, day)]
    return Comparison(tuple(added), (), tuple(changed), same, amounts[0], amounts[1])


def _days_of(each: Action) -> Iterator[date]:
    """When something happened to it."""
    yield from (when for when in (each.actual.start, each.actual.end) if when is not None)
    yield from (revision.decided for revision in each.revised)
    yield from (milestone.actual for milestone in each.milestones if milestone.actual is not None)


def _may_move(each: Budget, since: date, acts: Mapping[str, date]) -> bool:
    """Whether its amount may be another after that day: most are not, and are left out of both sums."""
    given = each.authorisation
    return bool(given.revisions) or given.cancelled is not None or acts.get(given.act, date.max) > since


def _voted(each: Budget, when: date, acts: Mapping[str, date]) -> Decimal:
    """What was authorised on a day."""
    given = each.authorisation
    if acts.get(given.act, date.max) > when or (given.cancelled is not None and given.cancelled <= when):
        return NOUGHT
    revised = [one for one in given.revisions if one.decided <= when]
    return max(revised, key=lambda one: one.decided).amount if revised else given.voted
