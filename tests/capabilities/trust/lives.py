"""Residents with data, mandates and readers, for the tests of what becomes of them."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import uuid4

from lacydon.capabilities.trust.actions import reading
from lacydon.capabilities.trust.actions.consents import ask_consent, give_consent
from lacydon.capabilities.trust.actions.contests import contest_access
from lacydon.capabilities.trust.actions.people import keep_civil_identity
from lacydon.capabilities.trust.actions.proofs import give_proof
from lacydon.capabilities.trust.models import (
    ContactPoint,
    Entry,
    Evidence,
    LocalAccount,
    Mandate,
    MandateHelper,
    MandateKind,
    OneTimeLink,
    Organisation,
    Person,
    Proof,
)  # fmt: skip
from lacydon.capabilities.trust.queries.accounts import email_place
from lacydon.capabilities.trust.queries.contacts import contact_place
from lacydon.capabilities.trust.queries.keys import seal_for
from lacydon.capabilities.trust.queries.themes import THEMES
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from tests.capabilities.trust.people import actor, agent, resident

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"
_numbers = count(1)


def contact(person: Person, value: str, *, kind: str = "email") -> ContactPoint:
    sealed = seal_for(person.id, value, place=contact_place(person=person.id, kind=kind))
    return ContactPoint.objects.create(person=person, kind=kind, sealed=sealed, changed_at=now(), verified_at=now())


def civil(person: Person, *, purpose: str = "request-follow-up", **claims: str) -> None:
    keep_civil_identity(
        actor=actor(person), person=str(person.id), purpose=purpose, claims=claims, kept=timedelta(days=30)
    )


def proof(person: Person, *, kind: str = "income-tax", name: str = "avis.pdf", content: bytes = PDF) -> Proof:
    return give_proof(actor=actor(person), kind=kind, name=name, content=content)


def reader(organisation: Organisation, *, roles: tuple[str, ...] = ("requests.clerk",)) -> Actor:
    """An agent of this organisation, signed in with a second factor."""
    return actor(agent(organisation=organisation, roles=roles), organisation=organisation.id)


def mandate(principal: Person, helper: Person, *, organisation: Organisation, scope: tuple[str, ...]) -> Mandate:
    """A mandate of help that holds."""
    Organisation.objects.filter(pk=organisation.pk).update(themes=list(THEMES))
    moment = now()
    made = Mandate.objects.create(
        reference=f"M-{next(_numbers):08d}",
        kind=MandateKind.HELP,
        principal=principal,
        organisation=organisation,
        scope=list(scope),
        starts_at=moment - timedelta(hours=1),
        ends_at=moment + timedelta(hours=23),
        evidence=Evidence.PRESENCE,
        text_version="1",
        text_hash="0" * 64,
        text_sealed=seal_for(principal.id, "CANARI-MANDAT", place="x"),
        stop_hash=uuid4().hex,
        language="fr",
        created_at=moment,
        created_by=helper,
        confirmed_at=moment,
        confirmed_by=principal,
    )
    MandateHelper.objects.create(mandate=made, agent=helper, since=moment)
    return made


def under(helper: Actor, held: Mandate) -> Actor:
    """The helper with this mandate in hand."""
    return replace(helper, principal=str(held.principal_id), mandate=str(held.pk), scope=frozenset(held.scope))


def everything(town: Organisation) -> Person:
    """A resident with something of every kind, whose words all begin with CANARI."""
    person = resident()
    civil(person, family_name="CANARI-NOM", birthdate="1970-01-01")
    contact(person, "canari@courriel.example")
    proof(person, name="CANARI-FICHIER.pdf", content=b"%PDF-1.4\n% CANARI-DOCUMENT\n%%EOF\n")
    account = uuid4()
    LocalAccount.objects.create(
        id=account,
        person=person,
        email_hash=f"h{person.id}",
        email_sealed=seal_for(person.id, "canari@courriel.example", place=email_place(str(account))),
        created_at=now(),
    )
    OneTimeLink.objects.create(
        token_hash=f"t{person.id}", purpose="sign-in", email_hash=f"h{person.id}", email_wrapped=b"w", email_sealed=b"s",
        created_at=now(), expires_at=now() + timedelta(hours=1),
    )  # fmt: skip
    helper = agent(organisation=town, roles=("trust.helper",))
    held = mandate(person, helper, organisation=town, scope=("argent",))
    Mandate.objects.filter(pk=held.pk).update(evidence_sealed=seal_for(person.id, "CANARI-PREUVE", place="x"))
    give_consent(
        actor=actor(person), recipient=town.id, purpose="income-based-rate", categories=["proof:income-tax"], days=30
    )
    clerk = reader(town)
    ask_consent(actor=clerk, person=str(person.id), purpose="housing-request", categories=["contact:email"])
    reading.use_proof(actor=clerk, person=str(person.id), kind="income-tax", purpose="income-based-rate")
    looked = Entry.objects.get(action="proof.use", subject=person)
    contest_access(actor=actor(person), entry=str(looked.pk), text="CANARI-QUESTION")
    return person
