"""The hours of GTFS: seconds since « noon minus twelve hours » of the service day, so that 25:30 is right twice a year.

Source: GTFS Schedule Reference, type Time. On the day the clocks change, noon minus twelve hours is not midnight.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from lacydon.kernel.clock import LOCAL

HALF_A_DAY = 43_200


@lru_cache(maxsize=64)
def start_of(day: date) -> int:
    """Seconds since 1970 of the moment from which the times of this service day are counted."""
    return int(datetime.combine(day, time(12), LOCAL).timestamp()) - HALF_A_DAY


def moment(day: date, seconds: int) -> datetime:
    """The moment (UTC) of a time of GTFS."""
    return datetime.fromtimestamp(start_of(day) + seconds, UTC)


def seconds_in(day: date, when: datetime) -> int:
    """The time of GTFS that a moment has in this service day: over 86,400 the next night, below 0 the night before."""
    return int(when.timestamp()) - start_of(day)


def day_of(when: datetime) -> date:
    """The civil day of a moment where the residents live."""
    return when.astimezone(LOCAL).date()


def service_days(when: datetime, *, longest: int) -> list[date]:
    """Service days whose times may hold this moment, the oldest first; `longest` is the last time of the timetable."""
    today = day_of(when)
    back = max(0, longest) // 86_400 + 1
    return [
        today - timedelta(days=n)
        for n in range(back, -1, -1)
        if seconds_in(today - timedelta(days=n), when) <= longest + 3_600
    ]
