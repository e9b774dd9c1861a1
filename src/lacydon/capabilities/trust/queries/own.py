"""What people said of themselves, proposed to them in a form they fill in, or that is filled in for them."""

from dataclasses import dataclass

from lacydon.kernel.access import Actor

from . import policy
from .contacts import contact
from .names import HELPED
from .people import civil_identity
from .proofs import Held, Of, proofs_of


@dataclass(frozen=True, slots=True)
class OwnCompany:
    """A company as its representative declared it, and as an authority checked it. `siren`: 9 digits."""

    name: str
    siren: str


def own_contact(actor: Actor, *, kind: str) -> str:
    """How the person the actor acts for is reached (email, phone, postal); empty when unknown or not allowed."""
    if not actor.principal or not policy.can(actor, None, "contact.see", Of(actor.principal)):
        return ""
    found = contact(actor.principal, kind=kind)
    return found.value if found.verified or kind == "postal" else ""


def own_proof(actor: Actor, *, kind: str) -> Held | None:
    """The last document of this kind that the person the actor acts for gave and that is still worth something."""
    if not actor.principal or not policy.can(actor, None, "proof.see", Of(actor.principal)):
        return None
    return next((each for each in proofs_of(actor) if each.kind.id == kind), None)


def own_company(actor: Actor) -> OwnCompany | None:
    """The company the actor acts for, with its mandate in hand; None for whoever acts for a person."""
    if not actor.mandate or not policy.can(actor, None, "contact.see", Of(actor.principal)):
        return None
    claims = civil_identity(actor.principal, purpose=HELPED) or {}
    siren = str(claims.get("siren", ""))
    return OwnCompany(name=str(claims.get("name", "")), siren=siren) if siren else None
