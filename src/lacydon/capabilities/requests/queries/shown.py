"""A request as a line of the agents' queue: what it is, where, since when, until when, who looks after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import LOCAL, today
from lacydon.kernel.texts import Localised

from ..models import ByKind, Request, RequestState, Step
from . import desk
from .words import OUTCOMES, STATES

STATES_HERE: Mapping[str, Any] = {**STATES, RequestState.WAITING: _l("En attente de l’habitant")}
"""The states, in the words of an agent."""
STATE_ICONS: Mapping[str, str] = {
    RequestState.RECEIVED: "post", RequestState.SENT: "post", RequestState.IN_PROGRESS: "hand",
    RequestState.WAITING: "clock", RequestState.CLOSED: "check",
}  # fmt: skip
NEWS: Mapping[str, Any] = {
    "message": _l("nouveau message"), "document-given": _l("document reçu"), "reopened": _l("rouverte"),
}  # fmt: skip
"""What residents do that an agent has to look at."""
SOON = 7
"""Days before the end of a delay from which it is said loudly."""


@dataclass(frozen=True, slots=True)
class Due:
    """The delay in words; `tone`: late, soon, or nothing to worry about."""

    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the queue. `news`: what the resident did since anybody else wrote to the request."""

    number: str
    title: Localised
    commune: str
    address: str
    about: str
    state: str
    icon: str
    closed: bool
    due: Due
    assignee: str
    mine: bool
    report: bool
    urgent: bool
    news: str = ""


def in_words(rows: Iterable[Request], *, actor: Actor, names: Mapping[str, str]) -> list[Row]:
    """Lines of the queue; `names`: colleagues by pseudonym. At most four statements for all of them."""
    held = list(rows)
    titles = desk.titles(row.form_id for row in held)
    places = {each.code: each.name for each in territory.communes()}
    gone = {row.assignee_id for row in held if row.assignee_id and str(row.assignee_id) not in names}
    news = _news(held)
    queue = reverse("desk-queue")
    said = _("%(number)s, %(commune)s, déposée le %(day)s")
    known = dict(names) | {str(id): name for id, name in (trust.agent_names(gone) if gone else {}).items()}
    return [
        Row(
            number=row.number,
            title=titles.get(row.form_id, {"fr": row.service_id}),
            commune=places.get(row.citycode, row.citycode),
            address=f"{queue}/{row.number}",
            about=said
            % {
                "number": row.number,
                "commune": places.get(row.citycode, row.citycode),
                "day": _day(row.opened_at),
            },
            state=str(OUTCOMES[row.outcome] if row.outcome else STATES_HERE[row.state]),
            icon=STATE_ICONS[row.state],
            closed=not row.open,
            due=due_of(row),
            assignee=known.get(str(row.assignee_id), "") if row.assignee_id else "",
            mine=str(row.assignee_id) == actor.person,
            report=row.kind == "report",
            urgent=row.urgent,
            news=news.get(row.pk, "") if row.open else "",
        )
        for row in held
    ]


def _news(held: Iterable[Request]) -> dict[Any, str]:
    """What the last step of each says, when it is the resident's."""
    last = Step.objects.filter(request__in=[row.pk for row in held], position=F("request__steps_count"))
    told = last.filter(by_kind=ByKind.RESIDENT, kind__in=NEWS).values_list("request_id", "kind")
    return {request: str(NEWS[kind]) for request, kind in told}


def due_of(row: Request) -> Due:
    """When an answer is owed, as an agent wants to hear it."""
    if not row.open:
        return Due(_("Close le %s") % _day(row.closed_at) if row.closed_at else "")
    if row.state == RequestState.WAITING:
        return Due(_("Délai suspendu"))
    if row.due_at is None:
        return Due(_("Sans délai"))
    left = (row.due_at.astimezone(LOCAL).date() - today()).days
    if left < 0:
        return Due(ngettext("En retard de %d jour", "En retard de %d jours", -left) % -left, "late")
    if left == 0:
        return Due(_("À rendre aujourd’hui"), "late")
    if left <= SOON:
        return Due(_("À rendre demain") if left == 1 else _("À rendre dans %d jours") % left, "soon")
    return Due(_("À rendre le %s") % _day(row.due_at))


def _day(when: datetime) -> str:
    here = localtime(when)
    return date_format(here, "j F" if here.year == today().year else "j F Y")
