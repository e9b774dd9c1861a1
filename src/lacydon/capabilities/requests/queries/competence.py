"""Who gets a request: the authority competent at its place, as the organisation that works here."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.clock import now
from lacydon.kernel.forms import Form

from ..errors import NobodyCompetent

FACT = "fact."
"""A field whose `datum` is `fact.voie.classe` answers that fact of the competences (territory/competences/facts)."""


LATELY = 10
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Competent:
    """`organisation`: its id; `resolution`: why. When `question` is set, it has to be answered first."""

    organisation: str
    resolution: territory.Resolution


def competent(
    *, service: str, citycode: str, conditions: Mapping[str, str] | None = None, surely: bool = True
) -> Competent:
    """Who is in charge of a service of the catalogue at a commune.

    `surely`: else what the database said in the last seconds is believed. `organisation` is empty while
    `resolution.question` has to be answered. Raises services.UnknownService,
    territory.UnknownCommune, NobodyCompetent.
    """
    found = services.in_charge(
        services.service(service, citycode=citycode), citycode=citycode, conditions=conditions or {}
    )
    if found.question:
        return Competent(organisation="", resolution=found)
    authority = found.handled_by or found.authority
    for each in (authority, found.authority):
        if each is not None and _works_here(each.id, surely=surely):
            return Competent(organisation=each.id, resolution=found)
    raise NobodyCompetent(
        _("Personne ne reçoit cette démarche en ligne ici. Voyez la fiche du service : elle dit à qui s’adresser.")
    )


def conditions_of(form: Form, answers: Mapping[str, Any]) -> dict[str, str]:
    """What the answers say of the facts that decide who is competent."""
    found = {}
    for field in form.fields():
        answer = answers.get(field.id)
        if field.datum.startswith(FACT) and isinstance(answer, str) and answer:
            found[field.datum.removeprefix(FACT)] = answer
    return found


def _works_here(id: str, *, surely: bool) -> bool:
    if surely:
        return trust.organisation(id) is not None
    return _worked_here(id, now().timestamp() // LATELY)


@lru_cache(maxsize=1_000)
def _worked_here(id: str, _when: float) -> bool:
    return trust.organisation(id) is not None
