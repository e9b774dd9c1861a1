"""The one policy function: `can(actor, principal, action, object)`.

Capabilities leave their permissions at `kernel.plugs.permissions`; they are read once, then a check costs a look-up and
a few comparisons (target: 20 µs). An object says whose it is: `person_id` (the person it belongs to), `organisation_id`
(the organisation that looks after it), `themes` (what a mandate must cover); any may be absent.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import structlog
from django.db.transaction import get_connection
from django.utils.translation import gettext as _

from lacydon.kernel import plugs
from lacydon.kernel.access import Actor, Permission, Role, SignInNeeded, StrongerSignInNeeded

from ..errors import NotAllowed, SecondFactorNeeded
from .mandates import still_holds

log = structlog.get_logger("lacydon.security")


@cache
def permissions() -> Mapping[str, Permission]:
    """Every permission by action. ValueError when two capabilities leave the same."""
    found: dict[str, Permission] = {}
    for _name, offer in plugs.permissions.items():
        for each in offer():
            if each.action in found:
                raise ValueError(f"two permissions for {each.action}")
            found[each.action] = each
    return found


@cache
def roles() -> Mapping[str, Role]:
    """Every role by id."""
    return {each.id: each for _name, offer in plugs.roles.items() for each in offer()}


def can(actor: Actor, principal: str | None, action: str, object: Any = None) -> bool:
    """Whether `actor` may do `action` to `object` for `principal` (None: for whom the actor now acts).

    Without an object: whether there is any object to which the actor could do it, with the roles and the mandate in
    hand. An action that no capability has declared is refused.
    """
    rule = permissions().get(action)
    if rule is None or not actor.person:
        return False
    if actor.assurance < rule.assurance or (rule.strong and not actor.strong):
        return False
    for_whom = actor.principal if principal is None else principal
    if rule.anyone:
        return True
    if rule.own and not actor.mandate and for_whom == actor.person and _is_of(object, person=actor.person):
        return True
    if (
        rule.delegable
        and actor.mandate
        and for_whom == actor.principal
        and rule.delegable not in actor.limits
        and _is_of(object, person=actor.principal)
        and _covered(object, actor.scope)
    ):
        return True
    return bool(
        rule.roles
        and actor.organisation
        and not actor.mandate
        and not rule.roles.isdisjoint(actor.roles)
        and _looked_after_by(object, actor.organisation)
    )


def require(*, actor: Actor, action: str, object: Any = None, principal: str | None = None) -> None:
    """Raises SignInNeeded, StrongerSignInNeeded, MandateOver or NotAllowed unless `can`.

    Under a mandate, the mandate is read anew, and in a transaction its row is locked until the end: an action that asks
    here within its transaction, as every action does, cannot act after a revocation was committed.
    """
    rule = permissions().get(action)
    if actor.mandate and not (rule and rule.anyone):
        actor = still_holds(actor, for_update=get_connection().in_atomic_block)
    if can(actor, principal, action, object):
        return
    if not actor.person:
        raise SignInNeeded()
    log.warning(
        "access.refused",
        action=action,
        kind=actor.kind,
        organisation=actor.organisation,
        under_mandate=bool(actor.mandate),
        on_an_object=object is not None,
    )
    if rule and can(actor.surer(rule.assurance), principal, action, object):
        raise SecondFactorNeeded() if actor.assurance >= rule.assurance else StrongerSignInNeeded(action=action)
    if actor.mandate:
        raise NotAllowed(_("Sous ce mandat, ceci n’est pas permis : la personne doit le faire elle-même."))
    raise NotAllowed(_("Ceci ne vous est pas ouvert."))


def _is_of(object: Any, *, person: str) -> bool:
    if object is None:
        return True
    owner = getattr(object, "person_id", None)
    return owner is not None and str(owner) == person


def _covered(object: Any, scope: frozenset[str]) -> bool:
    themes = getattr(object, "themes", None) if object is not None else None
    return not themes or not scope.isdisjoint(themes)


def _looked_after_by(object: Any, organisation: str) -> bool:
    """The tenant wall: an object nobody looks after is nobody's to see through a role."""
    return object is None or getattr(object, "organisation_id", None) == organisation
