"""What people said of themselves, proposed to them in a form they fill in, or that is filled in for them."""

from lacydon.kernel.access import Actor

from . import policy
from .contacts import contact
from .proofs import Held, Of, proofs_of


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
