"""What the desk shows beside the queue: colleagues, saved views, answers ready, counts by part, names of forms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.french import plain
from lacydon.kernel.texts import Localised

from ..models import CannedAnswer, FormState, FormVersion, SavedView
from . import filters, queue
from .filters import Filters
from .queue import Count
from .roles import HANDLING

PARTS = (filters.LATE, filters.TODO, filters.WAITING)
"""Parts of the queue whose numbers are always said."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What the filters can say: id → title."""

    services: Mapping[str, Localised]
    skills: tuple[str, ...]
    communes: Mapping[str, str]
    colleagues: Mapping[str, str]


def offered(*, colleagues: Mapping[str, str]) -> Offered:
    """Forms that are or were published, their skills, the communes, the colleagues."""
    rows = FormVersion.objects.exclude(state=FormState.DRAFT).order_by("published_at")
    services: dict[str, Localised] = {}
    skills: set[str] = set()
    for service, title, told in rows.values_list("service_id", "content__title", "content__skills"):
        services[service] = _title(title, service)
        skills.update(str(each) for each in (told or [])[:1])
    return Offered(
        services=dict(sorted(services.items(), key=lambda each: plain(str(each[1].get("fr", ""))))),
        skills=tuple(sorted(skills)),
        communes={each.code: each.name for each in sorted(territory.communes(), key=lambda each: plain(each.name))},
        colleagues=colleagues,
    )


def colleagues(actor: Actor) -> Mapping[str, str]:
    """Pseudonym → name of who looks after requests in the agent's organisation."""
    return trust.colleagues(actor.organisation, roles=HANDLING)


def titles(forms: Iterable[int]) -> Mapping[int, Localised]:
    """The title of each version of a form."""
    rows = FormVersion.objects.filter(pk__in=set(forms)).values_list("pk", "form", "content__title")
    return {pk: _title(title, form) for pk, form, title in rows}


def counts(actor: Actor) -> Mapping[str, Count]:
    """How many are late, to do, waited for; one's own and nobody's among what is to do; one statement."""
    asked = {part: Filters(shown=part) for part in PARTS}
    asked |= {who: Filters(assignee=who) for who in (filters.ME, filters.NOBODY)}
    return queue.counted(**{name: queue.in_order(actor, each) for name, each in asked.items()})


def views(actor: Actor) -> list[SavedView]:
    """One's own, then those the organisation shares."""
    rows = SavedView.objects.filter(Q(owner=None) | Q(owner_id=actor.person), organisation_id=actor.organisation)
    return sorted(rows, key=lambda each: (each.owner_id is None, each.name.casefold()))


def answers(actor: Actor) -> list[CannedAnswer]:
    """The answers the agent's organisation has ready, by title."""
    return list(CannedAnswer.objects.filter(organisation_id=actor.organisation or None).order_by("title"))


def _title(told: Any, otherwise: str) -> Localised:
    return told if isinstance(told, dict) else {"fr": str(told or otherwise)}
