"""Organisations, and what an agent may do in them."""

from uuid import UUID

from django.db.models import Prefetch

from lacydon.kernel import rows

from ..models import Membership, Organisation, OrganisationKind, RoleGrant


def organisation(id: str) -> Organisation | None:
    return rows.read(Organisation, id=id, active=True)


def authorities() -> list[Organisation]:
    """The organisations that are in charge of something: all that are active, but places of digital help."""
    return list(Organisation.objects.filter(active=True).exclude(kind=OrganisationKind.HELP).order_by("id"))


def memberships(of: UUID | str) -> list[Membership]:
    """The organisations an agent now belongs to."""
    rows = Membership.objects.filter(person_id=of, until=None, organisation__active=True)
    return list(rows.select_related("organisation").order_by("organisation_id"))


def belongs(person: UUID | str, *, organisation: str) -> bool:
    """Whether an agent now belongs to an organisation, with a role or without."""
    rows = Membership.objects.filter(person_id=person, organisation_id=organisation, until=None)
    return rows.filter(organisation__active=True).exists()


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


def organisation_of(*, siret: str, siren: str) -> Organisation | None:
    """The organisation a provider names: by its establishment first, else by its legal unit, when only one has it."""
    active = Organisation.objects.filter(active=True)
    if siret and (found := active.filter(siret=siret).first()):
        return found
    unit = siren or siret[:9]
    rows = list(active.filter(siren=unit, siret="")[:2]) if unit else []
    if not rows and unit:
        rows = list(active.filter(siren=unit)[:2])
    return rows[0] if len(rows) == 1 else None


def team(organisation: str) -> list[Membership]:
    """Who now belongs to an organisation, with the roles they hold."""
    held = Prefetch("roles", queryset=RoleGrant.objects.filter(until=None).order_by("role"), to_attr="held")
    rows = Membership.objects.filter(organisation_id=organisation, until=None)
    return list(rows.prefetch_related(held).order_by("since", "pk"))
