"""How the work goes: what is open and late, by service and by agent, how long answers take, what comes and ends."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncWeek

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import LOCAL, now, today

from ..models import Outcome, Request, RequestState

WEEKS = 12
DELAY_OVER = timedelta(days=90)
CLOSINGS = 10_000
"""The latest ones, at most, from which the usual delay is worked out."""
NOT_ANSWERED = (Outcome.WITHDRAWN, Outcome.DUPLICATE)
"""Ends that say nothing of how long an answer takes."""


@dataclass(frozen=True, slots=True)
class Load:
    """What an agent (`id` "" for nobody) or a service has; `days` within which half of the answers come."""

    id: str
    open: int
    late: int
    waiting: int
    closed: int
    days: float | None


@dataclass(frozen=True, slots=True)
class Week:
    """From its Monday on."""

    monday: date
    arrived: int
    closed: int


@dataclass(frozen=True, slots=True)
class Board:
    """`whole`: all together; `closed` and `days` over the last 90 days."""

    whole: Load
    services: Sequence[Load]
    agents: Sequence[Load]
    weeks: Sequence[Week]


def board(actor: Actor) -> Board:
    """The work of the agent's organisation, in five statements."""
    rows = Request.objects.filter(organisation_id=actor.organisation) if actor.organisation else Request.objects.none()
    is_open = rows.filter(closed_at__isnull=True)
    ended = rows.filter(closed_at__isnull=False, closed_at__gte=now() - DELAY_OVER)
    closings: list[tuple[Any, ...]] = list(
        ended.exclude(outcome__in=NOT_ANSWERED)
        .order_by("-closed_at")
        .values_list("service_id", "assignee_id", "opened_at", "closed_at")[:CLOSINGS]
    )
    services = _loads(is_open, "service_id", _delays(closings, 0))
    agents = _loads(is_open, "assignee_id", _delays(closings, 1))
    days = [_days(row[2], row[3]) for row in closings]
    whole = Load(
        id="",
        open=sum(each.open for each in services),
        late=sum(each.late for each in services),
        waiting=sum(each.waiting for each in services),
        closed=len(closings),
        days=median(days) if days else None,
    )
    return Board(whole=whole, services=services, agents=agents, weeks=_weeks(rows))


def _loads(rows: QuerySet[Request], by: str, delays: Mapping[str, list[float]]) -> list[Load]:
    late = Q(due_at__lt=now()) & ~Q(state=RequestState.WAITING)
    found = (
        rows.order_by()
        .values_list(by)
        .annotate(
            all=Count("pk"),
            overdue=Count("pk", filter=late),
            waiting=Count("pk", filter=Q(state=RequestState.WAITING)),
        )
    )
    held = {str(id or ""): (number, overdue, waiting) for id, number, overdue, waiting in found}
    loads = [
        Load(id, *held.get(id, (0, 0, 0)), closed=len(spent), days=median(spent) if spent else None)
        for id in held.keys() | delays.keys()
        for spent in [delays.get(id, [])]
    ]
    return sorted(loads, key=lambda each: (-each.late, -each.open, -each.closed, each.id))


def _delays(closings: Sequence[tuple[Any, ...]], by: int) -> Mapping[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for row in closings:
        found[str(row[by] or "")].append(_days(row[2], row[3]))
    return found


def _days(opened: datetime, closed: datetime) -> float:
    return (closed - opened).total_seconds() / 86_400


def _weeks(rows: QuerySet[Request]) -> list[Week]:
    this = today() - timedelta(days=today().weekday())
    first = datetime.combine(this - timedelta(weeks=WEEKS - 1), time(), tzinfo=LOCAL)
    counted: dict[str, Counter[date]] = {}
    for field in ("opened_at", "closed_at"):
        found = rows.filter(**{f"{field}__isnull": False, f"{field}__gte": first}).order_by()
        by_week = found.annotate(week=TruncWeek(field, tzinfo=LOCAL)).values_list("week").annotate(all=Count("pk"))
        counted[field] = Counter({monday.date(): number for monday, number in by_week})
    mondays = [this - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    return [Week(each, counted["opened_at"][each], counted["closed_at"][each]) for each in mondays]
