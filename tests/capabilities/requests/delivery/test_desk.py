"""What agents see of handing over, and what they may do about it."""

import pytest
from django.urls import reverse

from lacydon.capabilities.requests.models import Delivery
from lacydon.capabilities.requests.ports import ParcelRefused
from tests.capabilities.requests import made
from tests.capabilities.requests.delivery import handing
from tests.capabilities.trust import people
from tests.markup import read

pytestmark = pytest.mark.django_db
HERE = "/agent/livraisons"


def manager(client, body=made.BODY, role="requests.manager"):
    person = people.agent(organisation=people.organisation(body), roles=(role,))
    return people.signed_in(client, person, organisation=body)


@pytest.fixture
def refused(theirs) -> Delivery:
    """A dead letter."""

    def refuse() -> None:
        raise ParcelRefused("Le champ SIZE manque.")

    row = handing.queued(words="canari")
    theirs.behave = refuse
    handing.work()
    theirs.behave = lambda: None
    return row


def test_a_manager_sees_what_did_not_pass_and_why_without_what_it_says(client, refused):
    page = read(manager(client).get(HERE).content.decode())
    assert refused.request.number in page.text and "Le champ SIZE manque." in page.text
    assert "canari" not in page.text
    assert "route-0" in page.text and "Ne marche plus depuis" in page.text


def test_what_is_tried_again_by_itself_is_shown_apart(client, theirs):
    theirs.behave = handing.away
    row = handing.queued()
    handing.work()
    text = read(manager(client).get(HERE).content.decode()).text
    assert row.request.number in text and "Retentées toutes seules" in text and "Rien à décider" in text


def test_the_page_of_a_request_says_where_it_is_on_its_way(client, refused, theirs):
    def said(number: str, browser) -> str:
        return read(browser.get(f"/agent/demandes/{number}").content.decode()).text

    leader, agent = manager(client), manager(people.visitor(), role="requests.agent")
    number = refused.request.number
    assert "Le champ SIZE manque." in said(number, leader) and "Décider\xa0: rejouer" in said(number, leader)
    assert "Le responsable des demandes décide" in said(number, agent)
    leader.post(reverse("delivery-keep", kwargs={"id": refused.pk}))
    assert "votre logiciel" not in said(number, leader).lower()
    theirs.behave = handing.away
    row = handing.queued()
    handing.work()
    assert "elle n’y est pas encore" in said(row.request.number, agent)
    theirs.behave = lambda: None
    row = handing.queued()
    handing.work()
    assert "Cette demande est dans votre logiciel" in said(row.request.number, agent)


def test_an_organisation_sees_its_own(client, refused):
    text = read(manager(client, made.OTHER).get(HERE).content.decode()).text
    assert refused.request.number not in text and "Vos demandes se traitent sur la plateforme" in text


@pytest.mark.parametrize("role", ["requests.agent", "requests.reader", "trust.manager"])
def test_who_is_no_manager_does_not(client, refused, role):
    visitor = manager(client, role=role)
    assert visitor.get(HERE).status_code == 403
    assert visitor.post(reverse("delivery-replay", kwargs={"id": refused.pk})).status_code == 403
    refused.refresh_from_db()
    assert refused.state == "dead"


def test_it_is_replayed(client, refused, theirs):
    visitor = manager(client)
    answer = visitor.post(reverse("delivery-replay", kwargs={"id": refused.pk}), follow=True)
    assert "Elle repart maintenant." in answer.content.decode()
    handing.work()
    refused.refresh_from_db()
    assert refused.state == "accepted"
    again = visitor.post(reverse("delivery-replay", kwargs={"id": refused.pk}), follow=True)
    assert "pas qu’on la rejoue" in again.content.decode()


def test_all_are_replayed_and_only_ours(client, theirs):
    def refuse() -> None:
        raise ParcelRefused("Non.")

    handing.routes({}, {"id": "other", "authority": made.OTHER})
    rows = [handing.queued(), handing.queued(), handing.queued(organisation=made.OTHER)]
    theirs.behave = refuse
    handing.work()
    answer = manager(client).post(reverse("deliveries-replay"), follow=True)
    assert "2 transmissions repartent" in answer.content.decode()
    assert [Delivery.objects.get(pk=row.pk).state for row in rows] == ["queued", "queued", "dead"]


def test_it_is_kept_here(client, refused):
    answer = manager(client).post(reverse("delivery-keep", kwargs={"id": refused.pk}), follow=True)
    assert "un agent peut la traiter ici" in answer.content.decode()
    refused.refresh_from_db()
    assert refused.state == "kept"


def test_a_manager_of_another_authority_decides_nothing(client, refused):
    visitor = manager(client, made.OTHER)
    for name in ("delivery-replay", "delivery-keep"):
        visitor.post(reverse(name, kwargs={"id": refused.pk}))
    refused.refresh_from_db()
    assert refused.state == "dead"
    answer = visitor.post(reverse("delivery-check", kwargs={"route": "route-0"}), follow=True)
    assert "pas celle de votre organisme" in answer.content.decode()


def test_a_way_is_checked_now(client, refused):
    answer = manager(client).post(reverse("delivery-check", kwargs={"route": "route-0"}), follow=True)
    assert "Le logiciel de la mairie répond." in answer.content.decode()
    assert (
        "deliveries.yaml"
        in manager(client).post(reverse("delivery-check", kwargs={"route": "rien"}), follow=True).content.decode()
    )


def test_reading_the_page_asks_for_a_constant_number_of_things(client, theirs, django_assert_max_num_queries):
    def refuse() -> None:
        raise ParcelRefused("Non.")

    theirs.behave = refuse
    for _each in range(12):
        handing.queued()
    handing.work()
    visitor = manager(client)
    visitor.get(HERE)
    with django_assert_max_num_queries(14):
        visitor.get(HERE)
