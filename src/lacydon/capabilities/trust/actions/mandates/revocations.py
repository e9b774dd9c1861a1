"""A mandate is stopped, at once, by whoever may: the principal without a reason, a counter, a code, the helper."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lacydon.kernel.access import NOBODY, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput

from ...errors import MandateNotReady, MandateUnknown, NotAllowed
from ...models import Mandate, MandateKind
from ...queries import policy
from ...queries.keys import seal_for
from ...queries.mandates import stop_hash
from ...queries.wall import in_house
from ..journal import record
from . import notices
from .drafts import PURPOSE, sealed_reference

PRINCIPAL, COUNTER, STOP_CODE, HELPER, REFUSED, ERASED = "principal", "counter", "code", "helper", "refused", "erased"
"""The way a mandate was stopped."""


@transaction.atomic
def revoke(*, actor: Actor, reference: str) -> Mandate:
    """The principal says stop. No reason is asked. A protected person may contest instead (`contest`)."""
    policy.require(actor=actor, action="mandate.revoke")
    mandate = _locked(Q(reference=reference, principal_id=actor.person))
    policy.require(actor=actor, action="mandate.revoke", object=mandate)
    _not_a_guardian(mandate)
    return _stopped(mandate, actor=actor, way=PRINCIPAL)


@in_house
@transaction.atomic
def stop_by_code(*, code: str) -> Mandate:
    """Whoever holds the code sent with each notice says stop, without a sign-in. Twice is once."""
    mandate = _locked(Q(stop_hash=stop_hash(code)))
    _not_a_guardian(mandate)
    if mandate.revoked_at:
        return mandate
    return _stopped(mandate, actor=NOBODY, way=STOP_CODE)


@transaction.atomic
def stop_at_counter(*, actor: Actor, reference: str, paper: str) -> Mandate:
    """An agent of the body types the reference of the letter, or of the form signed at the counter."""
    policy.require(actor=actor, action="mandate.stop-at-counter")
    if not paper.strip():
        raise BadInput(_("Écrivez la référence du papier signé."), field="paper")
    mandate = _locked(Q(reference=reference.strip().upper(), organisation_id=actor.organisation or None))
    policy.require(actor=actor, action="mandate.stop-at-counter", object=mandate)
    _not_a_guardian(mandate)
    if mandate.principal_id:
        mandate.revoked_sealed = sealed_reference(mandate, paper, field="revoked_sealed")
    return _stopped(mandate, actor=actor, way=COUNTER)


@transaction.atomic
def renounce(*, actor: Actor, reference: str) -> Mandate:
    """Who holds the mandate gives it up for good: a helper it names, a parent, a guardian, a representative."""
    policy.require(actor=actor, action="mandate.renounce")
    mine = Q(holder_id=actor.person) | Q(organisation_id=actor.organisation or None, helpers__agent_id=actor.person)
    found = Mandate.objects.filter(mine, reference=reference).values_list("pk", flat=True).first()
    return _stopped(_locked(Q(pk=found)), actor=actor, way=HELPER)


@transaction.atomic
def contest(*, actor: Actor, reference: str, words: str) -> Mandate:
    """A protected person says what is wrong; the authority that checked the judgement reads it and answers."""
    policy.require(actor=actor, action="mandate.contest")
    mandate = _locked(Q(reference=reference, principal_id=actor.person))
    policy.require(actor=actor, action="mandate.contest", object=mandate)
    if not words.strip():
        raise BadInput(_("Écrivez ce qui ne va pas."), field="words")
    place = f"trust_mandate:{mandate.pk}:contest_sealed"
    mandate.contest_sealed = seal_for(actor.person, words.strip()[:4000], place=place)
    mandate.contested_at = now()
    mandate.save(update_fields=["contest_sealed", "contested_at"])
    record(actor=actor, action="mandate.contest", purpose=PURPOSE, object=f"mandate:{mandate.pk}")
    return mandate


@transaction.atomic
def end_all_of(*, actor: Actor, person: str) -> int:
    """Stop every mandate of somebody who is erased, given or held: to be called by the erasure. How many."""
    rows = Mandate.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    mine = list(rows.filter(Q(principal_id=person) | Q(holder_id=person), revoked_at=None))
    for mandate in mine:
        _stopped(mandate, actor=actor, way=ERASED)
    return len(mine)


def _locked(which: Q) -> Mandate:
    """The lock that acts under the mandate take too (queries.mandates.in_hand). Raises MandateUnknown."""
    rows = Mandate.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    mandate = rows.filter(which).first()
    if mandate is None:
        raise MandateUnknown(_("Ce mandat n’existe pas."))
    return mandate


def _not_a_guardian(mandate: Mandate) -> None:
    if mandate.kind == MandateKind.GUARDIAN:
        raise NotAllowed(_("Ce mandat vient d’un jugement : vous pouvez le contester, pas l’arrêter seul."))


def _stopped(mandate: Mandate, *, actor: Actor, way: str) -> Mandate:
    if mandate.revoked_at:
        raise MandateNotReady(_("Ce mandat est déjà arrêté."))
    mandate.revoked_at = now()
    mandate.revoked_by_id = actor.person or None
    mandate.revoked_way = way
    mandate.code_hash = None
    mandate.save()
    record(
        actor=actor,
        subject=str(mandate.principal_id) if mandate.principal_id else None,
        action="mandate.revoke",
        purpose=PURPOSE,
        object=f"mandate:{mandate.pk}",
        basis=way,
    )
    if way != ERASED:
        notices.tell(mandate, what=notices.STOPPED)
    return mandate
