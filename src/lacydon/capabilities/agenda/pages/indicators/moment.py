"""The moment of a page: readings computed later were not known."""

from datetime import datetime, time, timedelta

from lacydon.kernel.clock import LOCAL

from ..plan.frame import Asked


def until(given: Asked) -> datetime | None:
    """The end of the day a page speaks of; None: now."""
    if not given.moment.past:
        return None
    return datetime.combine(given.moment.day + timedelta(days=1), time.min, tzinfo=LOCAL) - timedelta(microseconds=1)
