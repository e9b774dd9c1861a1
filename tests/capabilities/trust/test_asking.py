"""An agent asks somebody for a consent, by an address they proved, on the page that serves for that."""

import pytest

from lacydon.capabilities.trust.actions import consents as acts
from lacydon.capabilities.trust.models import ConsentRequest, Entry
from tests.capabilities.trust.helping import verified_contact
from tests.capabilities.trust.people import agent, organisation, resident, signed_in
from tests.markup import read

PURPOSE, CATEGORY = "income-based-rate", "proof:income-tax"
ADDRESS = "/agent/accords/demander"
FORM = {"contact": "lou@example.org", "purpose": PURPOSE, "categories": [CATEGORY], "days": "31"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return organisation("commune-97001")


@pytest.fixture
def person():
    return resident()


def words(response):
    assert response.status_code == 200
    return read(response.content.decode()).one("main").words


@pytest.fixture
def desk(client, town):
    return signed_in(client, agent(organisation=town, roles=("trust.asker",)), organisation=town.id)


def test_who_proved_the_address_is_asked_and_nobody_is_told_whether_it_is_known(desk, person, town):
    verified_contact(person, "lou@example.org")
    told = words(desk.post(ADDRESS, FORM, follow=True))
    stranger = desk.post(ADDRESS, FORM | {"contact": "inconnu@example.org"}, follow=True)
    assert words(stranger) == told
    made = ConsentRequest.objects.get()
    assert (made.person, made.recipient, made.categories) == (person, town, [CATEGORY])
    assert Entry.objects.filter(action="consent.ask", subject=person).count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("contact", " "), ("purpose", "curiosity"), ("categories", []), ("days", "9999")]
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(desk, field, value):
    shown = desk.post(ADDRESS, FORM | {field: value})
    assert shown.status_code == 422
    assert 'role="alert" id="refusal"' in shown.content.decode()
    assert shown.content.decode().count("refusal") >= 2, "the field says which sentence is about it"
    assert not ConsentRequest.objects.exists()


def test_only_so_many_a_day(desk, monkeypatch):
    monkeypatch.setattr(acts, "ASKED_A_DAY", 1)
    answers = [desk.post(ADDRESS, FORM | {"contact": f"n{number}@example.org"}) for number in range(2)]
    assert [each.status_code for each in answers] == [302, 429]
