"""What changed since a day that somebody names: the last committee, the last vote."""

from datetime import date, datetime, time, timedelta

from lacydon.kernel.clock import LOCAL

from ..chart import Chart
from ..plan.comparing import Comparison, compared
from ..plan.moments import recorded
from ..plan.twin import twin

DAYS = 90
"""A committee meets every quarter, when nothing else is said."""


def last_committee(day: date) -> date:
    """The day changes are counted from when none is given."""
    return day - timedelta(days=DAYS)


def changes(now: Chart, since: date, *, public: bool) -> Comparison | None:
    """Against the agenda as it stood at the end of that day; None when nothing of it was recorded yet."""
    before = recorded(datetime.combine(since + timedelta(days=1), time.min, tzinfo=LOCAL))
    if not before.objects:
        return None
    return compared(twin(before).chart if public else before, now)
