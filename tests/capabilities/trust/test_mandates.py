"""Mandates of help: prepared, given, confirmed by each evidence; least scope; nobody for themselves."""

from datetime import timedelta

import pytest

from lacydon.capabilities.trust.actions import mandates
from lacydon.capabilities.trust.actions.mandates import drafts
from lacydon.capabilities.trust.actions.mandates.codes import screen_code, sent_code
from lacydon.capabilities.trust.errors import (
    MandateNotReady,
    MandateUnknown,
    NotAllowed,
    TextChanged,
    WrongCode,
)
from lacydon.capabilities.trust.models import ContactPoint, Entry, Mandate, Organisation, RoleGrant
from lacydon.capabilities.trust.queries import mandates as known
from lacydon.capabilities.trust.queries.mandate_text import text_hash, text_kept, text_of
from lacydon.capabilities.trust.queries.names import principal_name
from lacydon.capabilities.trust.queries.themes import THEMES, of_rep_scope
from lacydon.kernel import clock
from lacydon.kernel.access import NOBODY, SignInNeeded
from lacydon.kernel.errors import BadInput
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import (
    HELPER,
    Help,
    helper_of,
    letters,
    moving_clock,
    named_agent,
    terms,
    verified_contact,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def help_():
    return Help()


@pytest.fixture
def later(monkeypatch):
    return moving_clock(monkeypatch)


def test_ten_themes_are_those_of_franceconnect():
    assert len(THEMES) == 10
    assert of_rep_scope(["Logement", "Social-Santé", "Autre"]) == {"logement", "social"}


# The terms.


def test_a_mandate_lasts_a_day_and_takes_history_away_unless_asked(help_):
    mandate = help_.given()
    assert mandate.ends_at - mandate.starts_at == timedelta(days=1)
    assert mandate.limits == ["history"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"themes": []}, "themes"),
        ({"themes": ["logement", "autre"]}, "themes"),
        ({"days": 366}, "days"),
        ({"days": 0}, "days"),
        ({"limits": ["sleep"]}, "limits"),
        ({"limits": ["read", "write"]}, "limits"),
        ({"language": "xx"}, "language"),
    ],
)
def test_terms_beyond_the_rules_are_refused(help_, changed, field):
    with pytest.raises(BadInput) as refused:
        help_.given(**changed)
    assert refused.value.field == field
    assert not Mandate.objects.exists()


def test_a_body_helps_with_what_it_is_entitled_to(help_):
    Organisation.objects.filter(pk=help_.body.id).update(themes=["famille"])
    with pytest.raises(BadInput):
        help_.given()


def test_a_body_that_is_not_entitled_is_refused(help_):
    people.organisation("mairie")
    with pytest.raises(MandateNotReady):
        mandates.give(actor=help_.me, organisation="mairie", terms=terms())


def test_a_helper_must_help_in_that_body(help_):
    stranger = people.agent(
        organisation=people.organisation("ailleurs", kind="help", themes=["logement"]), roles=(HELPER,)
    )
    with pytest.raises(BadInput):
        mandates.give(actor=help_.me, organisation=help_.body.id, helper=str(stranger.id), terms=terms())
    with pytest.raises(BadInput):
        mandates.prepare(actor=help_.helper, terms=terms(), evidence="presence", helpers=[str(stranger.id)])


def test_nobody_gives_themselves_a_mandate(help_):
    zoe_at_home = people.actor(help_.zoe)
    with pytest.raises(NotAllowed):
        mandates.give(actor=zoe_at_home, organisation=help_.body.id, helper=str(help_.zoe.id), terms=terms())
    draft = help_.drafted()
    with pytest.raises(NotAllowed):
        mandates.confirm_in_person(actor=zoe_at_home, code=screen_code(draft), seen=draft.text_hash)


def test_under_a_mandate_nobody_gives_another_one(help_):
    delegate = help_.in_hand(help_.given())
    with pytest.raises(NotAllowed):
        mandates.prepare(actor=delegate, terms=terms(), evidence="presence")
    with pytest.raises(NotAllowed):
        mandates.give(actor=delegate, organisation=help_.body.id, terms=terms())


def test_only_a_helper_prepares(help_):
    clerk = people.actor(people.agent(organisation=help_.body), organisation=help_.body.id)
    with pytest.raises(NotAllowed):
        mandates.prepare(actor=clerk, terms=terms(), evidence="presence")
    with pytest.raises(SignInNeeded):
        mandates.prepare(actor=NOBODY, terms=terms(), evidence="presence")


def test_a_helper_has_a_mandate_of_so_many_people_at_most(help_, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_PRINCIPALS", 2)
    for _each in range(2):
        help_.resident = people.resident()
        help_.given()
    help_.given()  # of the same person again: not one more
    help_.resident = people.resident()
    with pytest.raises(NotAllowed):
        help_.given()


def test_the_cap_counts_who_takes_a_mandate_of_the_whole_body(help_, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_PRINCIPALS", 1)
    help_.given()
    other = people.resident()
    shared = mandates.give(actor=people.actor(other), organisation=help_.body.id, terms=terms())
    with pytest.raises(NotAllowed):
        mandates.take(actor=help_.helper, reference=shared.reference)
    mandates.take(actor=help_.colleague, reference=shared.reference)
    assert helper_of(shared) == [str(help_.ali.id)]


# The text.


def test_the_text_shown_is_kept_sealed_with_its_hash(help_):
    named_agent(help_.zoe, organisation=help_.body.id, given="Zoé", family="Martin")
    mandate = help_.given(easy=True)
    told = text_kept(mandate)
    assert text_hash(told) == mandate.text_hash
    assert "Zoé Martin" in " ".join(told)
    assert b"Logement" not in bytes(mandate.text_sealed)


def test_each_word_of_the_terms_is_in_the_hash(help_):
    one = help_.drafted()
    seen = {one.text_hash}
    for changed in ({"themes": ["famille"]}, {"days": 7}, {"limits": []}, {"easy": True}, {"language": "en"}):
        other = help_.drafted(**changed)
        other.reference, other.starts_at = one.reference, one.starts_at
        if "days" not in changed:
            other.ends_at = one.ends_at
        seen.add(text_hash(text_of(other)))
    assert len(seen) >= 5  # the English is made of the same words until it is translated


def test_what_is_confirmed_is_what_was_shown(help_):
    draft = help_.drafted()
    with pytest.raises(TextChanged):
        mandates.confirm_in_person(actor=help_.me, code=screen_code(draft), seen="0" * 64)
    Organisation.objects.filter(pk=help_.body.id).update(name={"fr": "Autre maison"})
    with pytest.raises(TextChanged):
        mandates.confirm_in_person(actor=help_.me, code=screen_code(draft), seen=draft.text_hash)
    draft.refresh_from_db()
    assert draft.confirmed_at is None


# Evidence: presence.


def test_a_draft_opens_nothing(help_):
    draft = help_.drafted()
    assert known.in_hand(help_.helper, str(draft.pk)) is None
    with pytest.raises(MandateUnknown):
        mandates.take(actor=help_.helper, reference=draft.reference)


def test_the_resident_confirms_beside_the_helper(help_):
    mandate = help_.confirmed()
    assert mandate.principal_id == help_.resident.id
    assert mandate.evidence == "presence"
    assert principal_name(mandate) == "Lou"
    assert known.in_hand(help_.helper, str(mandate.pk)).principal == str(help_.resident.id)
    told = Entry.objects.get(action="mandate.confirm")
    assert (told.subject_id, told.actor_id) == (help_.resident.id, help_.resident.id)


def test_a_code_on_the_screen_is_good_for_minutes_and_once(help_, later):
    draft = help_.drafted()
    code = screen_code(draft).lower().replace("-", " ")
    mandates.confirm_in_person(actor=help_.me, code=code, seen=draft.text_hash)
    with pytest.raises(WrongCode):
        mandates.confirm_in_person(actor=help_.me, code=code, seen=draft.text_hash)
    other = help_.drafted()
    later(minutes=21)
    with pytest.raises(WrongCode):
        mandates.confirm_in_person(actor=help_.me, code=screen_code(other), seen=other.text_hash)


# Evidence: a code sent.


@pytest.fixture
def coded(help_):
    verified_contact(help_.resident, "lou@example.org")
    return mandates.prepare(actor=help_.helper, terms=terms(), evidence="code", contact=" LOU@example.org ")


def test_a_code_sent_to_the_residents_own_address_confirms(help_, monkeypatch):
    sent = letters(monkeypatch)
    verified_contact(help_.resident, "lou@example.org")
    coded = mandates.prepare(actor=help_.helper, terms=terms(), evidence="code", contact=" LOU@example.org ")
    assert [(each.to, each.code) for each in sent] == [("lou@example.org", sent_code(coded))]
    assert all(each in words(sent[0]) for each in ("maison", "Logement", coded.reference))
    mandate = mandates.confirm_by_code(actor=help_.helper, reference=coded.reference, code=sent_code(coded), name="Lou")
    assert mandate.principal_id == help_.resident.id
    assert known.in_hand(help_.helper, str(mandate.pk))


def test_five_wrong_codes_and_the_draft_is_spent(help_, coded):
    for number in range(5):
        with pytest.raises(WrongCode):
            mandates.confirm_by_code(actor=help_.helper, reference=coded.reference, code=f"00000{number}x")
    with pytest.raises(WrongCode):
        mandates.confirm_by_code(actor=help_.helper, reference=coded.reference, code=sent_code(coded))
    coded.refresh_from_db()
    assert (coded.confirmed_at, coded.code_tries) == (None, 5)


def test_a_code_sent_is_good_for_minutes(help_, coded, later):
    code = sent_code(coded)
    later(minutes=21)
    with pytest.raises(WrongCode):
        mandates.confirm_by_code(actor=help_.helper, reference=coded.reference, code=code)


def test_a_helper_does_not_learn_whether_an_address_is_known(help_):
    draft = mandates.prepare(actor=help_.helper, terms=terms(), evidence="code", contact="nobody@example.org")
    assert draft.principal_id is None
    with pytest.raises(WrongCode) as refused:
        mandates.confirm_by_code(actor=help_.helper, reference=draft.reference, code=sent_code(draft))
    assert "pas le code" in str(refused.value.sentence)


@pytest.mark.parametrize("spoil", ["unverified", "shared"])
def test_a_code_goes_to_one_proven_address_only(help_, spoil):
    point = verified_contact(help_.resident, "06 11 22 33 44")
    if spoil == "unverified":
        ContactPoint.objects.filter(pk=point.pk).update(verified_at=None)
    else:
        verified_contact(people.resident(), "+33611223344")
    draft = mandates.prepare(actor=help_.helper, terms=terms(), evidence="code", contact="0611223344")
    assert draft.principal_id is None


def test_another_body_cannot_type_the_code(help_, coded):
    other = people.organisation("ailleurs", kind="help", themes=["logement"])
    stranger = people.actor(people.agent(organisation=other, roles=(HELPER,)), organisation=other.id)
    with pytest.raises(MandateUnknown):
        mandates.confirm_by_code(actor=stranger, reference=coded.reference, code=sent_code(coded))


# Evidence: paper, four eyes.


@pytest.fixture
def on_paper(help_):
    return mandates.prepare(actor=help_.helper, terms=terms(), evidence="paper", paper="Dossier 12", name="Mme Roux")


def test_a_second_agent_confirms_the_paper(help_, on_paper):
    assert known.in_hand(help_.helper, str(on_paper.pk)) is None
    with pytest.raises(NotAllowed):
        mandates.witness(actor=help_.helper, reference=on_paper.reference)
    mandate = mandates.witness(actor=help_.colleague, reference=on_paper.reference)
    assert (mandate.created_by_id, mandate.confirmed_by_id) == (help_.zoe.id, help_.ali.id)
    assert principal_name(mandate) == "Mme Roux"
    assert b"Dossier" not in bytes(mandate.evidence_sealed)
    assert known.in_hand(help_.helper, str(mandate.pk))


def test_the_colleague_is_of_the_same_body_and_a_helper(help_, on_paper):
    other = people.organisation("ailleurs", kind="help", themes=["logement"])
    stranger = people.actor(people.agent(organisation=other, roles=(HELPER,)), organisation=other.id)
    clerk = people.actor(people.agent(organisation=help_.body), organisation=help_.body.id)
    for actor in (stranger, clerk):
        with pytest.raises((MandateUnknown, NotAllowed)):
            mandates.witness(actor=actor, reference=on_paper.reference)


def test_a_mandate_in_presence_is_not_witnessed(help_):
    with pytest.raises(MandateNotReady):
        mandates.witness(actor=help_.colleague, reference=help_.drafted().reference)


@pytest.mark.parametrize(("left", "field"), [({"paper": " "}, "paper"), ({"name": ""}, "name")])
def test_a_paper_has_a_reference_and_a_name(help_, left, field):
    with pytest.raises(BadInput) as refused:
        mandates.prepare(actor=help_.helper, terms=terms(), evidence="paper", **({"paper": "x", "name": "y"} | left))
    assert refused.value.field == field


# What does not hold any more.


def test_it_begins_and_ends(help_, later):
    mandate = help_.given()
    later(hours=23, minutes=59)
    assert known.in_hand(help_.helper, str(mandate.pk))
    later(minutes=1, seconds=1)
    assert known.in_hand(help_.helper, str(mandate.pk)) is None


def test_a_helper_who_leaves_holds_nothing(help_):
    mandate = help_.given()
    membership = help_.zoe.memberships.get()
    RoleGrant.objects.filter(membership=membership).update(until=clock.now())
    assert known.in_hand(help_.helper, str(mandate.pk)) is None


def test_a_body_that_is_closed_or_loses_its_themes_holds_nothing(help_):
    mandate = help_.given(themes=["logement", "famille"])
    Organisation.objects.filter(pk=help_.body.id).update(themes=["famille"])
    assert known.in_hand(help_.helper, str(mandate.pk)).scope == {"famille"}
    Organisation.objects.filter(pk=help_.body.id).update(themes=["justice"])
    assert known.in_hand(help_.helper, str(mandate.pk)) is None
    Organisation.objects.filter(pk=help_.body.id).update(themes=list(THEMES), active=False)
    assert (
        known.in_hand(people.actor(help_.zoe, organisation=help_.body.id, roles=frozenset({HELPER})), str(mandate.pk))
        is None
    )


def test_the_erased_give_nothing(help_):
    mandate = help_.given()
    help_.resident.erased_at = clock.now()
    help_.resident.save()
    assert known.in_hand(help_.helper, str(mandate.pk)) is None


def test_a_colleague_who_is_not_named_holds_nothing(help_):
    assert known.in_hand(help_.colleague, str(help_.given().pk)) is None


def test_extending_is_another_mandate(help_):
    first = help_.given()
    second = help_.given(days=7)
    assert first.pk != second.pk
    first.refresh_from_db()
    assert first.ends_at - first.starts_at == timedelta(days=1)
