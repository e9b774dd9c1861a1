"""When one can come: hours of the clocks of Paris, on the nights they change too; days off; what is held."""

import itertools
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from lacydon.capabilities.requests.actions import appointments
from lacydon.capabilities.requests.models import Closure, CounterDesk, CounterPlace, Motive, Opening
from lacydon.capabilities.requests.queries import slots
from lacydon.kernel.access import NOBODY

from .meeting import booked, counters, free, hours

pytestmark = pytest.mark.django_db


def test_hours_are_cut_by_the_motive(clock):
    counters()
    assert hours(free(date(2027, 3, 9))) == ["9 h 00", "9 h 20", "9 h 40"]
    assert free(date(2027, 3, 9))[0].starts_at == datetime(2027, 3, 9, 8, 0, tzinfo=UTC)


def test_the_night_when_an_hour_does_not_exist(clock):
    """28 March 2027: 2 h becomes 3 h. Two hours on paper are one in truth."""
    counters(minutes=30, hours=("01:00", "04:00"))
    found = free(date(2027, 3, 28))
    assert hours(found) == ["1 h 00", "1 h 30", "3 h 00", "3 h 30"]
    assert all(b.starts_at - a.starts_at == timedelta(minutes=30) for a, b in itertools.pairwise(found))


def test_the_night_when_an_hour_comes_twice(clock):
    """31 October 2027: 3 h becomes 2 h."""
    clock.forward(timedelta(days=230))
    counters(minutes=30, hours=("02:00", "04:00"))
    found = free(date(2027, 10, 31))
    assert hours(found) == [
        "2 h 00 (heure d’été)", "2 h 30 (heure d’été)", "2 h 00 (heure d’hiver)", "2 h 30 (heure d’hiver)",
        "3 h 00", "3 h 30",
    ]  # fmt: skip
    assert len({each.mark for each in found}) == 6
    assert found[0].starts_at == datetime(2027, 10, 31, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 3, 29),
        date(2027, 5, 1),
        date(2027, 5, 6),
        date(2027, 5, 8),
        date(2027, 5, 17),
        date(2027, 7, 14),
        date(2027, 12, 25),
    ],
)
def test_nobody_receives_on_public_holidays(clock, day):
    """Easter Monday, Ascension and Whit Monday move each year."""
    clock.at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=3)
    counters()
    assert free(day) == [] and free(day + timedelta(days=4)) != []


def test_closures_dates_notice_and_how_far_ahead(clock):
    place = counters(notice_hours=24, ahead_days=10)
    Closure.objects.create(place=place, first=date(2027, 3, 10), last=date(2027, 3, 11))
    Opening.objects.filter(weekday=4).update(until=date(2027, 3, 11))
    Opening.objects.filter(weekday=5).update(since=date(2027, 3, 14))
    assert free(date(2027, 3, 8)) == []
    assert len(free(date(2027, 3, 9))) == 3
    assert [free(date(2027, 3, day)) for day in (10, 11, 12, 13)] == [[], [], [], []]
    assert hours(free(date(2027, 3, 18))) == ["9 h 00"]
    assert free(date(2027, 3, 19)) == []


def test_motives_of_different_lengths_share_their_counters(clock):
    place = counters(counters=1)
    long = Motive.objects.create(id="long", name={"fr": "Long"}, minutes=60, notice_hours=0)
    CounterDesk.objects.update(motives=["carte", "long"])
    card = Motive.objects.get(pk="carte")
    day = date(2027, 3, 9)
    assert len(slots.free(place, long, first=day, last=day)) == 1

    appointments.book(
        actor=NOBODY, place=place, motive=card, starts_at=datetime(2027, 3, 9, 8, 20, tzinfo=UTC), name="Lou",
        email="lou@exemple.fr", booking=uuid4(),
    )  # fmt: skip
    assert slots.free(place, long, first=day, last=day) == []
    assert hours(slots.free(place, card, first=day, last=day)) == ["9 h 00", "9 h 40"]


def test_two_counters_take_two_and_no_more(clock):
    counters(counters=2)
    at = datetime(2027, 3, 9, 8, 0, tzinfo=UTC)
    booked(at)
    assert at in [each.starts_at for each in free(at.date())]
    booked(at)
    assert at not in [each.starts_at for each in free(at.date())]


def test_the_number_of_queries_does_not_grow_with_the_days(clock, django_assert_num_queries):
    place, what = counters(), Motive.objects.get()
    with django_assert_num_queries(4):
        slots.free(place, what, first=date(2027, 3, 8), last=date(2027, 5, 8))
    assert CounterPlace.objects.count() == 1
