"""A mandate is confirmed, each evidence in its own way; from then on it holds."""

import hmac
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lacydon.kernel import attempts
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now

from ...errors import MandateNotReady, MandateUnknown, NotAllowed, TextChanged, WrongCode
from ...models import Evidence, Mandate, MandateKind, Person
from ...queries import policy
from ...queries.mandate_text import text_hash, text_of
from ...queries.mandates import draft_by_code, scope_now, tidy_code
from ...queries.wall import in_house
from ..journal import record
from . import notices
from .codes import sent_code
from .drafts import PURPOSE, Terms, call, entitled, keep_help, new_draft, room_for, seal_text

MOST_TRIES = 5
CODES_TYPED = 100
"""Codes one helper types a day at most: one in ten thousand would be found by chance."""


@transaction.atomic
def propose(*, actor: Actor, organisation: str, terms: Terms, helper: str = "") -> Mandate:
    """A resident writes a mandate alone, from their own space, to a body of help or to one `helper` of it: a draft.

    They are then shown its text, and `accept` it. Raises Refused.
    """
    policy.require(actor=actor, action="mandate.give")
    mandate = new_draft(actor=actor, kind=MandateKind.HELP, terms=terms, body=entitled(organisation))
    mandate.evidence = Evidence.PRESENCE
    mandate.principal_id = UUID(actor.person)
    mandate.any_helper = not helper
    keep_help(mandate, actor=actor, helpers=[helper] if helper else [], action="mandate.prepare")
    return mandate


@transaction.atomic
def accept(*, actor: Actor, reference: str, seen: str, name: str = "") -> Mandate:
    """The resident has read the text (`seen`: its hash) of the mandate they wrote: it holds.

    `name`: how the helper may call them. Raises TextChanged.
    """
    policy.require(actor=actor, action="mandate.give")
    mandate = (
        _rows().filter(reference=reference, principal_id=UUID(actor.person), created_by_id=UUID(actor.person)).first()
    )
    if mandate is None:
        raise MandateUnknown(_("Ce mandat n’existe pas."))
    policy.require(actor=actor, action="mandate.give", object=mandate)
    call(person=actor.person, name=name, actor=actor)
    return settled(mandate, actor=actor, action="mandate.give", seen=seen)


@transaction.atomic
def give(*, actor: Actor, organisation: str, terms: Terms, helper: str = "") -> Mandate:
    """`propose` and `accept` at once: for whom the text is made and shown elsewhere, and for tests."""
    mandate = propose(actor=actor, organisation=organisation, terms=terms, helper=helper)
    return accept(actor=actor, reference=mandate.reference, seen=mandate.text_hash)


@in_house
@transaction.atomic
def confirm_in_person(*, actor: Actor, code: str, seen: str, name: str = "") -> Mandate:
    """The resident, in their own session, typed the code on the helper's screen, and was shown the whole text.

    `seen`: the hash of the text shown; `name`: how the helper may call them. Raises WrongCode, TextChanged, NotAllowed.
    """
    policy.require(actor=actor, action="mandate.give")
    found = draft_by_code(code)
    mandate = _locked(found.pk) if found else None
    if mandate is None or mandate.code_hash is None:
        raise WrongCode(_("Ce code n’est pas bon, ou il est trop vieux. Demandez-en un autre."), field="code")
    mandate.principal_id = UUID(actor.person)
    call(person=actor.person, name=name, actor=actor)
    return settled(mandate, actor=actor, action="mandate.confirm", seen=seen)


@in_house
def confirm_by_code(*, actor: Actor, reference: str, code: str, name: str = "") -> Mandate:
    """The helper types the code that the resident received at their own address and chose to say.

    Five tries for a code, and `CODES_TYPED` a day for a helper, whatever the number of mandates they prepare; a try
    counts even when what follows fails. Raises WrongCode, MandateNotReady, TooManyRequests. Not in a transaction.
    """
    policy.require(actor=actor, action="mandate.prepare")
    attempts.spend(what="mandate-code-helper", who=actor.person, most=CODES_TYPED, per=timedelta(days=1))
    with transaction.atomic():
        mandate = _of_my_body(actor, reference, action="mandate.prepare")
        if mandate.evidence != Evidence.CODE or mandate.confirmed_at or mandate.revoked_at:
            raise MandateNotReady(_("Ce mandat n’attend pas de code."))
        spent = mandate.code_tries >= MOST_TRIES
        mandate.code_tries += 0 if spent else 1
        mandate.save(update_fields=["code_tries"])
    with transaction.atomic():
        mandate = _locked(mandate.pk) or mandate
        late = mandate.code_until is None or mandate.code_until <= now()
        known = mandate.principal_id is not None and not late
        right = hmac.compare_digest(sent_code(mandate), tidy_code(code)) if known else False
        if spent or late:
            raise WrongCode(_("Ce code ne sert plus : préparez un autre mandat."), field="code")
        if not right:
            raise WrongCode(_("Ce n’est pas le code qui a été envoyé."), field="code")
        call(person=str(mandate.principal_id), name=name, actor=actor)
        return settled(mandate, actor=actor, action="mandate.confirm")


@transaction.atomic
def witness(*, actor: Actor, reference: str) -> Mandate:
    """A second agent of the body has the signed paper in hand, and finds it as it was typed: four eyes."""
    mandate = _of_my_body(actor, reference, action="mandate.witness")
    if mandate.evidence != Evidence.PAPER or mandate.kind != MandateKind.HELP:
        raise MandateNotReady(_("Ce mandat n’est pas sur papier."))
    if str(mandate.created_by_id) == actor.person:
        raise NotAllowed(_("Un collègue doit vérifier le papier : pas la personne qui l’a saisi."))
    return settled(mandate, actor=actor, action="mandate.witness")


def settled(mandate: Mandate, *, actor: Actor, action: str, seen: str | None = None) -> Mandate:
    """The mandate holds from now on. To be called in the transaction that locked it."""
    if mandate.confirmed_at or mandate.revoked_at or mandate.ends_at <= now():
        raise MandateNotReady(_("Ce mandat ne peut plus être confirmé."))
    assert mandate.principal_id
    body = mandate.organisation
    if body is None or not body.active or not scope_now(mandate):
        raise MandateNotReady(_("Ce lieu n’est plus habilité à aider."))
    if Person.objects.filter(pk=mandate.principal_id).exclude(erased_at=None).exists():
        raise MandateNotReady(_("Les données de cette personne ont été effacées."))
    helpers = [str(each) for each in mandate.helpers.values_list("agent_id", flat=True)]
    if str(mandate.principal_id) in (*helpers, str(mandate.holder_id)):
        raise NotAllowed(_("On ne se donne pas un mandat à soi-même."))
    room_for(helpers, but=mandate)
    paragraphs = text_of(mandate)
    if text_hash(paragraphs) != mandate.text_hash or (seen is not None and seen != mandate.text_hash):
        raise TextChanged(_("Le texte a changé depuis : relisez-le, puis recommencez."))
    mandate.text_sealed = seal_text(mandate, paragraphs)
    mandate.confirmed_at = now()
    mandate.confirmed_by_id = UUID(actor.person)
    mandate.code_hash = None
    mandate.save()
    record(
        actor=actor, subject=str(mandate.principal_id), action=action, purpose=PURPOSE,
        object=f"mandate:{mandate.pk}", basis=f"{mandate.evidence}:{mandate.text_version}",
    )  # fmt: skip
    notices.tell(mandate, what=notices.CONFIRMED)
    return mandate


def _locked(id: UUID) -> Mandate | None:
    return _rows().filter(pk=id).first()


def _rows() -> QuerySet[Mandate]:
    return Mandate.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")


def _of_my_body(actor: Actor, reference: str, *, action: str) -> Mandate:
    """A mandate of the actor's own body, locked. Raises MandateUnknown, NotAllowed."""
    policy.require(actor=actor, action=action)
    mandate = _rows().filter(reference=reference, organisation_id=actor.organisation or None).first()
    if mandate is None:
        raise MandateUnknown(_("Ce mandat n’existe pas ici."))
    policy.require(actor=actor, action=action, object=mandate)
    return mandate
