"""Counters of the tests, and a clock that stands still."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from lacydon.capabilities.requests.actions import appointments
from lacydon.capabilities.requests.models import Appointment, CounterDesk, CounterPlace, Motive, Opening
from lacydon.capabilities.requests.queries import slots
from lacydon.kernel.access import NOBODY, Actor
from tests.capabilities.trust import people

BODY = "commune-97001"
MONDAY = datetime(2027, 3, 8, 8, 0, tzinfo=UTC)
"""Nine o'clock here, on the day the tests begin."""


def counters(
    *, counters: int = 1, minutes: int = 20, hours: tuple[str, str] = ("09:00", "10:00"), **fields: Any
) -> CounterPlace:
    """A place open every day at these hours, for the motive « carte »."""
    people.organisation(BODY)
    motive = Motive.objects.create(
        id="carte",
        name={"fr": "Carte", "en": "Card"},
        minutes=minutes,
        **({"notice_hours": 0, "ahead_days": 60} | fields),
    )
    place = CounterPlace.objects.create(
        id="mairie", organisation_id=BODY, name={"fr": "Mairie", "en": "Town hall"}, address="1 place", citycode="97001"
    )
    desk = CounterDesk.objects.create(place=place, name="un", motives=[motive.id], counters=counters)
    begins, ends = (time.fromisoformat(each) for each in hours)
    for weekday in range(7):
        Opening.objects.create(desk=desk, weekday=weekday, begins=begins, ends=ends)
    return place


def free(day: date) -> list[slots.Slot]:
    return slots.free(CounterPlace.objects.get(), Motive.objects.get(), first=day, last=day)


def booked(starts_at: datetime, *, actor: Actor = NOBODY, **fields: Any) -> Appointment:
    told = {"name": "Lou Martin", "email": "lou@exemple.fr", "booking": uuid4()} | fields
    return appointments.book(
        actor=actor, place=CounterPlace.objects.get(), motive=Motive.objects.get(), starts_at=starts_at, **told
    )


class Clock:
    """Holds the time in the modules that ask for it."""

    def __init__(self, monkeypatch: Any) -> None:
        self.at = MONDAY
        for name in ("actions.appointments", "queries.slots", "queries.appointments", "pages.appointments"):
            monkeypatch.setattr(f"lacydon.capabilities.requests.{name}.now", lambda: self.at)
        monkeypatch.setattr("lacydon.capabilities.requests.pages.appointments.today", lambda: self.at.date())

    def forward(self, by: timedelta) -> None:
        self.at += by


def hours(found: list[slots.Slot]) -> list[str]:
    """In words, with plain spaces."""
    return [each.hour.replace("\u00a0", " ") for each in found]
