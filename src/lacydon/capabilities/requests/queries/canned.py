"""Answers ready to be sent, with places to fill: « Bonjour, votre demande {numero} … »."""

import re
from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.timezone import localtime

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.texts import said

from ..models import Request
from .desk import titles

PLACES = ("numero", "demarche", "commune", "organisme", "agent", "depot", "echeance", "aujourdhui")
_PLACE = re.compile(r"\{(\w+)\}")


def unknown_places(text: str) -> list[str]:
    """The places of a text that nothing can fill."""
    return [found for found in _PLACE.findall(text) if found not in PLACES]


def filled(text: str, *, request: Request, actor: Actor) -> str:
    """The text with its places filled for this request and this agent; a place nothing fills stays empty."""
    if not _PLACE.search(text):
        return text
    values = _values(request, actor)
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def _values(request: Request, actor: Actor) -> Mapping[str, str]:
    body = trust.organisation(actor.organisation)
    names = trust.colleagues(actor.organisation, roles=actor.roles)
    return {
        "numero": request.number,
        "demarche": said(titles([request.form_id]).get(request.form_id, {})),
        "commune": _commune(request.citycode),
        "organisme": said(body.name) if body else "",
        "agent": names.get(actor.person, ""),
        "depot": date_format(localtime(request.opened_at), "j F Y"),
        "echeance": date_format(localtime(request.due_at), "j F Y") if request.due_at else "",
        "aujourdhui": date_format(localtime(now()), "j F Y"),
    }


def _commune(citycode: str) -> str:
    try:
        return territory.commune(citycode).name
    except territory.UnknownCommune:
        return ""
