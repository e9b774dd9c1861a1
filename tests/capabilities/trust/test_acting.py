"""Acting for somebody: two identities in every act, never the other's; read anew at each write."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from lacydon.capabilities.trust import public
from lacydon.capabilities.trust.actions import mandates
from lacydon.capabilities.trust.errors import MandateNotReady, MandateOver, MandateUnknown, NotAllowed
from lacydon.capabilities.trust.models import Entry, Organisation
from lacydon.capabilities.trust.queries import mandates as known
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import Help, helper_of, letters, moving_clock, terms, verified_contact, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def help_():
    return Help()


@pytest.fixture
def sent(help_, monkeypatch):
    verified_contact(help_.resident, "lou@example.org")
    return letters(monkeypatch)


def of(person, *themes):
    return SimpleNamespace(person_id=person.id, themes=themes)


def act(actor, object, action="proof.give"):
    with public.acting(
        actor=actor, action=action, object=object, named="proof:1", purpose="logement", about="un papier"
    ):
        pass


def test_the_helper_stays_the_helper(help_, sent):
    delegate = mandates.take(actor=help_.helper, reference=help_.given().reference)
    assert (delegate.person, delegate.principal) == (str(help_.zoe.id), str(help_.resident.id))
    act(delegate, of(help_.resident, "logement"))
    told = Entry.objects.get(action="proof.give")
    assert (told.actor_id, told.subject_id, told.mandate) == (help_.zoe.id, help_.resident.id, delegate.mandate)
    assert told.organisation == "maison"
    assert "Une action a été faite pour vous\u00a0: un papier." in words(sent[-1])


def test_for_oneself_nobody_is_told(help_, sent):
    act(help_.me, of(help_.resident, "logement"))
    assert sent == []


def test_nothing_outside_the_scope_the_limits_and_the_person(help_):
    delegate = mandates.take(actor=help_.helper, reference=help_.given(limits=["history", "write"]).reference)
    for object, action in (
        (of(help_.resident, "logement"), "proof.give"),  # writing was taken away
        (of(help_.resident, "justice"), "proof.see"),  # another theme
        (of(people.resident(), "logement"), "proof.see"),  # somebody else's
        (of(help_.zoe, "logement"), "proof.see"),  # the helper's own
        (of(help_.resident), "access.see"),  # history is taken away unless given
        (of(help_.resident), "contact.change"),  # never delegable
        (of(help_.resident), "rights.erase"),
        (of(help_.resident), "mandate.give"),
    ):
        with pytest.raises(NotAllowed):
            act(delegate, object, action)
    act(delegate, of(help_.resident, "logement"), "proof.see")
    assert Entry.objects.filter(action="proof.see").count() == 1


def test_one_principal_at_a_time(help_):
    one, other = help_.given(), help_.given()
    delegate = mandates.take(actor=help_.helper, reference=one.reference)
    with pytest.raises(MandateNotReady):
        mandates.take(actor=delegate, reference=other.reference)
    alone = mandates.hand_back(actor=delegate)
    assert (alone.mandate, alone.principal) == ("", alone.person)
    mandates.take(actor=alone, reference=other.reference)
    actions = list(Entry.objects.order_by("at").values_list("action", flat=True))
    assert [each for each in actions if each in ("mandate.take", "mandate.hand-back")] == [
        "mandate.take", "mandate.hand-back", "mandate.take",
    ]  # fmt: skip


def test_who_takes_a_mandate_of_the_whole_body_is_named_in_it(help_):
    shared = mandates.give(actor=help_.me, organisation="maison", terms=terms())
    assert helper_of(shared) == []
    mandates.take(actor=help_.colleague, reference=shared.reference)
    mandates.take(actor=help_.colleague, reference=shared.reference)
    assert helper_of(shared) == [str(help_.ali.id)]


def test_not_with_somebody_elses_mandate(help_):
    mandate = help_.given()
    for actor in (help_.colleague, help_.me, people.actor(people.resident())):
        with pytest.raises((MandateUnknown, NotAllowed)):
            mandates.take(actor=actor, reference=mandate.reference)


def over_revoke(help_, mandate, later):
    mandates.revoke(actor=help_.me, reference=mandate.reference)


def over_end(help_, mandate, later):
    later(days=1)


def over_leave(help_, mandate, later):
    help_.zoe.memberships.update(until=mandate.created_at)


def over_closed(help_, mandate, later):
    Organisation.objects.filter(pk="maison").update(active=False)


def over_themes(help_, mandate, later):
    Organisation.objects.filter(pk="maison").update(themes=["justice"])


def over_erased(help_, mandate, later):
    help_.resident.erased_at = mandate.created_at
    help_.resident.save()


@pytest.mark.parametrize("ends", [over_revoke, over_end, over_leave, over_closed, over_themes, over_erased])
def test_an_actor_of_before_writes_nothing_after(help_, monkeypatch, ends):
    """The request was let in while the mandate held: each write asks again, whatever the actor remembers."""
    mandate = help_.given()
    delegate = mandates.take(actor=help_.helper, reference=mandate.reference)
    ends(help_, mandate, moving_clock(monkeypatch))
    before = Entry.objects.count()
    with pytest.raises(MandateOver):
        act(delegate, of(help_.resident, "logement"))
    with pytest.raises(MandateOver):
        public.require(actor=delegate, action="proof.give", object=of(help_.resident, "logement"))
    with pytest.raises(MandateOver):
        known.still_holds(delegate)
    assert Entry.objects.count() == before


def test_require_alone_is_enough(help_):
    """A capability that only asks the policy in its transaction, as all do, cannot forget the mandate."""
    mandate = help_.given()
    delegate = mandates.take(actor=help_.helper, reference=mandate.reference)
    public.require(actor=delegate, action="proof.give", object=of(help_.resident, "logement"))
    mandates.revoke(actor=help_.me, reference=mandate.reference)
    with pytest.raises(MandateOver):
        public.require(actor=delegate, action="proof.give", object=of(help_.resident, "logement"))


def test_what_the_actor_claims_is_not_believed(help_):
    mandate = help_.given(themes=["logement"])
    delegate = help_.in_hand(mandate)
    forged = replace(delegate, scope=frozenset({"justice"}), limits=frozenset())
    with pytest.raises(NotAllowed):
        public.require(actor=forged, action="proof.give", object=of(help_.resident, "justice"))
    with pytest.raises(NotAllowed):
        public.require(actor=forged, action="access.see", object=of(help_.resident))
    other = replace(delegate, principal=str(people.resident().id))
    with pytest.raises(MandateOver):
        public.require(actor=other, action="proof.give", object=of(help_.resident, "logement"))


def test_a_mandate_left_in_hand_closes_everything(help_):
    idle = known.over(help_.helper, known.IDLE_MARK)
    for action in ("proof.see", "mandate.prepare", "consent.give", "space.see"):
        assert not public.can(idle, None, action)
        with pytest.raises(MandateOver):
            public.require(actor=idle, action=action)
    public.require(actor=idle, action="mandate.hand-back")
    assert mandates.hand_back(actor=idle).mandate == ""
