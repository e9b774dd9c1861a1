"""Organisations: loaded from the folder; who belongs to them; which roles they hold."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, NotFound

from ..errors import NotAllowed
from ..models import Membership, Organisation, Person, RoleGrant
from ..queries import policy
from ..queries.organisations import organisation_of
from .journal import record

FIELDS = ("kind", "name", "siren", "siret", "citycode", "authority_id", "themes", "data_protection", "active")


def load_organisations(rows: Iterable[Organisation]) -> dict[str, int]:
    """Make the table equal to the folder; who is left out of it becomes inactive, since the journal still names it."""
    wanted = {row.id: row for row in rows}
    present = {row.id: row for row in Organisation.objects.all()}
    new = [row for id, row in wanted.items() if id not in present]
    changed = [row for id, row in wanted.items() if id in present and _differs(row, present[id])]
    gone = [id for id, row in present.items() if id not in wanted and row.active]
    Organisation.objects.bulk_create(new, batch_size=500)
    if changed:
        Organisation.objects.bulk_update(changed, [name.removesuffix("_id") for name in FIELDS], batch_size=200)
    if gone:
        Organisation.objects.filter(pk__in=gone).update(active=False)
    return {"organisations": len(new) + len(changed) + len(gone)}


def _differs(one: Organisation, other: Organisation) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in FIELDS)


def join_by_claims(person: Person, *, claims: Mapping[str, Any]) -> str:
    """The organisation an agent's provider proves (by SIRET, else SIREN), joined without any role; or nothing.

    To be called in the transaction of the sign-in.
    """
    found = organisation_of(siret=str(claims.get("siret", "")), siren=str(claims.get("siren", "")))
    if found is None:
        return ""
    Membership.objects.get_or_create(person=person, organisation=found, until=None, defaults={"since": now()})
    return found.id


@transaction.atomic
def grant_role(*, actor: Actor, membership: int, role: str) -> None:
    """Give a member a role. Nobody gives themselves one; raises NotFound for a member of another organisation."""
    member = _member(actor, membership)
    if role not in policy.roles():
        raise BadInput(_("Ce rôle n’existe pas."), field="role")
    if str(member.person_id) == actor.person:
        raise NotAllowed(_("Personne ne se donne un rôle : demandez à un autre responsable."))
    grant(member=member, role=role, by=actor)


@transaction.atomic
def take_role(*, actor: Actor, membership: int, role: str) -> None:
    """Take a role back, with effect at once."""
    member = _member(actor, membership)
    changed = RoleGrant.objects.filter(membership=member, role=role, until=None).update(until=now())
    if changed:
        _tell(actor, member, action="role.take", object=f"role:{role}")


@transaction.atomic
def end_membership(*, actor: Actor, membership: int) -> None:
    """An agent leaves the organisation: every role goes, and the mandates in which they help stop working for them."""
    member = _member(actor, membership)
    if str(member.person_id) == actor.person:
        raise NotAllowed(_("Vous ne pouvez pas vous retirer vous-même : demandez à un autre responsable."))
    moment = now()
    RoleGrant.objects.filter(membership=member, until=None).update(until=moment)
    Membership.objects.filter(pk=member.pk).update(until=moment)
    _tell(actor, member, action="membership.end", object="membership")


@transaction.atomic
def appoint(*, agent: str, organisation: str, role: str) -> None:
    """The operator names somebody: the only way to a first role. Joins them to the organisation when need be.

    Raises NotFound for an unknown agent or organisation, BadInput for an unknown role.
    """
    if role not in policy.roles():
        shown = ", ".join(policy.roles())
        raise BadInput(_("Ce rôle n’existe pas. Rôles connus : %s.") % shown, field="role")
    try:
        person = Person.objects.filter(pk=agent, kind="agent", erased_at=None).first()
    except ValidationError:
        person = None
    if person is None:
        raise NotFound(_("Aucun agent n’a ce numéro : il est affiché sur son espace agent après sa connexion."))
    place = Organisation.objects.filter(pk=organisation, active=True).first()
    if place is None:
        raise NotFound(_("Aucun organisme n’a cet identifiant : voyez authorities.yaml et organisations.yaml."))
    member, _made = Membership.objects.get_or_create(
        person=person, organisation=place, until=None, defaults={"since": now()}
    )
    grant(member=member, role=role, by=MACHINE)


def grant(*, member: Membership, role: str, by: Actor) -> None:
    """The role itself, noted in the journal; the command line uses it for the first one in charge."""
    try:
        with transaction.atomic():
            RoleGrant.objects.create(membership=member, role=role, granted_at=now(), granted_by_id=by.person or None)
    except IntegrityError:
        return
    _tell(by, member, action="role.grant", object=f"role:{role}")


def _member(actor: Actor, membership: int) -> Membership:
    found = Membership.objects.select_for_update().filter(pk=membership, until=None).first()
    if found is None or not policy.can(actor, None, "team.change", found):
        policy.require(actor=actor, action="team.change")
        raise NotFound(_("Cette personne ne fait pas partie de votre organisme."))
    return found


def _tell(actor: Actor, member: Membership, *, action: str, object: str) -> None:
    record(
        actor=actor,
        subject=str(member.person_id),
        action=action,
        purpose="team",
        object=object,
        organisation=member.organisation_id,
    )
