"""The lateness of an organisation, for the agents who answer for it: how many, of which service; nothing of anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.services import public as services
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.mail import Link, Message
from lacydon.kernel.texts import Localised, said

from ..models import Preferences, Request, RequestState
from .roles import HANDLING, MANAGER

SOON = timedelta(days=2)
"""How long before the end of a delay a request is in the digest."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """Of an organisation; `lines`: (id of the service, late, due soon), the latest first."""

    organisation: str
    name: Localised
    lines: tuple[tuple[str, int, int], ...]

    @property
    def late(self) -> int:
        return sum(late for _service, late, _soon in self.lines)

    @property
    def soon(self) -> int:
        return sum(soon for _service, _late, soon in self.lines)


def lateness(moment: datetime) -> list[Lateness]:
    """Of each organisation that has some. What waits for the resident is late for nobody."""
    rows = Request.objects.exclude(state__in=(RequestState.CLOSED, RequestState.WAITING))
    counted = (
        rows.filter(due_at__lt=moment + SOON, organisation__active=True)
        .values("organisation_id", "organisation__name", "service_id")
        .annotate(late=Count("pk", filter=Q(due_at__lt=moment)), soon=Count("pk", filter=Q(due_at__gte=moment)))
        .order_by("organisation_id", "-late", "-soon", "service_id")
    )
    names: dict[str, Localised] = {}
    lines: dict[str, list[tuple[str, int, int]]] = {}
    for each in counted:
        names[each["organisation_id"]] = each["organisation__name"]
        lines.setdefault(each["organisation_id"], []).append((each["service_id"], each["late"], each["soon"]))
    return [Lateness(id, names[id], tuple(held)) for id, held in lines.items()]


def reads_digest(person: UUID | str, *, manages: bool) -> bool:
    """What an agent chose; who manages is told until they say no, others when they ask."""
    chosen = Preferences.objects.filter(person_id=person).values_list("digest", flat=True).first()
    return manages if chosen is None else chosen


def readers(organisation: str) -> list[tuple[UUID, str]]:
    """The agents of an organisation who want its digest, and their language."""
    managers = trust.holders(organisation, roles=frozenset({MANAGER}))
    agents = managers | trust.holders(organisation, roles=HANDLING)
    rows = Preferences.objects.filter(person_id__in=agents).values_list("person_id", "digest", "lang")
    chosen = {person: (digest, lang) for person, digest, lang in rows}
    found = []
    for person in sorted(agents):
        digest, lang = chosen.get(person, (None, "fr"))
        if person in managers if digest is None else digest:
            found.append((person, lang))
    return found


def letter(held: Lateness, *, to: str) -> Message:
    """In the active language."""
    late = ngettext("%d demande en retard", "%d demandes en retard", held.late) % held.late
    soon = ngettext("%d à répondre d’ici deux jours", "%d à répondre d’ici deux jours", held.soon) % held.soon
    told = ", ".join(each for each, count in ((late, held.late), (soon, held.soon)) if count)
    return Message(
        to=to,
        subject=_("%(name)s : %(told)s") % {"name": said(held.name), "told": told},
        paragraphs=(
            _("Ce matin, pour %(name)s : %(told)s.") % {"name": said(held.name), "told": told},
            _("Une demande qui attend l’habitant n’est pas comptée."),
        ),
        facts=tuple((_title(service), _counted(late, soon)) for service, late, soon in held.lines),
        action=Link(_("Ouvrir les demandes en retard"), f"{settings.PUBLIC_URL}{reverse('desk-queue')}?vue=retard"),
        after=(
            _("Ne plus recevoir ce point du matin : %s") % (settings.PUBLIC_URL + reverse("desk-board") + "#point"),
        ),
    )


def _counted(late: int, soon: int) -> str:
    told = [_("%d en retard") % late] if late else []
    return ", ".join([*told, *([_("%d d’ici deux jours") % soon] if soon else [])])


def _title(service: str) -> str:
    try:
        return said(services.service(service).title)
    except services.UnknownService:
        return service
