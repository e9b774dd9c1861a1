"""A curious agent: whose reading of personal data is out of the ordinary, shown to the data protection officer.

Nobody is accused: a row says what was seen, and why it is shown.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import F

from lacydon.kernel.clock import LOCAL, now

from ..models import Entry

WINDOW = timedelta(days=30)
MANY = 40
"""Different people whose data one agent reads in a day: more is shown."""
ODD = 3
"""Readings in odd hours in a day: that many are shown."""
READS = ("civil-identity.read", "contact.read", "proof.use", "proof.download")


@dataclass(frozen=True, slots=True)
class Sighting:
    """An agent, a day: how many people, how many readings in odd hours."""

    agent: UUID
    day: date
    people: int
    reads: int
    odd: int

    @property
    def many(self) -> bool:
        return self.people > MANY

    @property
    def late(self) -> bool:
        return self.odd >= ODD


def sightings(organisation: str) -> list[Sighting]:
    """What is out of the ordinary in an organisation over the last month, newest first.

    Odd hours: from 22:00 to 06:00, and all Sunday (Europe/Paris).
    """
    rows = (
        Entry.objects.filter(organisation=organisation, actor_kind="agent", action__in=READS, at__gte=now() - WINDOW)
        .exclude(subject=None)
        .exclude(subject=F("actor"))
        .values_list("actor_id", "subject_id", "at")
    )
    people: dict[tuple[UUID, date], set[UUID]] = defaultdict(set)
    reads: dict[tuple[UUID, date], int] = defaultdict(int)
    odd: dict[tuple[UUID, date], int] = defaultdict(int)
    for agent, subject, at in rows.iterator():
        here = at.astimezone(LOCAL)
        key = (agent, here.date())
        people[key].add(subject)
        reads[key] += 1
        odd[key] += here.hour >= 22 or here.hour < 6 or here.weekday() == 6
    found = [
        Sighting(agent=key[0], day=key[1], people=len(people[key]), reads=reads[key], odd=odd[key]) for key in people
    ]
    return sorted((each for each in found if each.many or each.late), key=lambda each: each.day, reverse=True)
