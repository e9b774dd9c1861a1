"""Acting for somebody: a mandate taken in hand, handed back; the context around every write."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor, StrongerSignInNeeded
from lacydon.kernel.clock import now

from ...errors import MandateNotReady, MandateUnknown
from ...models import Mandate, MandateHelper, MandateKind
from ...queries import policy
from ...queries.mandates import in_hand, still_holds
from ..journal import record
from . import notices
from .drafts import PURPOSE, room_for


@transaction.atomic
def take(*, actor: Actor, reference: str) -> Actor:
    """Take a mandate in hand: from now on this session acts for its principal, in the actor's own name.

    One principal at a time: MandateNotReady while another is in hand. The helper of a mandate given to a whole body is
    named in it from now on, so that the principal sees who.
    """
    if actor.mandate:
        raise MandateNotReady(_("Rendez d’abord le mandat que vous avez en main."))
    policy.require(actor=actor, action="mandate.take")
    mandate = Mandate.objects.select_related("organisation").filter(reference=reference).first()
    acting_for = in_hand(actor, str(mandate.pk), lock=True) if mandate else None
    if mandate is None or acting_for is None:
        raise MandateUnknown(_("Ce mandat n’est pas à vous, ou n’est plus valable."))
    if mandate.kind == MandateKind.HELP and not actor.strong:
        raise StrongerSignInNeeded(action="mandate.take")
    if mandate.kind == MandateKind.HELP and not mandate.helpers.filter(agent_id=UUID(actor.person)).exists():
        room_for([actor.person], but=mandate)
        MandateHelper.objects.create(mandate=mandate, agent_id=actor.person, since=now())
    record(actor=acting_for, action="mandate.take", purpose=PURPOSE, object=f"mandate:{mandate.pk}")
    return acting_for


@transaction.atomic
def hand_back(*, actor: Actor) -> Actor:
    """Put the mandate down: the actor acts for themselves again. It can be taken again while it holds."""
    known = Mandate.objects.filter(pk=actor.mandate).first() if len(actor.mandate) == 36 else None
    if known is not None and known.principal_id:
        record(
            actor=actor, subject=str(known.principal_id), action="mandate.hand-back", purpose=PURPOSE,
            object=f"mandate:{known.pk}",
        )  # fmt: skip
    return actor.alone()


@contextmanager
def acting(
    *,
    actor: Actor,
    action: str,
    object: Any = None,
    named: str,
    purpose: str,
    about: str = "",
    basis: str = "",
    subject: str | UUID | None = None,
) -> Iterator[Actor]:
    """A write for oneself or under a mandate, all that it owes around it; the act itself goes inside.

        with acting(actor=actor, action="proof.give", object=proof, named=f"proof:{proof.id}", purpose="…") as by:
            proof.save()

    In one transaction: the mandate is read anew and locked, the policy is asked with what it now covers, the act is
    done, the journal notes it, and under a mandate the principal is told at their own address (`about`: the act in
    words). `subject`: whose data it is, when an agent acts on somebody else's (nobody: ""). Gives the actor as it is
    now. Raises MandateOver, NotAllowed; then nothing is written.
    """
    with transaction.atomic():
        fresh = still_holds(actor, for_update=True)
        policy.require(actor=fresh, action=action, object=object)
        yield fresh
        record(actor=fresh, action=action, purpose=purpose, object=named, basis=basis, subject=subject)
        if fresh.mandate:
            notices.tell(Mandate.objects.get(pk=fresh.mandate), what=notices.SUBMITTED, about=about or action)
