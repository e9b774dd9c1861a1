"""A place of help, its helpers, a resident: what most tests of mandates begin from."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from lacydon.capabilities.trust.actions import mandates
from lacydon.capabilities.trust.actions.mandates import notices
from lacydon.capabilities.trust.actions.mandates.codes import screen_code
from lacydon.capabilities.trust.actions.people import keep_civil_identity
from lacydon.capabilities.trust.models import ContactPoint, Mandate, MandateHelper, Person
from lacydon.capabilities.trust.queries import reach
from lacydon.capabilities.trust.queries.contacts import cleaned, contact_place
from lacydon.capabilities.trust.queries.keys import seal_for
from lacydon.capabilities.trust.queries.mandates import in_hand
from lacydon.capabilities.trust.queries.themes import THEMES
from lacydon.kernel import clock
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.mail import Message
from tests.capabilities.trust import people

HELPER = "trust.helper"


@dataclass
class Help:
    """A body of help with two helpers, and a resident they know."""

    body: Any = field(default_factory=lambda: people.organisation("maison", kind="help", themes=list(THEMES)))

    def __post_init__(self) -> None:
        self.zoe = people.agent(organisation=self.body, roles=(HELPER,))
        self.ali = people.agent(organisation=self.body, roles=(HELPER,))
        self.resident = people.resident()

    @property
    def helper(self) -> Actor:
        return people.actor(self.zoe, organisation=self.body.id)

    @property
    def colleague(self) -> Actor:
        return people.actor(self.ali, organisation=self.body.id)

    @property
    def me(self) -> Actor:
        return people.actor(self.resident)

    def given(self, **changed: Any) -> Mandate:
        """A mandate that holds: given to Zoé by the resident."""
        return mandates.give(actor=self.me, organisation=self.body.id, helper=str(self.zoe.id), terms=terms(**changed))

    def drafted(self, **changed: Any) -> Mandate:
        return mandates.prepare(actor=self.helper, terms=terms(**changed), evidence="presence")

    def confirmed(self, **changed: Any) -> Mandate:
        """A mandate that holds: prepared by Zoé, confirmed by the resident beside her."""
        draft = self.drafted(**changed)
        return mandates.confirm_in_person(actor=self.me, code=screen_code(draft), seen=draft.text_hash, name="Lou")

    def in_hand(self, mandate: Mandate) -> Actor:
        found = in_hand(self.helper, str(mandate.pk))
        assert found is not None
        return found


def moving_clock(monkeypatch: Any) -> Any:
    """A function that moves the platform's clock on: `later(hours=2)`; it adds up."""
    passed = timedelta()

    class Moved(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + passed

    def later(**by: float) -> None:
        nonlocal passed
        passed += timedelta(**by)

    monkeypatch.setattr(clock, "datetime", Moved)
    return later


def terms(**changed: Any) -> mandates.Terms:
    return replace(mandates.Terms(themes=["logement"]), **changed)


def verified_contact(person: Person, address: str) -> ContactPoint:
    kind = reach.contact_kind(address)
    place = contact_place(person=person.id, kind=kind)
    return ContactPoint.objects.create(
        person=person, kind=kind, sealed=seal_for(person.id, cleaned(kind, address), place=place),
        address_hash=reach.address_hash(address), verified_at=now(), changed_at=now(),
    )  # fmt: skip


def named_agent(person: Person, *, organisation: str, given: str, family: str) -> None:
    keep_civil_identity(
        actor=people.actor(person, organisation=organisation), person=str(person.id), purpose="agent",
        claims={"given_name": given, "family_name": family}, kept=timedelta(days=300),
    )  # fmt: skip


def helper_of(mandate: Mandate) -> list[str]:
    return sorted(str(each.agent_id) for each in MandateHelper.objects.filter(mandate=mandate))


def letters(monkeypatch: Any) -> list[Message]:
    """What the principal is sent from now on."""
    sent: list[Message] = []
    monkeypatch.setattr(notices, "post", lambda message, good_for: sent.append(message))
    return sent


def words(message: Message) -> str:
    action = message.action.address if message.action else ""
    return "\n".join((message.subject, *message.paragraphs, message.code, action, *message.after))
