"""Opening and closing the session: a new key at each sign-in, nothing of the old one kept but what was said."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

import structlog
from django.http import HttpRequest

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now

from ..models import Person
from ..queries.keys import seal_for, unseal_of
from ..queries.organisations import memberships, organisation_of
from ..queries.wall import in_house

log = structlog.get_logger("lacydon.security")
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("OPR", "Opera"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@in_house
def open_session(
    request: HttpRequest,
    person: Person,
    *,
    kind: str,
    provider: str,
    assurance: int,
    strong: bool = False,
    id_token: str = "",
    organisation: str = "",
    claims: Mapping[str, Any] | None = None,
) -> None:
    """Sign this person in. An agent acts for the organisation just proven, else for their only one, else chooses.

    What the provider said (`claims`, `id_token`) is sealed with the person's key: it is there for a request that needs
    the civil identity, as long as the session lasts, and nobody reads it in the database.
    """
    request.session.flush()
    log.info("sign-in.done", way=provider, kind=kind, assurance=assurance, strong=strong)
    if kind == "agent" and not organisation:
        held = [each.organisation_id for each in memberships(person.id)]
        said = claims or {}
        named = organisation_of(siret=str(said.get("siret", "")), siren=str(said.get("siren", "")))
        if named and named.id in held:
            organisation = named.id
        else:
            organisation = held[0] if len(held) == 1 else ""
    request.session.update(
        {
            "person": str(person.id),
            "kind": kind,
            "provider": provider,
            "assurance": assurance,
            "strong": strong,
            "proven": _sealed(person, {"id_token": id_token, "claims": dict(claims or {})}),
            "organisation": organisation,
            "signed_in_at": now().isoformat(),
            "browser": browser_in_words(request.headers.get("User-Agent", "")),
        }
    )


def strengthen_session(request: HttpRequest) -> None:
    """A second factor was just shown: the same session under a new key."""
    request.session["strong"] = True
    request.session.cycle_key()


def close_session(request: HttpRequest) -> tuple[str, str]:
    """End the session; (provider, id_token) of it, to sign out there too."""
    log.info("sign-out.done", way=request.session.get("provider", ""))
    kept = request.session.get("provider", ""), proven(request).get("id_token", "")
    request.session.flush()
    return kept


def proven(request: HttpRequest) -> dict[str, Any]:
    """What the provider said at this sign-in: `id_token` and `claims`."""
    person, sealed = request.session.get("person", ""), request.session.get("proven", "")
    if not person or not sealed:
        return {}
    found: dict[str, Any] = json.loads(unseal_of(person, base64.b64decode(sealed), place=_place(person)))
    return found


def _sealed(person: Person, said: Mapping[str, Any]) -> str:
    value = json.dumps(said, ensure_ascii=False)
    return base64.b64encode(seal_for(person.id, value, place=_place(str(person.id)))).decode()


def _place(person: str) -> str:
    return f"trust_session:{person}:proven"


def session_of(request: HttpRequest) -> Actor:
    """The actor of this request, as a value."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def browser_in_words(agent: str) -> str:
    """« Firefox, Linux »: enough for its owner to know it, too little to follow anybody."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if re.search(mark, agent)), "")
    return ", ".join(each for each in (browser, system) if each)
