"""Who is behind a request, read anew at each one: roles, and the mandate in hand, as they are now."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from lacydon.kernel.access import NOBODY, Actor

from ..queries import mandates, organisations, people

HELPER = "trust.helper"


def visitor(request: HttpRequest) -> Actor:
    """The actor of this request; nobody without a session cookie, whose absence costs nothing."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return NOBODY
    session = request.session
    person = session.get("person")
    if not person or people.person(person) is None:
        return NOBODY
    organisation = session.get("organisation", "")
    roles = organisations.roles_of(person, organisation=organisation) if organisation else frozenset()
    actor = Actor(
        person=person,
        principal=person,
        kind=session.get("kind", "resident"),
        assurance=session.get("assurance", 0),
        strong=session.get("strong", False),
        organisation=organisation,
        roles=roles,
        signed_in_at=datetime.fromisoformat(session["signed_in_at"]),
    )
    return _with_mandate(actor, session.get("mandate", ""))


def _with_mandate(actor: Actor, mandate: str) -> Actor:
    """The same actor, the mandate in hand if it still holds for them."""
    if not mandate:
        return actor
    usable = mandates.usable_by(actor.person, organisation=actor.organisation, helper=HELPER in actor.roles)
    held = usable.filter(pk=mandate).first()
    if held is None:
        return actor
    return replace(
        actor,
        principal=str(held.principal_id),
        mandate=str(held.pk),
        scope=frozenset(held.scope),
        limits=frozenset(held.limits),
    )
