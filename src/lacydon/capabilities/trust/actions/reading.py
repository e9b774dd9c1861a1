"""Reading what is personal: never without a purpose, a ground that holds now, and an entry of the journal.

One call: the ground is checked, the access recorded and the value opened in one transaction. Who reads gets nothing
that the resident does not see on their page of accesses.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from lacydon.kernel.access import Actor
from lacydon.kernel.errors import NotFound
from lacydon.kernel.personal import CONSENT, CONTRACT, PUBLIC_TASK

from ..errors import NoConsent, NoContract, NotAllowed, PurposeNeeded
from ..models import Entry
from ..queries import proofs
from ..queries.consents import consent_for
from ..queries.contacts import contact
from ..queries.contracts import contract_for
from ..queries.organisations import belongs, roles_of
from ..queries.people import civil_identity
from ..queries.wall import in_house
from ..queries.words import purposes
from .journal import record

CASE = re.compile(r"[a-z-]{1,20}:[A-Za-z0-9._-]{1,60}")
"""What a case is called: `request:R-2026-1`."""


@dataclass(frozen=True, slots=True)
class UsedProof:
    """A document handed over once, with the consent or contract it was under."""

    name: str
    media_type: str
    content: bytes
    given_by_helper: bool
    receipt: str


@in_house
def read_civil_identity(
    *, actor: Actor, person: str, purpose: str, case: str = "", roles: frozenset[str] | None = None
) -> dict[str, Any] | None:
    """The civil identity kept for this purpose; None when none is kept.

    `roles`: those of which an agent must hold one now, in the organisation they act for; None: any role of any
    capability. Raises PurposeNeeded, NoConsent, NoContract, NotAllowed; ErasedPerson.
    """
    with transaction.atomic():
        _read(
            actor,
            person=person,
            purpose=purpose,
            category="civil-identity",
            action="civil-identity.read",
            case=case,
            roles=roles,
        )
        return civil_identity(person, purpose=purpose)


@in_house
def read_contact_point(
    *, actor: Actor, person: str, kind: str, purpose: str, case: str = "", roles: frozenset[str] | None = None
) -> str | None:
    """An address of somebody (email, phone, postal); None when there is none. Raises as `read_civil_identity`."""
    with transaction.atomic():
        category = f"contact:{kind}"
        _read(actor, person=person, purpose=purpose, category=category, action="contact.read", case=case, roles=roles)
        return contact(person, kind=kind).value or None


@in_house
def use_proof(
    *, actor: Actor, person: str, kind: str, purpose: str, case: str = "", roles: frozenset[str] | None = None
) -> UsedProof:
    """The document of this kind that the person gave once, for this purpose of the actor's organisation.

    Raises NotFound when the person gave none; else as `read_civil_identity`. Another purpose takes another consent.
    """
    proofs.kind_of(kind)
    with transaction.atomic():
        category = f"proof:{kind}"
        entry = _read(
            actor, person=person, purpose=purpose, category=category, action="proof.use", case=case, roles=roles
        )
        found = proofs.live_proof(person, kind=kind)
        if found is None:
            raise NotFound(_("Cette personne n’a pas de justificatif de ce genre."))
        return UsedProof(
            name=proofs.name_of(found),
            media_type=found.media_type,
            content=proofs.content_of(found),
            given_by_helper=found.given_by_id != found.person_id,
            receipt=entry.object.partition(";consent:")[2],
        )


def _read(
    actor: Actor,
    *,
    person: str,
    purpose: str,
    category: str,
    action: str,
    case: str,
    roles: frozenset[str] | None,
) -> Entry:
    """Check the ground of a read and record it. To be called in its transaction."""
    if actor.kind not in ("agent", "machine") or not actor.organisation or actor.mandate:
        raise NotAllowed(_("Seul un organisme lit ces données, en son nom."))
    if actor.kind == "agent":
        _require_role(actor, roles)
    if actor.kind == "agent" and not actor.strong:
        raise NotAllowed(_("Il faut une connexion avec un second facteur pour lire des données personnelles."))
    known = purposes().get(purpose)
    if known is None:
        raise PurposeNeeded(_("Dites pourquoi vous lisez ces données : une des finalités prévues."), field="purpose")
    if case and not CASE.fullmatch(case):
        raise PurposeNeeded(_("Le dossier s’écrit comme « request:R-2026-1 »."), field="case")
    with override("fr"):  # the journal is written once, whatever the language of who reads
        basis, suffix = str(known.law), ""
    if known.ground == CONSENT:
        consent = consent_for(
            person=person, recipient=actor.organisation, purpose=purpose, category=category, lock=True
        )
        if consent is None:
            raise NoConsent(_("La personne n’a pas donné son accord pour cela, ou l’a retiré."))
        basis, suffix = "consent", f";consent:{consent.pk}"
    elif known.ground == CONTRACT:
        contract = contract_for(recipient=actor.organisation, purpose=purpose, category=category)
        if contract is None:
            raise NoContract(_("Aucun contrat de partage ne couvre cela aujourd’hui."))
        basis = f"contract:{contract.pk}"
    elif known.ground == PUBLIC_TASK and not case:
        raise PurposeNeeded(_("Dites pour quel dossier vous lisez ces données."), field="case")
    # The consent's id stands in the object, which the public tree only holds as a commitment.
    object = case if case and not suffix else category
    return record(
        actor=actor, subject=person, action=action, purpose=purpose, basis=basis[:200], object=f"{object}{suffix}"
    )


def _require_role(actor: Actor, roles: frozenset[str] | None) -> None:
    """An agent reads by a role they hold now, asked anew: to be on the list of members is not enough."""
    held = roles_of(actor.person, organisation=actor.organisation)
    if not held and not belongs(actor.person, organisation=actor.organisation):
        raise NotAllowed(_("Vous ne faites plus partie de cet organisme."))
    if not held or (roles is not None and held.isdisjoint(roles)):
        raise NotAllowed(_("Vous n’avez pas le rôle qu’il faut pour lire ces données."))
