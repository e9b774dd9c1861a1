"""What trust offers to the whole house: who is behind a request, who may do what."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lacydon.kernel import plugs
from lacydon.kernel.access import Actor, Permission, Role
from lacydon.kernel.rotation import WrappedColumn

from .loader import OrganisationsReader
from .models import OneTimeLink, PersonKey
from .pages.visitor import visitor
from .queries import policy
from .queries.keys import place_of_key
from .queries.links import wrapped_place

plugs.visitors.plug("trust")(visitor)
plugs.folder_readers.plug("trust")(OrganisationsReader)


@plugs.wrapped_keys.plug("trust.people")
def people_keys() -> WrappedColumn:
    return WrappedColumn(model=PersonKey, field="wrapped", place=lambda row: place_of_key(row.pk))


@plugs.wrapped_keys.plug("trust.links")
def link_keys() -> WrappedColumn:
    return WrappedColumn(model=OneTimeLink, field="email_wrapped", place=lambda row: wrapped_place(row.pk))


HELPER, MANAGER, PROTECTION = "trust.helper", "trust.manager", "trust.protection"


@plugs.gatekeepers.plug("trust")
def gate(actor: Actor, action: str) -> None:
    """Raises Refused unless this visitor may do this action to anything at all."""
    policy.require(actor=actor, action=action)


@plugs.roles.plug("trust")
def roles() -> Iterable[Role]:
    yield Role(HELPER, _("Aidant"), _("Aide des habitants dans leurs démarches, sous mandat."))
    yield Role(MANAGER, _("Responsable des accès"), _("Donne et retire les rôles dans son organisme."))
    yield Role(PROTECTION, _("Protection des données"), _("Répond à qui conteste un accès à ses données."))


@plugs.permissions.plug("trust")
def permissions() -> Iterable[Permission]:
    yield Permission("session.close", anyone=True)
    # My space: each person, for themselves.
    yield Permission("space.see", own=True)
    yield Permission("identity.link", own=True)
    yield Permission("identity.unlink", own=True)
    yield Permission("security.change", own=True)
    yield Permission("session.strengthen", own=True)
    yield Permission("contact.see", own=True, delegable="read")
    yield Permission("contact.change", own=True)
    yield Permission("access.see", own=True, delegable="history")
    yield Permission("access.contest", own=True)
    yield Permission("consent.see", own=True, delegable="read")
    yield Permission("consent.give", own=True, delegable="write")
    yield Permission("consent.withdraw", own=True, delegable="write")
    yield Permission("proof.see", own=True, delegable="read")
    yield Permission("proof.give", own=True, delegable="write")
    yield Permission("proof.remove", own=True)
    yield Permission("rights.export", own=True)
    yield Permission("rights.erase", own=True)
    # Mandates.
    yield Permission("mandate.see", own=True, roles=frozenset({HELPER}))
    yield Permission("mandate.give", own=True)
    yield Permission("mandate.revoke", own=True)
    yield Permission("mandate.prepare", roles=frozenset({HELPER}), strong=True)
    yield Permission("mandate.witness", roles=frozenset({HELPER}), strong=True)
    yield Permission("mandate.take", own=True, roles=frozenset({HELPER}))
    yield Permission("mandate.hand-back", own=True, roles=frozenset({HELPER}))
    # Organisations.
    yield Permission("agent.see", anyone=True)
    yield Permission("team.see", roles=frozenset({MANAGER}), strong=True)
    yield Permission("team.change", roles=frozenset({MANAGER}), strong=True)
    yield Permission("contest.see", roles=frozenset({PROTECTION}), strong=True)
    yield Permission("contest.answer", roles=frozenset({PROTECTION}), strong=True)
    yield Permission("contract.see", roles=frozenset({PROTECTION}), strong=True)
    yield Permission("contract.make", roles=frozenset({PROTECTION}), strong=True)
