"""Who is behind a request, read anew at each one: roles, and the mandate in hand, as they are now."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from lacydon.kernel.access import NOBODY, Actor
from lacydon.kernel.clock import now

from ..queries import mandates, organisations, people, wall

SEEN_EVERY = timedelta(minutes=1)
"""The last visit under a mandate is noted at most that often."""


def visitor(request: HttpRequest) -> Actor:
    """The actor of this request; nobody without a session cookie, whose absence costs nothing."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return NOBODY
    session = request.session
    person = session.get("person")
    if not person or people.person(person) is None:
        return NOBODY
    organisation = session.get("organisation", "")
    # Who it is first: their roles are behind the wall too. What follows takes back what the session says too much.
    wall.enter(person=person, organisation=organisation, principal=session.get("principal", ""))
    roles = organisations.roles_of(person, organisation=organisation) if organisation else frozenset()
    if organisation and not roles and not organisations.belongs(person, organisation=organisation):
        organisation = ""  # who left it, or whose organisation is closed, acts for it no more
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
    if not roles:
        wall.enter(person=person, principal=session.get("principal", ""))
    return _with_mandate(request, actor)


def _with_mandate(request: HttpRequest, actor: Actor) -> Actor:
    """The same actor, with the mandate in hand; one that no longer holds closes everything until it is handed back.

    A form filled for somebody must never be kept in the helper's own name.
    """
    session = request.session
    mandate = session.get("mandate", "")
    if not mandate:
        return actor
    moment = now()
    seen = datetime.fromisoformat(session.get("mandate_seen") or moment.isoformat())
    if moment - seen >= mandates.IDLE:
        return _over(actor, mandates.IDLE_MARK)
    held = mandates.in_hand(actor, mandate)
    if held is None:
        return _over(actor, mandate)
    if moment - seen >= SEEN_EVERY:
        session["mandate_seen"] = moment.isoformat()
    return held


def _over(actor: Actor, mandate: str) -> Actor:
    wall.enter(person=actor.person, organisation=actor.organisation if actor.roles else "")
    return mandates.over(actor, mandate)
