"""Contested accesses: whose they are to answer, by when."""

import calendar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.errors import NotFound

from ..models import Contest, Entry, Organisation, RoleGrant
from .keys import unseal_of
from .roles import PROTECTION
from .wall import in_house


@dataclass(frozen=True, slots=True)
class Case:
    """A contest with its deadline."""

    contest: Contest
    due_at: datetime
    late: bool

    @property
    def answered(self) -> bool:
        return self.contest.answered_at is not None


def due(opened: datetime) -> datetime:
    """One month after it was opened (GDPR art. 12.3): the same day of the next month, or its last day."""
    here = opened.astimezone(LOCAL)
    year, month = here.year + here.month // 12, here.month % 12 + 1
    day = min(here.day, calendar.monthrange(year, month)[1])
    return here.replace(year=year, month=month, day=day, hour=23, minute=59, second=59, microsecond=0)


def case(contest: Contest) -> Case:
    at = due(contest.opened_at)
    return Case(contest, due_at=at, late=(contest.answered_at or now()) > at)


@in_house
def answering(entry: Entry) -> Organisation | None:
    """Who answers for an access: the organisation's own data protection, else the Métropole's, else whoever acted."""
    actor = Organisation.objects.filter(pk=entry.organisation, active=True).first() if entry.organisation else None
    if actor is not None and _has_protection(actor):
        return actor
    shared = list(Organisation.objects.filter(kind="metropole", active=True).order_by("pk"))
    return next((each for each in shared if _has_protection(each)), actor or (shared[0] if shared else None))


def cases_of(organisation: str) -> list[Case]:
    """What an organisation has to answer: the late and the oldest first, the answered last."""
    rows = Contest.objects.filter(organisation_id=organisation).select_related("entry", "organisation")
    found = [case(row) for row in rows.order_by("opened_at")]
    return sorted(found, key=lambda each: (each.answered, each.contest.opened_at))


def case_of(organisation: str, id: UUID | str) -> Case:
    """Raises NotFound, also for a contest of another organisation."""
    found = Contest.objects.filter(pk=id, organisation_id=organisation).select_related("entry").first()
    if found is None:
        raise NotFound(_("Cette contestation n’est pas à votre organisme."))
    return case(found)


def mine(actor: Actor) -> list[Case]:
    """What a person contested."""
    rows = Contest.objects.filter(person_id=actor.person).select_related("entry", "organisation")
    return [case(row) for row in rows.order_by("-opened_at")]


def text_of(contest: Contest) -> str:
    """What the resident wrote. Whoever reads it as an agent is recorded."""
    return unseal_of(contest.person_id, contest.sealed, place=place(contest.pk, "sealed")).decode()


def answer_of(contest: Contest) -> str:
    if contest.answer_sealed is None:
        return ""
    return unseal_of(contest.person_id, contest.answer_sealed, place=place(contest.pk, "answer_sealed")).decode()


def place(id: UUID | str, field: str) -> str:
    return f"trust_contest:{id}:{field}"


def _has_protection(organisation: Organisation) -> bool:
    held = RoleGrant.objects.filter(role=PROTECTION, until=None, membership__until=None)
    return held.filter(membership__organisation=organisation).exists()
