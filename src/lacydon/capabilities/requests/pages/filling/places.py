"""Where a procedure is asked for: said before starting, as on the sheet of a service; changed from the summary."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.errors import Refused

from ...errors import NobodyCompetent
from ...queries.competence import FACT, Competent, competent
from ...queries.drafts import Where
from ...queries.published import Held


@dataclass(frozen=True, slots=True)
class Answering:
    """Who would answer here. `trouble`: why nobody does; `question`: what has to be said first."""

    where: Where
    place: territory.Place | None = None
    competent: Competent | None = None
    trouble: str = ""
    question: Any = None
    later: bool = False
    """The question is one of the form's own (a field whose datum is that fact): it is not asked twice."""

    @property
    def begins(self) -> bool:
        """Whether the form can be begun."""
        return self.ready or self.later

    @property
    def authority(self) -> Any:
        found = self.competent.resolution if self.competent else None
        return found.authority if found else None

    @property
    def ready(self) -> bool:
        return bool(self.competent and self.competent.organisation)


def answering(held: Held, where: Where, *, surely: bool = True) -> Answering:
    """Who answers a procedure at a place; what is missing or refused is in the answer.

    `surely`: whether the database is asked anew if that authority works here.
    """
    if not where.citycode:
        return Answering(where)
    try:
        place = territory.place_of(where.citycode)
    except Refused as refusal:
        return Answering(Where(""), trouble=str(refusal.sentence))
    where = Where(where.citycode, where.label or place.label, where.lon, where.lat, where.conditions)
    allowed = held.form.communes
    if allowed and place.commune.code not in allowed and where.citycode not in allowed:
        return Answering(where, place, trouble=_("Cette démarche n’est pas proposée en ligne dans cette commune."))
    try:
        found = competent(
            service=held.form.service, citycode=place.commune.code, conditions=where.conditions, surely=surely
        )
    except NobodyCompetent as refusal:
        return Answering(where, place, trouble=str(refusal.sentence))
    except services.UnknownService:
        return Answering(where, place, trouble=_("Cette démarche n’a plus de service qui y réponde."))
    except Refused as refusal:  # a condition nobody asked about
        return Answering(Where(where.citycode, where.label), place, trouble=str(refusal.sentence))
    question = found.resolution.question
    later = question is not None and any(each.datum == f"{FACT}{question.id}" for each in held.form.fields())
    return Answering(where, place, found, question=question, later=later)


def where_asked(request: HttpRequest, held: Held) -> Where:
    """The place an address says (`citycode`, and what was answered about it); the only one when there is only one."""
    citycode = request.GET.get("citycode", "")
    if not citycode and len(held.form.communes) == 1:
        citycode = held.form.communes[0]
    return Where(citycode, conditions=_conditions(request, held))


def asked_where(request: HttpRequest, held: Held) -> Where | HttpResponse:
    """The place of a procedure about to begin; the page that asks for it when it is missing or will not do."""
    found = answering(held, where_asked(request, held), surely=False)
    if found.begins:
        return found.where
    query = urlencode({"citycode": found.where.citycode} | dict(found.where.conditions)) if found.where.citycode else ""
    address = reverse("procedure", kwargs={"form": held.form.id})
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def _conditions(request: HttpRequest, held: Held) -> dict[str, str]:
    try:
        theme = territory.theme(services.service(held.form.service).theme)
    except Refused:
        return {}
    return {fact.id: request.GET[fact.id] for fact in theme.facts if fact.id in request.GET}
