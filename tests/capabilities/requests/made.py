"""Requests of the tests, made through the actions; people come from tests/capabilities/trust/people.py."""

import json
from hashlib import sha256
from typing import Any
from uuid import uuid4

from lacydon.capabilities.requests.actions.opening import Opened, Where, open_request
from lacydon.capabilities.requests.models import FormVersion
from lacydon.capabilities.requests.queries.forms import SNAPSHOT
from lacydon.kernel.access import NOBODY, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.snapshots import moved
from tests.capabilities.trust import people

BODY = "commune-97001"
OTHER = "commune-97002"


def form(id: str = "essai", **content: Any) -> FormVersion:
    """A published form of one page."""
    held = FormVersion.objects.filter(form=id).first()
    if held is not None:
        return held
    page = {
        "id": "une",
        "title": {"fr": "Une page", "en": "A page"},
        "fields": [{"id": "mots", "type": "longtext", "label": {"fr": "Vos mots", "en": "Your words"}}],
    }
    written = {"id": id, "service": id, "title": {"fr": "Essai", "en": "Try"}, "kind": "request", "pages": [page]}
    said = written | content
    moved(SNAPSHOT)
    digest = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()  # versions are held by it
    return FormVersion.objects.create(
        form=id, number=1, digest=digest, content=said,
        service_id=said["service"], state="published", made_at=now(), published_at=now(),
    )  # fmt: skip


def opened(*, actor: Actor = NOBODY, organisation: str = BODY, words: str = "Bonjour", **fields: Any) -> Opened:
    """A request made by this actor (nobody: without an account) to this organisation."""
    people.organisation(organisation)
    return open_request(
        actor=actor,
        form=fields.pop("form", None) or form(),
        answers={"mots": words},
        where=fields.pop("where", Where(citycode="97001")),
        organisation=organisation,
        submission=fields.pop("submission", None) or uuid4(),
        **fields,
    )


def resident() -> Actor:
    return people.actor(people.resident())


def agent(organisation: str = BODY, roles: tuple[str, ...] = ("requests.agent",)) -> Actor:
    """A strong agent of an organisation with these roles."""
    body = people.organisation(organisation)
    return people.actor(people.agent(organisation=body, roles=roles), organisation=organisation, strong=True)
