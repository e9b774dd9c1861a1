"""Agents, by the name their provider gave: for colleagues, and for the residents they act for."""

import json
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.kernel import sealing

from ..models import CivilIdentity, Membership, PersonKey, RoleGrant
from .keys import place_of_key
from .people import civil_identity_place

AGENT = "agent"
"""The purpose an agent's name is kept under."""


def agent_names(people: Iterable[UUID]) -> Mapping[UUID, str]:
    """The name of each of these agents; « Agent 3f2a… » when none is kept or it was erased."""
    wanted = list(people)
    held = PersonKey.objects.filter(person_id__in=wanted, wrapped__isnull=False)
    keys = {each.person_id: bytes(each.wrapped or b"") for each in held}
    names = {id: _("Agent %s") % str(id)[:8] for id in wanted}
    for row in CivilIdentity.objects.filter(person_id__in=list(keys), purpose=AGENT):
        key = sealing.unwrap(keys[row.person_id], place=place_of_key(row.person_id))
        said = json.loads(
            sealing.unseal(bytes(row.sealed), key=key, place=civil_identity_place(person=row.person_id, purpose=AGENT))
        )
        names[row.person_id] = " ".join(filter(None, (said.get("given_name"), said.get("family_name"))))
    return names


def holders(organisation: str, *, roles: Iterable[str]) -> set[UUID]:
    """The pseudonyms of who now holds one of these roles in an organisation."""
    held = RoleGrant.objects.filter(
        membership__organisation_id=organisation,
        membership__until=None,
        membership__organisation__active=True,
        until=None,
        role__in=list(roles),
    )
    return set(held.values_list("membership__person_id", flat=True))


def colleagues(organisation: str, *, roles: Iterable[str]) -> dict[str, str]:
    """Pseudonym → name of who now holds one of these roles in an organisation, by name; a few look-ups for all."""
    names = agent_names(holders(organisation, roles=roles))
    return {str(id): name for id, name in sorted(names.items(), key=lambda each: each[1].casefold())}


def members(*, organisation: str = "") -> Iterator[tuple[str, str, str, list[str]]]:
    """(organisation, name, pseudonym, roles) of each member, for the operator's command line."""
    rows = Membership.objects.filter(until=None).order_by("organisation_id", "since")
    if organisation:
        rows = rows.filter(organisation_id=organisation)
    held = list(rows)
    names = agent_names([each.person_id for each in held])
    for each in held:
        roles = RoleGrant.objects.filter(membership=each, until=None).order_by("role").values_list("role", flat=True)
        yield each.organisation_id, names[each.person_id], str(each.person_id), list(roles)
