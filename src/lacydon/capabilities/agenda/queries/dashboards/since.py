"""What changed since a day that somebody names: the last committee, the last vote."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lacydon.kernel.clock import LOCAL, today

from ..chart import Chart
from ..indicators.movements import Movement, movements
from ..nouns import Indicator
from ..plan.comparing import Comparison, compared
from ..plan.moments import recorded
from ..plan.promises import Promise, promises
from ..plan.rebuilding import rebuilt
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
    evening = datetime.combine(since + timedelta(days=1), time.min, tzinfo=LOCAL)
    before = recorded(evening)
    if before.objects:
        then = twin(before).chart if public else before
        found: Comparison | None = compared(then, now)
    else:
        then = rebuilt(now, since)
        found = compared(then, rebuilt(now, day)) if then.objects else None
    done = (each for each in promises(now, day) if each.milestone.actual and since < each.milestone.actual <= day)
    until = None if day >= today() else datetime.combine(day + timedelta(days=1), time.min, tzinfo=LOCAL)
    measured = movements((each.id for each in now.all(Indicator)), limit=4 * NAMED, since=evening, until=until)
    return Since(
        comparison=found,
        rebuilt=not before.objects,
        kept=tuple(sorted(done, key=lambda each: each.milestone.actual or day, reverse=True)),
        moved=tuple(each for each in measured if not each.first)[:NAMED],
    )
