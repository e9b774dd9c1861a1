"""People of the tests, made through the actions, and visitors who are signed in as them."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.test import Client

from lacydon.capabilities.trust.actions.people import sign_in
from lacydon.capabilities.trust.actions.sessions import SessionStore
from lacydon.capabilities.trust.models import Membership, Organisation, Person, RoleGrant
from lacydon.capabilities.trust.queries.organisations import roles_of
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now

_numbers = count(1)


def resident(*, assurance: int = 1) -> Person:
    """A resident who has just signed in for the first time."""
    person, _new = sign_in(
        provider="franceconnect",
        kind="resident",
        issuer="https://fc.example",
        subject=f"sub-{next(_numbers)}v1",
        assurance=assurance,
    )
    return person


def organisation(id: str = "commune-97001", *, kind: str = "commune", **fields: Any) -> Organisation:
    made, _new = Organisation.objects.get_or_create(id=id, defaults={"kind": kind, "name": {"fr": id}} | fields)
    return made


def agent(*, organisation: Organisation, roles: tuple[str, ...] = ()) -> Person:
    """An agent of an organisation, with these roles in it."""
    person, _new = sign_in(
        provider="proconnect",
        kind="agent",
        issuer="https://pc.example",
        subject=f"agent-{next(_numbers)}",
        assurance=2,
        strong=True,
    )
    member = Membership.objects.create(person=person, organisation=organisation, since=now() - timedelta(days=1))
    for role in roles:
        RoleGrant.objects.create(membership=member, role=role, granted_at=now())
    return person


def actor(person: Person, *, organisation: str = "", **fields: Any) -> Actor:
    """The actor a person is when signed in with no mandate in hand."""
    known = str(person.id)
    is_agent = person.kind == "agent"
    facts: dict[str, Any] = {
        "person": known,
        "principal": known,
        "kind": person.kind,
        "assurance": 2 if is_agent else 1,
        "strong": is_agent,
        "organisation": organisation,
        "roles": roles_of(person.id, organisation=organisation) if organisation else frozenset(),
        "signed_in_at": now(),
    }
    return Actor(**(facts | fields))


def signed_in(client: Client, person: Person, *, organisation: str = "", **facts: Any) -> Client:
    """The client, with a session of this person."""
    is_agent = person.kind == "agent"
    session = SessionStore()
    session.update(
        {
            "person": str(person.id),
            "kind": person.kind,
            "assurance": 2 if is_agent else 1,
            "strong": is_agent,
            "organisation": organisation,
            "signed_in_at": now().isoformat(),
            "provider": "franceconnect",
        }
        | facts
    )
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def visitor() -> Client:
    """Another browser."""
    return Client(headers={"Sec-Fetch-Site": "same-origin"})
