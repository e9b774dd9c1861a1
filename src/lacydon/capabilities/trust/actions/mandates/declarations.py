"""Mandates that the law gives: parents, guardians, representatives of a company.

Somebody declares who they act for and names a document; an agent of the authority they chose sees the document and
confirms. A ProConnect claim that somebody runs a company is not evidence.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import LOCAL, now, today
from lacydon.kernel.errors import BadInput

from ...errors import MandateNotReady, MandateUnknown, NotAllowed
from ...models import Evidence, Identity, Mandate, MandateKind, Organisation
from ...queries import policy
from ...queries.keys import unseal_of
from ...queries.names import HELPED
from ...queries.people import civil_identity, subject_hash
from ...queries.wall import in_house
from ..journal import record
from ..people import keep_civil_identity, new_person
from .confirmations import settled
from .drafts import PURPOSE, Terms, call, keep_draft, new_draft, sealed_reference
from .revocations import REFUSED, _stopped

LONGEST_GUARDIANSHIP = timedelta(days=20 * 365 + 5)
"""Code civil, article 442: a protective measure may be renewed for twenty years at most."""
MAJORITY = 18
SIREN = "urn:fr:siren"
"""Issuer of the identities that keep one company one person."""


@in_house
@transaction.atomic
def declare_child(
    *, actor: Actor, me: str, name: str, born: date, paper: str, authority: str, terms: Terms, with_reference: str = ""
) -> Mandate:
    """A parent declares a child; a draft until the authority has seen the civil-status document (`paper`).

    Each holder of parental authority has a mandate of their own: the second one gives the reference of the first
    (`with_reference`), so that the child is one person. It ends at majority (Code civil, article 414).
    """
    policy.require(actor=actor, action="mandate.declare")
    majority = _birthday(born, MAJORITY)
    if born > today() or majority <= today():
        raise BadInput(_("Écrivez la date de naissance d’un enfant de moins de 18 ans."), field="born")
    mandate = _draft(actor, kind=MandateKind.PARENT, terms=terms, authority=authority, paper=paper, name=name)
    mandate.ends_at = datetime.combine(majority, time(), tzinfo=LOCAL)
    if with_reference.strip():
        mandate.principal_id = _child_of(with_reference, born=born, holder=UUID(actor.person))
    else:
        _about(mandate, actor=actor, kind="resident", claims={"name": name.strip(), "birthdate": born.isoformat()})
    return _declared(mandate, actor=actor, me=me, paper=paper)


@in_house
@transaction.atomic
def declare_guardian(
    *, actor: Actor, me: str, name: str, until: date, paper: str, authority: str, terms: Terms
) -> Mandate:
    """A guardian declares the person a judgement (`paper`: its reference) gave them to protect, until its last day."""
    policy.require(actor=actor, action="mandate.declare")
    if not today() < until <= today() + LONGEST_GUARDIANSHIP:
        raise BadInput(_("Écrivez le dernier jour du jugement."), field="until")
    mandate = _draft(actor, kind=MandateKind.GUARDIAN, terms=terms, authority=authority, paper=paper, name=name)
    mandate.ends_at = datetime.combine(until + timedelta(days=1), time(), tzinfo=LOCAL)
    _about(mandate, actor=actor, kind="resident", claims={"name": name.strip()})
    return _declared(mandate, actor=actor, me=me, paper=paper)


@in_house
@transaction.atomic
def declare_company(
    *, actor: Actor, me: str, name: str, siren: str, paper: str, authority: str, terms: Terms
) -> Mandate:
    """A representative declares a company; the authority looks at the register (`paper`: its extract). For a year."""
    policy.require(actor=actor, action="mandate.declare")
    digits = "".join(sign for sign in siren if sign.isdigit())
    if len(digits) != 9 or not _luhn(digits):
        raise BadInput(_("Un SIREN a neuf chiffres : vérifiez-le."), field="siren")
    mandate = _draft(actor, kind=MandateKind.COMPANY, terms=terms, authority=authority, paper=paper, name=name)
    mandate.ends_at = mandate.starts_at + timedelta(days=365)
    _about(mandate, actor=actor, kind="company", claims={"name": name.strip(), "siren": digits})
    return _declared(mandate, actor=actor, me=me, paper=paper)


@in_house
@transaction.atomic
def evidence_for(*, actor: Actor, reference: str) -> Mapping[str, Any]:
    """What the checking agent has to compare with the document; the look is in the journal."""
    mandate = _to_check(actor, reference)
    assert mandate.principal_id and mandate.evidence_sealed is not None
    place = f"trust_mandate:{mandate.pk}:evidence_sealed"
    claims = civil_identity(mandate.principal_id, purpose=HELPED) or {}
    paper = unseal_of(mandate.principal_id, mandate.evidence_sealed, place=place).decode()
    record(
        actor=actor, subject=str(mandate.principal_id), action="mandate.check", purpose=PURPOSE,
        object=f"mandate:{mandate.pk}",
    )  # fmt: skip
    return {**claims, "paper": paper}


@in_house
@transaction.atomic
def verify(*, actor: Actor, reference: str) -> Mandate:
    """An agent of the authority has seen the document: the mandate holds."""
    mandate = _to_check(actor, reference)
    if str(mandate.holder_id) == actor.person:
        raise NotAllowed(_("On ne vérifie pas son propre mandat."))
    if mandate.kind == MandateKind.COMPANY:
        _one_company(mandate)
    return settled(mandate, actor=actor, action="mandate.verify")


@transaction.atomic
def refuse(*, actor: Actor, reference: str) -> Mandate:
    """The document does not say what was declared: the draft is closed."""
    return _stopped(_to_check(actor, reference), actor=actor, way=REFUSED)


def _draft(actor: Actor, *, kind: str, terms: Terms, authority: str, paper: str, name: str) -> Mandate:
    body = Organisation.objects.filter(pk=authority, active=True).exclude(kind__in=("help", "operator")).first()
    if body is None:
        raise BadInput(_("Choisissez qui vérifiera le document."), field="authority")
    if not name.strip():
        raise BadInput(_("Écrivez un nom."), field="name")
    if not paper.strip():
        raise BadInput(_("Écrivez la référence du document."), field="paper")
    mandate = new_draft(actor=actor, kind=kind, terms=terms, body=body)
    mandate.evidence = Evidence.JUDGEMENT
    mandate.holder_id = UUID(actor.person)
    return mandate


def _about(mandate: Mandate, *, actor: Actor, kind: str, claims: Mapping[str, str]) -> None:
    """The principal: a person with no way to sign in, and what was said of them, sealed under their own key."""
    person = new_person(kind=kind)
    mandate.principal_id = person.pk
    kept = mandate.ends_at - now()
    keep_civil_identity(actor=actor, person=str(person.pk), purpose=HELPED, claims=claims, kept=kept)


def _declared(mandate: Mandate, *, actor: Actor, me: str, paper: str) -> Mandate:
    call(person=actor.person, name=me, actor=actor)
    mandate.evidence_sealed = sealed_reference(mandate, paper)
    keep_draft(mandate, actor=actor, action="mandate.declare")
    return mandate


def _child_of(reference: str, *, born: date, holder: UUID) -> UUID:
    """The child of a confirmed mandate of another parent; the date of birth must be the same."""
    unknown = BadInput(_("Aucun enfant n’a cette référence et cette date de naissance."), field="with_reference")
    rows = Mandate.objects.filter(kind=MandateKind.PARENT, confirmed_at__isnull=False, revoked_at=None)
    first = rows.filter(reference=reference.strip().upper()).first()
    if first is None or first.principal_id is None:
        raise unknown
    claims = civil_identity(first.principal_id, purpose=HELPED) or {}
    if claims.get("birthdate") != born.isoformat():
        raise unknown
    if Mandate.objects.filter(principal_id=first.principal_id, holder_id=holder, revoked_at=None).exists():
        raise MandateNotReady(_("Vous avez déjà un mandat pour cet enfant."))
    return first.principal_id


def _one_company(mandate: Mandate) -> None:
    """The same SIREN is the same principal, whoever represents it."""
    assert mandate.principal_id and mandate.evidence_sealed is not None
    siren = (civil_identity(mandate.principal_id, purpose=HELPED) or {}).get("siren", "")
    key = subject_hash(issuer=SIREN, subject=siren)
    moment = now()
    known, _made = Identity.objects.get_or_create(
        issuer=SIREN,
        subject_hash=key,
        defaults={
            "person_id": mandate.principal_id, "provider": "siren", "assurance": 0, "linked_at": moment,
            "last_seen_at": moment,
        },
    )  # fmt: skip
    if known.person_id != mandate.principal_id:
        place = f"trust_mandate:{mandate.pk}:evidence_sealed"
        paper = unseal_of(mandate.principal_id, mandate.evidence_sealed, place=place).decode()
        mandate.principal_id = known.person_id
        mandate.evidence_sealed = sealed_reference(mandate, paper)


def _to_check(actor: Actor, reference: str) -> Mandate:
    policy.require(actor=actor, action="mandate.verify")
    rows = Mandate.objects.select_for_update(of=("self",), no_key=True).select_related("organisation")
    waiting = rows.filter(evidence=Evidence.JUDGEMENT, confirmed_at=None, revoked_at=None)
    mandate = waiting.filter(reference=reference, organisation_id=actor.organisation or None).first()
    if mandate is None:
        raise MandateUnknown(_("Ce mandat n’attend pas de vérification ici."))
    policy.require(actor=actor, action="mandate.verify", object=mandate)
    return mandate


def _birthday(born: date, years: int) -> date:
    """The day somebody is `years` old; born on 29 February, the day after in a common year."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def _luhn(digits: str) -> bool:
    """The check of a SIREN (ISO/IEC 7812-1, annex B)."""
    doubled = [int(sign) * (2 if place % 2 else 1) for place, sign in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
