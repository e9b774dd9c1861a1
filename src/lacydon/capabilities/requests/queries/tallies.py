"""Requests counted, by service, commune and month: what figures are made of. Small counts too: never shown as is."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple, TypeVar

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from lacydon.kernel.clock import LOCAL

from ..models import Outcome, Request

NOT_ANSWERED = (Outcome.DUPLICATE, Outcome.WITHDRAWN)
"""Closed without the authority having had to answer."""
TACIT = (Outcome.TACIT_ACCEPTED, Outcome.TACIT_REFUSED)
CHUNK = 10_000
To = TypeVar("To", bound=Hashable)


class Place(NamedTuple):
    """Where and when something is counted; a month is "2026-10"."""

    service: str
    citycode: str
    month: str


@dataclass(slots=True)
class Tally:
    """`opened`: in the month. `days`: delays of what was answered in it, days → how many. `due`: answers that were owed
    in it; `on_time`: those of them that were given. `rated`: marks given in it, `marks` their sum."""

    opened: int = 0
    days: Counter[int] = field(default_factory=Counter)
    due: int = 0
    on_time: int = 0
    rated: int = 0
    marks: int = 0

    @property
    def answered(self) -> int:
        return self.days.total()

    def add(self, other: "Tally") -> None:
        self.opened += other.opened
        self.days.update(other.days)
        self.due += other.due
        self.on_time += other.on_time
        self.rated += other.rated
        self.marks += other.marks


def gathered(tallies: Mapping[Place, Tally], by: Callable[[Place], To]) -> dict[To, Tally]:
    """Tallies added up by what they have in common."""
    found: dict[To, Tally] = {}
    for place, tally in tallies.items():
        found.setdefault(by(place), Tally()).add(tally)
    return found


def quantile(days: Counter[int], *, share: float) -> int:
    """The number of days within which this share of the answers was given."""
    wanted, seen = share * days.total(), 0
    for length in sorted(days):
        seen += days[length]
        if seen >= wanted:
            return length
    raise ValueError("no delay at all")


def tallies(*, since: date, until: date) -> dict[Place, Tally]:
    """What happened from a day on and before another (Europe/Paris), both the first of a month."""
    start, end = _midnight(since), _midnight(until)
    found: dict[Place, Tally] = {}

    def at(service: str, citycode: str, moment: datetime) -> Tally:
        place = Place(service, citycode, f"{moment.astimezone(LOCAL):%Y-%m}")
        return found.setdefault(place, Tally())

    opened = _months(Request.objects.filter(opened_at__gte=start, opened_at__lt=end), "opened_at")
    for service, citycode, month, number in opened.annotate(number=Count("pk")):
        at(service, citycode, month).opened += number
    answered = Request.objects.filter(closed_at__gte=start, closed_at__lt=end).exclude(outcome__in=NOT_ANSWERED)
    columns = answered.values_list("service_id", "citycode", "opened_at", "closed_at")
    for service, citycode, began, ended in columns.iterator(chunk_size=CHUNK):
        assert ended is not None  # it is in the interval asked for
        days = (ended.astimezone(LOCAL).date() - began.astimezone(LOCAL).date()).days
        at(service, citycode, ended).days[days] += 1
    for service, citycode, month, number, on_time in _due(start, end):
        tally = at(service, citycode, month)
        tally.due, tally.on_time = tally.due + number, tally.on_time + on_time
    rated = _months(Request.objects.filter(rating__isnull=False, rated_at__gte=start, rated_at__lt=end), "rated_at")
    for service, citycode, month, number, marks in rated.annotate(number=Count("pk"), marks=Sum("rating")):
        tally = at(service, citycode, month)
        tally.rated, tally.marks = tally.rated + number, tally.marks + marks
    return found


def _due(start: datetime, end: datetime) -> "QuerySet[Request, tuple[str, str, datetime, int, int]]":
    """By the month an answer was owed, so that those never given count too; not while the resident is waited for."""
    owed = Request.objects.filter(due_at__gte=start, due_at__lt=end).exclude(outcome__in=NOT_ANSWERED)
    owed = owed.filter(Q(closed_at__isnull=False) | Q(waiting_since=None))
    given = Q(closed_at__lte=F("due_at")) & ~Q(outcome__in=TACIT)
    return _months(owed, "due_at").annotate(number=Count("pk"), on_time=Count("pk", filter=given))


def _months(rows: "QuerySet[Request]", moment: str) -> "QuerySet[Request, tuple[str, str, datetime]]":
    return rows.annotate(month=TruncMonth(moment, tzinfo=LOCAL)).values_list("service_id", "citycode", "month")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=LOCAL)
