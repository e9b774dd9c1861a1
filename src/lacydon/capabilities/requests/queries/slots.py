"""When somebody can come: free moments of a place for a motive. Hours are those of the clocks of Europe/Paris.

A desk's hours are turned into moments (UTC) day by day, and cut there: on the nights when the clocks change, an hour
that does not exist is not offered, and one that comes twice is offered twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from lacydon.kernel.clock import LOCAL, hour, now

from ..errors import UnknownAppointment
from ..models import Closure, CounterDesk, CounterPlace, HeldTime, Motive, Opening

TICK = timedelta(minutes=5)
"""What a counter is held by; every duration and every hour of a desk is a multiple of it."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A counter of a desk that is free for the whole of a slot."""

    desk: int
    counter: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A moment that can be booked; `seats`: where, the first is taken."""

    starts_at: datetime
    ends_at: datetime
    seats: tuple[Seat, ...]

    @property
    def mark(self) -> str:
        """As it stands in an address: 20261130T081500Z."""
        return mark(self.starts_at)

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(LOCAL).date()

    @property
    def hour(self) -> str:
        """« 9 h 20 »; the hour that comes twice in October says which one it is."""
        return hour_of(self.starts_at)


def motives() -> list[Motive]:
    """What one can come for, somewhere."""
    served = {id for desk in CounterDesk.objects.filter(active=True, place__active=True) for id in desk.motives}
    rows = Motive.objects.filter(active=True).order_by("position", "id")
    return [each for each in rows if each.id in served]


def motive(id: str) -> Motive:
    """Raises UnknownAppointment."""
    found = Motive.objects.filter(pk=id[:80], active=True).first()
    if found is None:
        raise UnknownAppointment(_("On ne prend pas, ou plus, rendez-vous ici pour cela."))
    return found


def places(motive: Motive, *, citycode: str = "") -> list[CounterPlace]:
    """Where one can come for it; the place of this commune first."""
    ids = {
        desk.place_id
        for desk in CounterDesk.objects.filter(active=True, place__active=True)
        if motive.id in desk.motives
    }
    rows = list(CounterPlace.objects.filter(pk__in=ids).select_related("organisation").order_by("position", "id"))
    return sorted(rows, key=lambda each: each.citycode != citycode)


def place(id: str, *, motive: Motive) -> CounterPlace:
    """Raises UnknownAppointment when it is none of `places`."""
    found = next((each for each in places(motive) if each.id == id), None)
    if found is None:
        raise UnknownAppointment(_("On ne prend pas, ou plus, rendez-vous ici pour cela."))
    return found


def free(place: CounterPlace, motive: Motive, *, first: date, last: date) -> list[Slot]:
    """What can be booked now between two days, both included, in order. Four statements whatever the number of days."""
    desks = [each for each in CounterDesk.objects.filter(place=place, active=True) if motive.id in each.motives]
    moment = now()
    soonest, latest = moment + timedelta(hours=motive.notice_hours), moment + timedelta(days=motive.ahead_days)
    days = list(_days(max(first, moment.astimezone(LOCAL).date()), min(last, latest.astimezone(LOCAL).date())))
    if not desks or not days:
        return []
    openings = list(Opening.objects.filter(desk__in=desks).select_related("desk").order_by("begins"))
    closures = list(Closure.objects.filter(place=place, last__gte=days[0], first__lte=days[-1]))
    held = _held(desks, first=days[0], last=days[-1])
    long = timedelta(minutes=motive.minutes)
    seats: dict[datetime, list[Seat]] = defaultdict(list)
    for day in days:
        if closed(day, closures):
            continue
        for starts_at, desk in _starts(day, openings, long):
            if soonest <= starts_at <= latest:
                seats[starts_at] += _seats(desk, starts_at, long, held[desk.pk])
    return [Slot(at, at + long, tuple(seats[at])) for at in sorted(seats) if seats[at]]


def closed(day: date, closures: Iterable[Closure]) -> bool:
    """On a public holiday (code du travail, art. L. 3133-1), or when the place says so."""
    return day in public_holidays(day.year) or any(each.first <= day <= each.last for each in closures)


@lru_cache(maxsize=20)
def public_holidays(year: int) -> frozenset[date]:
    """Those of the whole of France."""
    import holidays  # heavy: only who makes appointments pays for it

    return frozenset(holidays.country_holidays("FR", years=year))


def ticks(starts_at: datetime, long: timedelta) -> list[datetime]:
    """What an appointment holds of its counter."""
    return [starts_at + TICK * number for number in range(long // TICK)]


def mark(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def moment_of(mark: str) -> datetime:
    """Raises UnknownAppointment when it is not written as `mark` does."""
    try:
        found = datetime.strptime(mark, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        found = None
    if found is None or found.year < 2000:
        raise UnknownAppointment(_("Cet horaire n’existe pas."))
    return found


def hour_of(moment: datetime) -> str:
    """« 9 h 20 »; which one it is, in the night when an hour comes twice."""
    here = moment.astimezone(LOCAL)
    if here.replace(fold=0).utcoffset() == here.replace(fold=1).utcoffset():
        return hour(moment)
    which = _("%s (heure d’hiver)") if here.fold else _("%s (heure d’été)")
    return which % hour(moment)


def _starts(day: date, openings: Sequence[Opening], long: timedelta) -> Iterator[tuple[datetime, CounterDesk]]:
    for each in openings:
        if each.weekday != day.weekday() or (each.since and day < each.since) or (each.until and day > each.until):
            continue
        at = datetime.combine(day, each.begins, tzinfo=LOCAL).astimezone(UTC)
        end = datetime.combine(day, each.ends, tzinfo=LOCAL).astimezone(UTC)
        while at + long <= end:
            yield at, each.desk
            at += long


def _seats(desk: CounterDesk, at: datetime, long: timedelta, held: set[tuple[int, datetime]]) -> list[Seat]:
    wanted = ticks(at, long)
    return [
        Seat(desk.pk, counter)
        for counter in range(1, desk.counters + 1)
        if not any((counter, each) in held for each in wanted)
    ]


def _held(desks: Sequence[CounterDesk], *, first: date, last: date) -> dict[int, set[tuple[int, datetime]]]:
    begin = datetime.combine(first, datetime.min.time(), tzinfo=LOCAL)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=LOCAL)
    found: dict[int, set[tuple[int, datetime]]] = defaultdict(set)
    rows = HeldTime.objects.filter(desk__in=desks, at__gte=begin, at__lt=end)
    for desk, counter, at in rows.values_list("desk_id", "counter", "at"):
        found[desk].add((counter, at))
    return found


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)
