"""How often each source of real time answered in time, hour by hour."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from lacydon.kernel.clock import LOCAL, hour, now

from ...models import LiveHour, LiveSource
from ..live.health import without_machines

DAYS = 7


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of one source, or the same hour of several days."""

    label: str
    asked: int
    answered: int
    failed: int
    stale: int
    error: str = ""

    @property
    def good(self) -> int:
        return max(0, self.answered - self.stale)

    @property
    def share(self) -> float | None:
        """Per cent of the questions that had an answer fresh enough; None when it was not asked."""
        return round(100 * self.good / self.asked, 1) if self.asked else None


@dataclass(frozen=True, slots=True)
class Availability:
    """A source over a week: by hour of the day, its worst hours, and the whole."""

    id: str
    name: str
    whole: Hour
    hours: tuple[Hour, ...]
    worst: tuple[Hour, ...]


def availability(when: datetime | None = None) -> list[Availability]:
    """Of every source that was asked within a week."""
    when = when or now()
    names = dict(LiveSource.objects.values_list("pk", "name"))
    rows = defaultdict(list)
    for row in LiveHour.objects.filter(hour__gte=when - timedelta(days=DAYS)).order_by("hour"):
        rows[row.source_id].append(row)
    made = []
    for id, mine in sorted(rows.items(), key=lambda each: names.get(each[0], each[0])):
        by_hour = defaultdict(list)
        for row in mine:
            by_hour[row.hour.astimezone(LOCAL).hour].append(row)
        bad = [_one(f"{row.hour.astimezone(LOCAL):%d/%m} {hour(row.hour)}", [row]) for row in mine]
        bad = [each for each in bad if each.share is not None and each.share < 90]
        made.append(
            Availability(
                id=id, name=names.get(id, id), whole=_one("", mine),
                hours=tuple(_one(f"{n} h", by_hour[n]) for n in sorted(by_hour)),
                worst=tuple(sorted(bad, key=lambda each: (each.share or 0.0, each.label))[:12]),
            )
        )  # fmt: skip
    return made


def _one(label: str, rows: list[LiveHour]) -> Hour:
    return Hour(
        label=label,
        asked=sum(each.asked for each in rows),
        answered=sum(each.answered for each in rows),
        failed=sum(each.failed for each in rows),
        stale=sum(each.stale for each in rows),
        error=without_machines(next((each.error for each in reversed(rows) if each.error), "")),
    )
