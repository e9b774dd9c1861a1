"""Parents, guardians, representatives: declared, checked by an agent of an authority."""

from datetime import date

import pytest

from lacydon.capabilities.trust.actions import mandates
from lacydon.capabilities.trust.errors import MandateNotReady, MandateUnknown, NotAllowed
from lacydon.capabilities.trust.models import Identity, Mandate
from lacydon.capabilities.trust.queries import mandates as known
from lacydon.kernel import clock
from lacydon.kernel.errors import BadInput, Forbidden
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import moving_clock, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return people.organisation("mairie")


@pytest.fixture
def verifier(town):
    return people.actor(people.agent(organisation=town, roles=("trust.verifier",)), organisation=town.id)


@pytest.fixture
def parent():
    return people.actor(people.resident())


def child(parent, **changed):
    born = date(clock.today().year - 10, 5, 3)
    return mandates.declare_child(
        actor=parent,
        **({"me": "Dan Roux", "name": "Iris Roux", "born": born, "paper": "Acte 7", "authority": "mairie"} | changed),
        terms=terms(themes=["famille"]),
    )


def guardian(actor, **changed):
    until = date(clock.today().year + 3, 1, 31)
    return mandates.declare_guardian(
        actor=actor,
        **({"me": "Dan", "name": "Léo", "until": until, "paper": "RG 1", "authority": "mairie"} | changed),
        terms=terms(themes=["argent"]),
    )


def company(actor, **changed):
    return mandates.declare_company(
        actor=actor,
        **({"me": "Dan", "name": "SARL", "siren": "732 829 320", "paper": "Kbis", "authority": "mairie"} | changed),
        terms=terms(themes=["argent"]),
    )


@pytest.mark.parametrize("declare", [child, guardian, company])
def test_nothing_holds_before_an_agent_has_seen_the_document(town, verifier, parent, declare):
    draft = declare(parent)
    assert known.in_hand(parent, str(draft.pk)) is None
    seen = mandates.evidence_for(actor=verifier, reference=draft.reference)
    assert seen["paper"] in ("Acte 7", "RG 1", "Kbis")
    mandates.verify(actor=verifier, reference=draft.reference)
    acting = known.in_hand(parent, str(draft.pk))
    assert (acting.person, acting.principal) == (parent.person, str(draft.principal_id))
    assert mandates.take(actor=parent, reference=draft.reference).delegated


@pytest.mark.parametrize("declare", [child, guardian, company])
def test_only_an_agent_of_that_authority_with_the_role_checks(town, parent, declare):
    draft = declare(parent)
    elsewhere = people.organisation("ailleurs")
    stranger = people.actor(people.agent(organisation=elsewhere, roles=("trust.verifier",)), organisation="ailleurs")
    clerk = people.actor(people.agent(organisation=town, roles=("trust.helper",)), organisation=town.id)
    for actor in (stranger, clerk, parent):
        for act in (mandates.verify, mandates.refuse, mandates.evidence_for):
            with pytest.raises((MandateUnknown, Forbidden)):
                act(actor=actor, reference=draft.reference)
    assert known.in_hand(parent, str(draft.pk)) is None


def test_nobody_checks_their_own(town):
    agent = people.actor(people.agent(organisation=town, roles=("trust.verifier",)), organisation=town.id)
    draft = child(agent)
    with pytest.raises(NotAllowed):
        mandates.verify(actor=agent, reference=draft.reference)


def test_a_refused_document_closes_the_draft(town, verifier, parent):
    draft = child(parent)
    mandates.refuse(actor=verifier, reference=draft.reference)
    with pytest.raises(MandateUnknown):
        mandates.verify(actor=verifier, reference=draft.reference)


def test_it_ends_at_majority(town, verifier, parent, monkeypatch):
    born = date(clock.today().year - 18, 12, 31)
    draft = child(parent, born=born)
    assert draft.ends_at.astimezone(clock.LOCAL).date() == born.replace(year=born.year + 18)
    mandates.verify(actor=verifier, reference=draft.reference)
    assert known.in_hand(parent, str(draft.pk))
    moving_clock(monkeypatch)(days=60)
    assert known.in_hand(parent, str(draft.pk)) is None


def test_somebody_of_age_or_not_born_is_no_child(town, parent):
    today = clock.today()
    for born in (today.replace(year=today.year - 18), date(today.year + 1, 1, 1)):
        with pytest.raises(BadInput) as refused:
            child(parent, born=born)
        assert refused.value.field == "born"


def test_each_parent_has_a_mandate_for_the_same_child(town, verifier, parent):
    first = child(parent)
    mandates.verify(actor=verifier, reference=first.reference)
    other = people.actor(people.resident())
    with pytest.raises(BadInput):
        child(other, with_reference=first.reference, born=date(2020, 1, 1))
    second = child(other, with_reference=first.reference.lower())
    assert second.principal_id == first.principal_id
    mandates.verify(actor=verifier, reference=second.reference)
    assert known.in_hand(parent, str(first.pk))
    assert known.in_hand(other, str(second.pk))
    with pytest.raises(MandateNotReady):
        child(other, with_reference=first.reference)


def test_an_unchecked_child_cannot_be_joined(town, parent):
    first = child(parent)
    with pytest.raises(BadInput):
        child(people.actor(people.resident()), with_reference=first.reference)


def test_a_protected_person_contests_and_does_not_revoke_alone(town, verifier, parent):
    mandate = guardian(parent)
    mandates.verify(actor=verifier, reference=mandate.reference)
    protected = people.actor(people.Person.objects.get(pk=mandate.principal_id))
    with pytest.raises(NotAllowed):
        mandates.revoke(actor=protected, reference=mandate.reference)
    with pytest.raises(BadInput):
        mandates.contest(actor=protected, reference=mandate.reference, words=" ")
    kept = mandates.contest(actor=protected, reference=mandate.reference, words="Je ne veux pas.")
    assert kept.contested_at
    assert b"veux" not in bytes(kept.contest_sealed)
    assert known.in_hand(parent, str(mandate.pk))
    mandates.renounce(actor=parent, reference=mandate.reference)
    assert known.in_hand(parent, str(mandate.pk)) is None


def test_a_judgement_has_a_last_day(town, parent):
    for until in (clock.today(), date(clock.today().year + 30, 1, 1)):
        with pytest.raises(BadInput):
            guardian(parent, until=until)


@pytest.mark.parametrize("siren", ["", "123456789", "73282932", "732829321"])
def test_a_siren_is_checked(town, parent, siren):
    with pytest.raises(BadInput) as refused:
        company(parent, siren=siren)
    assert refused.value.field == "siren"


def test_one_company_is_one_principal(town, verifier, parent):
    drafts = [company(parent), company(people.actor(people.resident()))]
    done = [mandates.verify(actor=verifier, reference=each.reference) for each in drafts]
    assert done[0].principal_id == done[1].principal_id
    assert Identity.objects.filter(provider="siren").count() == 1
    assert all("732829320" not in str(row.__dict__) for row in Identity.objects.all())


@pytest.mark.parametrize(("left", "field"), [("name", "name"), ("paper", "paper"), ("authority", "authority")])
def test_what_is_missing_is_named(town, parent, left, field):
    for declare in (child, guardian, company):
        with pytest.raises(BadInput) as refused:
            declare(parent, **{left: ""})
        assert refused.value.field == field
    assert not Mandate.objects.exists()
