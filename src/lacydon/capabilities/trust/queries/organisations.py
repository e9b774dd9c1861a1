"""Organisations, and what an agent may do in them."""

from uuid import UUID

from ..models import Membership, Organisation, RoleGrant


def organisation(id: str) -> Organisation | None:
    return Organisation.objects.filter(pk=id, active=True).first()


def memberships(of: UUID | str) -> list[Membership]:
    """The organisations an agent now belongs to."""
    rows = Membership.objects.filter(person_id=of, until=None, organisation__active=True)
    return list(rows.select_related("organisation").order_by("organisation_id"))


def roles_of(person: UUID | str, *, organisation: str) -> frozenset[str]:
    """The roles an agent now has in an organisation."""
    held = RoleGrant.objects.filter(
        membership__person_id=person,
        membership__organisation_id=organisation,
        membership__until=None,
        membership__organisation__active=True,
        until=None,
    )
    return frozenset(held.values_list("role", flat=True))
