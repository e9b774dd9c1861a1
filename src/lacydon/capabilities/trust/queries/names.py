"""How people are called on the pages of mandates: a name where one was kept for that, else what they are."""

from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.kernel.texts import said

from ..errors import ErasedPerson
from ..models import Mandate, MandateKind, Organisation
from .people import civil_identity

AGENT, HELPED = "agent", "mandate"
"""Purposes of the civil identities read here: an agent's name for those they work for; the name of somebody helped."""


def agent_name(person: UUID | str | None, *, organisation: Organisation | None) -> str:
    """« Zoé Martin », or « un agent de … »."""
    found = _called(person, purpose=AGENT) if person else ""
    if found:
        return found
    return _("un agent de %s") % said(organisation.name) if organisation else _("un agent")


def principal_name(mandate: Mandate) -> str:
    """How the person helped wants to be called, else the reference of the mandate."""
    found = _called(mandate.principal_id, purpose=HELPED) if mandate.principal_id else ""
    return found or _("Mandat %s") % mandate.reference


def holder_name(mandate: Mandate) -> str:
    """Who may act: the helpers named, the whole body, or the parent, guardian or representative."""
    if mandate.kind != MandateKind.HELP:
        return _called(mandate.holder_id, purpose=HELPED) or _("la personne nommée dans le mandat")
    body = mandate.organisation
    if mandate.any_helper:
        return _("tout aidant de %s") % (said(body.name) if body else "")
    named = mandate.helpers.order_by("pk").values_list("agent_id", flat=True)
    return ", ".join(agent_name(each, organisation=body) for each in named)


def _called(person: UUID | str | None, *, purpose: str) -> str:
    try:
        claims = civil_identity(person, purpose=purpose) if person else None
    except ErasedPerson:
        return ""
    if not claims:
        return ""
    first = claims.get("usual_given_name") or claims.get("given_name") or ""
    last = claims.get("usual_name") or claims.get("family_name") or ""
    return str(claims.get("name") or f"{first} {last}").strip()
