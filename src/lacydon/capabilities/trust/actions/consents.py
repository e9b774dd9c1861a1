"""Consents: asked in one question, given or refused at the same cost, withdrawn in one click."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lacydon.kernel import attempts
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput
from lacydon.kernel.personal import CONSENT

from ..errors import NotAllowed, UnknownPerson
from ..models import Consent, ConsentRequest, Mandate, MandateKind, Organisation, Person
from ..queries import consents, policy
from ..queries.organisations import belongs
from ..queries.proofs import KINDS, Of
from ..queries.reach import owner_of
from ..queries.receipts import NOTICE, name_of, notice, notice_hash
from ..queries.wall import house, in_house
from ..queries.words import purposes
from .journal import record
from .mandates.notices import tell_act

LONGEST = 365
"""Days a consent lasts at most."""
ASKED_FOR = timedelta(days=30)
"""How long a question waits for its answer."""
ASKED_A_DAY = 100
"""Questions of one agent: nobody tries a whole list of addresses."""
CATEGORIES = (
    *(f"proof:{kind}" for kind in KINDS),
    "contact:email",
    "contact:phone",
    "contact:postal",
    "civil-identity",
)


@in_house
@transaction.atomic
def ask_consent(
    *, actor: Actor, person: str, purpose: str, categories: Iterable[str], days: int = 31
) -> ConsentRequest:
    """An organisation asks somebody to let it use some data for a purpose; they answer in their space.

    Raises NotAllowed, BadInput, UnknownPerson. The same question waiting twice is one.
    """
    if actor.kind not in ("agent", "machine") or not actor.organisation or actor.mandate:
        raise NotAllowed(_("Seul un organisme demande un accord, en son nom."))
    if actor.kind == "agent" and not belongs(actor.person, organisation=actor.organisation):
        raise NotAllowed(_("Vous ne faites plus partie de cet organisme."))
    wanted = _checked(purpose=purpose, categories=categories, days=days)
    if not Person.objects.filter(pk=person, erased_at=None).exists():
        raise UnknownPerson(_("Cette personne n’est pas connue ici."))
    moment = now()
    waiting = ConsentRequest.objects.filter(
        person_id=person, recipient_id=actor.organisation, purpose=purpose, answered_at=None, expires_at__gt=moment
    )
    same = next((row for row in waiting if sorted(row.categories) == wanted), None)
    if same is not None:
        return same
    made = ConsentRequest.objects.create(
        person_id=person,
        recipient_id=actor.organisation,
        purpose=purpose,
        categories=wanted,
        wanted_days=days,
        asked_at=moment,
        asked_by_id=actor.person or None,
        expires_at=moment + ASKED_FOR,
    )
    record(actor=actor, subject=person, action="consent.ask", purpose=purpose, object=_object(wanted))
    return made


def ask_consent_at(*, actor: Actor, contact: str, purpose: str, categories: Iterable[str], days: int) -> None:
    """The same by an agent whose role it is, to who proved that this address or telephone is theirs.

    Whether anybody did is not told: the answer is the same, and nothing is done. Raises BadInput, NotAllowed,
    TooManyRequests. Not to be called in a transaction.
    """
    policy.require(actor=actor, action="consent.ask")
    wanted = _checked(purpose=purpose, categories=categories, days=days)
    if not contact.strip():
        raise BadInput(_("Écrivez l’adresse ou le téléphone de la personne."), field="contact")
    attempts.spend(what="consent-ask", who=actor.person, most=ASKED_A_DAY, per=timedelta(days=1))
    with house():
        owner = owner_of(contact)
    if owner is None or str(owner) == actor.person:
        return
    ask_consent(actor=actor, person=str(owner), purpose=purpose, categories=wanted, days=days)


@transaction.atomic
def give_consent(*, actor: Actor, recipient: str, purpose: str, categories: Iterable[str], days: int) -> Consent:
    """A person, or who holds their mandate, lets an organisation use some data. Raises NotAllowed, BadInput.

    What is given under a mandate ends with it at the latest: nobody binds somebody for longer. Nor does a helper agree,
    for somebody, to what their own organisation would then read: that is for the person alone.
    """
    wanted = _checked(purpose=purpose, categories=categories, days=days)
    known = purposes()[purpose]
    policy.require(actor=actor, action="consent.give", object=_scope(actor, purpose))
    organisation = Organisation.objects.filter(pk=recipient, active=True).first()
    if organisation is None:
        raise BadInput(_("Choisissez l’organisme avec qui partager."), field="recipient")
    if _for_oneself(actor, recipient=recipient):
        raise NotAllowed(
            _("Vous faites partie de cet organisme : vous ne pouvez pas lui donner cet accord. La personne le peut.")
        )
    moment = now()
    text = notice(recipient=organisation, purpose=purpose, categories=wanted, days=days)
    made = Consent.objects.create(
        person_id=actor.principal,
        recipient=organisation,
        purpose=known.id,
        categories=wanted,
        notice_version=NOTICE,
        notice_hash=notice_hash(text),
        language=(get_language() or "fr")[:5],
        given_at=moment,
        given_by_id=actor.person,
        mandate_id=actor.mandate or None,
        until=min([moment + timedelta(days=days), *_end_of_mandate(actor)]),
    )
    record(actor=actor, action="consent.give", purpose=purpose, basis="consent", object=f"consent:{made.pk}")
    tell_act(actor, about=_("un accord de partage donné à %s") % name_of(organisation))
    return made


def _for_oneself(actor: Actor, *, recipient: str) -> bool:
    """Whether who acts for somebody would open that person's data to an organisation of their own."""
    if not actor.mandate:
        return False
    helping = Mandate.objects.filter(pk=actor.mandate, kind=MandateKind.HELP, organisation=recipient)
    return recipient == actor.organisation or helping.exists() or belongs(actor.person, organisation=recipient)


def _end_of_mandate(actor: Actor) -> list[datetime]:
    return list(Mandate.objects.filter(pk=actor.mandate).values_list("ends_at", flat=True)) if actor.mandate else []


@transaction.atomic
def answer_request(*, actor: Actor, request: str, agreed: bool) -> Consent | None:
    """Yes or no to a question; the consent when it is yes. Raises NotFound, NotAllowed."""
    asked = consents.request_of(actor, request, lock=True)
    policy.require(actor=actor, action="consent.give", object=_scope(actor, asked.purpose))
    made = None
    if agreed:
        made = give_consent(
            actor=actor,
            recipient=asked.recipient_id,
            purpose=asked.purpose,
            categories=asked.categories,
            days=asked.wanted_days,
        )
    else:
        record(actor=actor, action="consent.refuse", purpose=asked.purpose, object=_object(asked.categories))
        tell_act(actor, about=_("une demande d’accord refusée"))
    asked.answered_at, asked.consent = now(), made
    asked.save(update_fields=["answered_at", "consent"])
    return made


@transaction.atomic
def withdraw_consent(*, actor: Actor, consent: str) -> Consent:
    """Take a consent back, with effect on the next read. Twice is once. Raises NotFound, NotAllowed.

    With it go those that would still let the same organisation read some of it for the same purpose (a question
    answered twice, two clicks): who withdraws is told that these data are not read any more, and it must be so.
    """
    found = consents.consent_of(actor, consent)
    policy.require(actor=actor, action="consent.withdraw", object=_scope(actor, found.purpose))
    moment = now()
    alike = Consent.objects.select_for_update().filter(
        person_id=found.person_id, recipient_id=found.recipient_id, purpose=found.purpose, withdrawn_at=None
    )
    for each in alike.order_by("pk"):
        if each.pk == found.pk or (each.until > moment and not set(found.categories).isdisjoint(each.categories)):
            Consent.objects.filter(pk=each.pk).update(withdrawn_at=moment)
            record(actor=actor, action="consent.withdraw", purpose=found.purpose, object=f"consent:{each.pk}")
            tell_act(actor, about=_("un accord de partage retiré à %s") % name_of(found.recipient))
    found.refresh_from_db()
    return found


def _scope(actor: Actor, purpose: str) -> Any:
    known = purposes().get(purpose)
    return Of(person_id=actor.principal, themes=known.themes if known else frozenset({"?"}))


def _checked(*, purpose: str, categories: Iterable[str], days: int) -> list[str]:
    """The categories in order. Raises BadInput."""
    known = purposes().get(purpose)
    if known is None or known.ground != CONSENT:
        raise BadInput(_("Choisissez pour quoi vous partagez."), field="purpose")
    wanted = sorted(set(categories))
    if not wanted or not set(wanted) <= set(CATEGORIES):
        raise BadInput(_("Choisissez au moins une donnée à partager."), field="categories")
    if not 1 <= days <= LONGEST:
        raise BadInput(_("Choisissez une durée, d’un an au plus."), field="days")
    return wanted


def _object(categories: list[str]) -> str:
    return categories[0] if len(categories) == 1 else f"data:{len(categories)}"
