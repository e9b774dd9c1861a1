"""How well each source answers, for everybody to see: now, hour by hour, and over thirty days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Sum

from lacydon.kernel import clock

from ...models import LiveHour, LiveSource, LiveTurn
from .health import health_of, without_machines
from .nouns import SourceHealth

HOURS: Final = 48
DAYS: Final = 30


@dataclass(frozen=True, kw_only=True)
class Hour:
    """One hour of a source. `percent`: None when it was not asked."""

    begins: datetime
    asked: int = 0
    failed: int = 0
    stale: int = 0
    percent: int | None = None
    error: str = ""

    @property
    def level(self) -> str:
        """In a word, for what draws it: none, good, half, bad."""
        if self.percent is None:
            return "none"
        return "good" if self.percent >= 95 else "half" if self.percent >= 50 else "bad"


@dataclass(frozen=True, kw_only=True)
class Availability:
    """A source as the public page shows it."""

    source: LiveSource
    health: SourceHealth
    turn: LiveTurn | None
    hours: tuple[Hour, ...]
    """The last HOURS, oldest first."""
    today: float | None
    """Percent of the questions of the last 24 hours that were answered, and freshly."""
    month: float | None
    milliseconds: int | None
    """Mean time of an answer over the last 24 hours."""
    asked: int
    """Over DAYS."""
    error: str = ""
    """The last one, in the words of whoever reads it."""

    @property
    def remarks(self) -> list[dict[str, Any]]:
        return list(self.turn.remarks) if self.turn else []


def availabilities(*, told: Callable[[str], str] = without_machines) -> list[Availability]:
    """Every source, those that are off at the end. `told` makes of an error what may be read of it."""
    moment = clock.now()
    this = moment.replace(minute=0, second=0, microsecond=0)
    first = this - timedelta(hours=HOURS - 1)
    rows: dict[str, dict[datetime, LiveHour]] = {}
    for row in LiveHour.objects.filter(hour__gte=first):
        rows.setdefault(row.source_id, {})[row.hour] = row
    sums = {
        each["source_id"]: each
        for each in LiveHour.objects.filter(hour__gte=moment - timedelta(days=DAYS))
        .values("source_id")
        .annotate(asked_=Sum("asked"), answered_=Sum("answered"), stale_=Sum("stale"))
    }
    found = []
    for source in LiveSource.objects.select_related("turn").order_by("-enabled", "position", "id"):
        its = rows.get(source.pk, {})
        day = [row for when, row in its.items() if when > this - timedelta(hours=24)]
        answered = sum(row.answered for row in day)
        month, turn = sums.get(source.pk), getattr(source, "turn", None)
        found.append(
            Availability(
                source=source,
                health=health_of(source, moment),
                turn=turn,
                error=told(turn.error) if turn is not None and turn.error_at else "",
                hours=tuple(_hour(first + timedelta(hours=n), its, told) for n in range(HOURS)),
                today=_percent(sum(row.asked for row in day), answered - sum(row.stale for row in day)),
                month=_percent(month["asked_"], month["answered_"] - month["stale_"]) if month else None,
                milliseconds=round(sum(row.milliseconds for row in day) / answered) if answered else None,
                asked=month["asked_"] if month else 0,
            )
        )
    return found


def _hour(begins: datetime, rows: dict[datetime, LiveHour], told: Callable[[str], str]) -> Hour:
    row = rows.get(begins)
    if row is None:
        return Hour(begins=begins)
    percent = _percent(row.asked, row.answered - row.stale)
    return Hour(
        begins=begins,
        asked=row.asked,
        failed=row.failed,
        stale=row.stale,
        percent=None if percent is None else int(percent),
        error=told(row.error),
    )


def _percent(asked: int, good: int) -> float | None:
    return round(100 * good / asked, 1) if asked else None
