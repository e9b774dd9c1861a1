"""What people say of themselves, for themselves: proposed to them in a form they fill in, or that is filled in for them."""

from lacydon.kernel.access import Actor

from . import policy
from .contacts import contact
from .proofs import Of


def own_contact(actor: Actor, *, kind: str) -> str:
    """How the person the actor acts for said to be reached (email, phone, postal); empty when unknown or not allowed."""
    if not actor.principal or not policy.can(actor, None, "contact.see", Of(actor.principal)):
        return ""
    found = contact(actor.principal, kind=kind)
    return found.value if found.verified or kind == "postal" else ""
