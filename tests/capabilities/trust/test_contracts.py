"""Sharing contracts: proposed by one, accepted by the other; each read under one is told to the resident."""

from datetime import timedelta

import pytest

from lacydon.capabilities.trust.actions import contracts as acts
from lacydon.capabilities.trust.actions.reading import use_proof
from lacydon.capabilities.trust.errors import NoContract, NotAllowed
from lacydon.capabilities.trust.models import Entry, SharingContract
from lacydon.kernel.clock import now, today
from lacydon.kernel.errors import Conflict, NotFound
from tests.capabilities.trust import lives
from tests.capabilities.trust.people import agent, organisation, resident, signed_in

pytestmark = pytest.mark.django_db
PURPOSE = "entitlement-check"


@pytest.fixture
def provider():
    return organisation("metropole", kind="metropole", name={"fr": "La Métropole"})


@pytest.fixture
def recipient():
    return organisation("commune-97001", name={"fr": "Ville d’Olivette"})


ADDRESS = "/agent/partages/proposer?organisme=commune-97001"
"""To whom: chosen before the form."""


@pytest.fixture
def form():
    return {
        "purpose": PURPOSE,
        "words": "Calculer le tarif de la cantine sans redemander l’avis d’imposition.",
        "legal_basis": "Code des relations entre le public et l’administration, article L. 114-8.",
        "categories": ["proof:income-tax"],
        "until": (today() + timedelta(days=100)).isoformat(),
    }


@pytest.fixture
def officer(provider):
    return agent(organisation=provider, roles=("trust.protection",))


@pytest.fixture
def other(recipient):
    return agent(organisation=recipient, roles=("trust.protection",))


@pytest.fixture
def proposed(client, officer, provider, recipient, form):
    assert signed_in(client, officer, organisation=provider.id).post(ADDRESS, form).status_code == 302
    return SharingContract.objects.get()


def test_it_holds_once_both_agreed_until_one_ends_it(client, proposed, other, recipient, officer, provider):
    person = resident()
    lives.proof(person)
    clerk = lives.reader(recipient)
    asked = {"actor": clerk, "person": str(person.id), "kind": "income-tax", "purpose": PURPOSE}
    with pytest.raises(NoContract):
        use_proof(**asked)
    signed_in(client, other, organisation=recipient.id)
    assert "La Métropole → Ville d’Olivette" in client.get("/agent/partages").content.decode()
    client.post(f"/agent/partages/{proposed.pk}", {"faire": "accepter"})
    assert use_proof(**asked).content == lives.PDF
    entry = Entry.objects.get(action="proof.use")
    assert entry.basis == f"contract:{proposed.pk}"
    assert str(proposed.pk)[:8] in signed_in(client, person).get("/mon-espace/acces").content.decode()
    signed_in(client, officer, organisation=provider.id).post(f"/agent/partages/{proposed.pk}", {"faire": "finir"})
    with pytest.raises(NoContract):
        use_proof(**asked)


@pytest.mark.parametrize("change", ["recipient", "purpose", "category", "over", "provider"])
def test_it_is_for_just_that(proposed, recipient, provider, change):
    SharingContract.objects.update(accepted_at=now())
    person = resident()
    lives.proof(person)
    lives.proof(person, kind="caf")
    asked = {"actor": lives.reader(recipient), "person": str(person.id), "kind": "income-tax", "purpose": PURPOSE}
    assert use_proof(**asked)
    if change == "recipient":
        asked["actor"] = lives.reader(provider)
    elif change == "purpose":
        SharingContract.objects.update(purpose="request-follow-up")
    elif change == "category":
        asked["kind"] = "caf"
    elif change == "over":
        SharingContract.objects.update(since=now() - timedelta(days=9), until=now() - timedelta(days=1))
    else:
        provider.active = False
        provider.save()
    with pytest.raises(NoContract):
        use_proof(**asked)


def test_the_provider_does_not_accept_for_the_other(proposed, officer, provider):
    from tests.capabilities.trust.people import actor

    with pytest.raises(NotAllowed):
        acts.accept_contract(actor=actor(officer, organisation=provider.id), contract=str(proposed.pk))


def test_a_third_organisation_neither_sees_nor_touches(client, proposed):
    from tests.capabilities.trust.people import actor

    third = organisation("commune-97002")
    who = agent(organisation=third, roles=("trust.protection",))
    assert (
        "Olivette"
        not in signed_in(client, who, organisation=third.id)
        .get("/agent/partages")
        .content.decode()
        .split("Proposer un contrat")[0]
    )
    for act in (acts.accept_contract, acts.end_contract):
        with pytest.raises(NotFound):
            act(actor=actor(who, organisation=third.id), contract=str(proposed.pk))


def test_accepted_once_and_not_after_its_end(proposed, other, recipient):
    from tests.capabilities.trust.people import actor

    accepting = actor(other, organisation=recipient.id)
    acts.accept_contract(actor=accepting, contract=str(proposed.pk))
    with pytest.raises(Conflict):
        acts.accept_contract(actor=accepting, contract=str(proposed.pk))
    acts.end_contract(actor=accepting, contract=str(proposed.pk))
    acts.end_contract(actor=accepting, contract=str(proposed.pk))
    assert Entry.objects.filter(action="contract.end").count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": "income-based-rate"}, {"categories": []},
        {"categories": ["proof:soul"]}, {"words": "x"}, {"legal_basis": ""}, {"until": ""}, {"until": "2020-01-01"},
        {"until": "2999-01-01"}, {"until": "0000-99-99"},
    ],
)  # fmt: skip
def test_what_is_missing_is_said(client, officer, provider, recipient, form, change):
    response = signed_in(client, officer, organisation=provider.id).post(ADDRESS, form | change)
    assert response.status_code == 422
    assert not SharingContract.objects.exists()


def test_one_s_own_organisation_is_not_offered(client, officer, provider, recipient):
    shown = signed_in(client, officer, organisation=provider.id).get("/agent/partages/proposer").content.decode()
    assert f"?organisme={recipient.id}" in shown
    assert f"?organisme={provider.id}" not in shown


@pytest.mark.parametrize("role", ["trust.helper", "trust.manager"])
def test_only_data_protection_makes_contracts(client, provider, form, role):
    who = agent(organisation=provider, roles=(role,))
    assert signed_in(client, who, organisation=provider.id).get("/agent/partages").status_code == 403
    assert client.post(ADDRESS, form).status_code == 403
