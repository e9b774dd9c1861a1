"""What trust offers to the whole house: who is behind a request, who may do what, what it knows about people."""

from collections.abc import Iterable

from django.core import checks
from django.utils.translation import gettext_lazy as _

from lacydon.kernel import plugs
from lacydon.kernel.access import Actor, Permission, Role
from lacydon.kernel.events import listen
from lacydon.kernel.personal import PersonalData
from lacydon.kernel.rotation import WrappedColumn

from . import jobs
from .actions import erasure, retention
from .events import EntriesRecorded, ExportAsked
from .loader import OrganisationsReader
from .models import OneTimeLink, PersonKey
from .pages.acting import acting
from .pages.session import proven
from .pages.visitor import visitor
from .queries import export, policy, wall
from .queries.activities import ACTIVITIES, NOT_PERSONAL
from .queries.keys import place_of_key
from .queries.links import wrapped_place
from .queries.roles import ASKER, HELPER, MANAGER, PROTECTION, VERIFIER
from .queries.words import ACTIONS, PURPOSES

plugs.visitors.plug("trust")(visitor)
plugs.notices.plug("trust")(acting)
plugs.proven_claims.plug("trust")(lambda request: proven(request).get("claims", {}))
wall.keep_watch()
plugs.folder_readers.plug("trust")(OrganisationsReader)


@plugs.wrapped_keys.plug("trust.people")
def people_keys() -> WrappedColumn:
    return WrappedColumn(model=PersonKey, field="wrapped", place=lambda row: place_of_key(row.pk))


@plugs.wrapped_keys.plug("trust.links")
def link_keys() -> WrappedColumn:
    return WrappedColumn(model=OneTimeLink, field="email_wrapped", place=lambda row: wrapped_place(row.pk))


@checks.register(checks.Tags.database)
def wall_stands(**_kwargs: object) -> list[checks.CheckMessage]:
    """Said by `lacydon migrate`: the user of the database walks through the second wall."""
    if not wall.bypassed():
        return []
    told = "The database user is a superuser or has BYPASSRLS: row-level security does not hold it back."
    return [checks.Warning(told, hint="docs/operators/deployment.md, The second wall", id="trust.W001")]


@plugs.gatekeepers.plug("trust")
def gate(actor: Actor, action: str) -> None:
    """Raises Refused unless this visitor may do this action to anything at all."""
    policy.require(actor=actor, action=action)


@plugs.roles.plug("trust")
def roles() -> Iterable[Role]:
    yield Role(HELPER, _("Aidant"), _("Aide des habitants dans leurs démarches, sous mandat."))
    yield Role(VERIFIER, _("Vérification des mandats"), _("Compare les jugements et les actes à ce qui est dit."))
    yield Role(ASKER, _("Demandes d’accord"), _("Demande à un habitant l’accord de lire une donnée, pour sa démarche."))
    yield Role(MANAGER, _("Responsable des accès"), _("Donne et retire les rôles dans son organisme."))
    yield Role(PROTECTION, _("Protection des données"), _("Répond à qui conteste un accès à ses données."))


@plugs.permissions.plug("trust")
def permissions() -> Iterable[Permission]:
    yield Permission("session.close", anyone=True)
    # My space: each person, for themselves.
    yield Permission("space.enter", anyone=True)
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
    yield Permission("mandate.see", own=True)
    yield Permission("mandate.give", own=True)
    yield Permission("mandate.revoke", own=True)
    yield Permission("mandate.prepare", roles=frozenset({HELPER}), strong=True)
    yield Permission("mandate.witness", roles=frozenset({HELPER}), strong=True)
    yield Permission("mandate.take", own=True, roles=frozenset({HELPER}))
    yield Permission("mandate.hand-back", anyone=True)
    yield Permission("mandate.choose", anyone=True)  # the lists of mandates, with one in hand too
    yield Permission("mandate.renounce", own=True, roles=frozenset({HELPER}))
    yield Permission("mandate.stop-at-counter", roles=frozenset({HELPER, MANAGER}), strong=True)
    yield Permission("mandate.declare", own=True)
    yield Permission("mandate.contest", own=True)
    yield Permission("mandate.verify", roles=frozenset({VERIFIER}), strong=True)
    # Organisations.
    yield Permission("agent.see", anyone=True)
    yield Permission("team.see", roles=frozenset({MANAGER}), strong=True)
    yield Permission("team.change", roles=frozenset({MANAGER}), strong=True)
    yield Permission("contest.see", roles=frozenset({PROTECTION}), strong=True)
    yield Permission("contest.answer", roles=frozenset({PROTECTION}), strong=True)
    yield Permission("consent.ask", roles=frozenset({ASKER}), strong=True)
    yield Permission("contract.see", roles=frozenset({PROTECTION}), strong=True)
    yield Permission("contract.make", roles=frozenset({PROTECTION}), strong=True)


@listen(EntriesRecorded)
def publish_the_journal(_event: EntriesRecorded) -> None:
    jobs.publish_soon()


_PERSONAL = PersonalData(
    activities=ACTIVITIES,
    not_personal=NOT_PERSONAL,
    purposes=PURPOSES,
    actions=ACTIONS,
    export=export.export,
    files=export.files,
    kept=erasure.kept,
    erase=erasure.erase,
    purge=retention.purge,
)


@plugs.personal_data.plug("trust")
def personal() -> PersonalData:
    return _PERSONAL


@listen(ExportAsked)
def make_export(event: ExportAsked) -> None:
    jobs.make_export.enqueue(export=event.export)
