"""What a reader may see of somebody: by a role held now, or under a mandate within its themes."""

import pytest

from lacydon.capabilities.trust.actions import reading
from lacydon.capabilities.trust.actions.journal import record
from lacydon.capabilities.trust.errors import NotAllowed
from lacydon.capabilities.trust.models import Entry
from lacydon.capabilities.trust.queries import accesses
from lacydon.kernel.access import MACHINE
from tests.capabilities.trust import lives
from tests.capabilities.trust.people import actor, agent, organisation, resident, signed_in
from tests.markup import read

pytestmark = pytest.mark.django_db
PAGE = "/mon-espace/acces"


@pytest.fixture
def person():
    return resident()


@pytest.fixture
def town():
    return organisation("commune-97001")


def test_the_history_under_a_mandate_is_cut_by_its_themes(client, person):
    """A helper for housing does not read that the income was looked at, nor where the person signs in."""
    house = organisation("maison", kind="help")
    helper = agent(organisation=house, roles=("trust.helper",))
    held = lives.mandate(person, helper, organisation=house, scope=("logement",))
    seen = record(actor=MACHINE, subject=str(person.id), action="proof.use", purpose="housing-request")
    theme = record(actor=MACHINE, subject=str(person.id), action="proof.use", purpose="logement")
    under = record(actor=lives.under(actor(helper, organisation=house.id), held), action="proof.give", purpose="argent")
    hidden = record(actor=MACHINE, subject=str(person.id), action="contact.read", purpose="income-based-rate")
    acting = lives.under(actor(helper, organisation=house.id), held)
    assert set(accesses.by_others(acting)) == {seen, theme, under}
    assert not accesses.by_oneself(acting).exists(), "sign-ins are the person's own"
    assert [name for name, _words in accesses.choices(acting)[1]] == ["proof.give", "proof.use"]
    assert {hidden, seen} <= set(accesses.by_others(actor(person)))
    browser = signed_in(client, helper, organisation=house.id, mandate=str(held.pk))
    assert browser.get(f"{PAGE}/{hidden.pk}/preuve").status_code == 404
    assert "a lu vos coordonnées" not in read(browser.get(PAGE).content.decode()).one("main").words


@pytest.mark.parametrize(
    ("held", "asked", "opens"),
    [
        ((), None, False),
        ((), frozenset({"requests.clerk"}), False),
        (("trust.helper",), None, True),
        (("trust.helper",), frozenset({"requests.clerk"}), False),
        (("requests.clerk",), frozenset({"requests.clerk", "requests.chief"}), True),
    ],
)
def test_an_agent_reads_by_a_role_and_not_by_membership_alone(person, town, held, asked, opens):
    lives.contact(person, "jeanne@exemple.example")
    wanted = {"person": str(person.id), "kind": "email", "purpose": "request-follow-up", "case": "request:R-1"}
    reader = lives.reader(town, roles=held)
    if opens:
        assert reading.read_contact_point(actor=reader, roles=asked, **wanted) == "jeanne@exemple.example"
        return
    with pytest.raises(NotAllowed):
        reading.read_contact_point(actor=reader, roles=asked, **wanted)
    assert not Entry.objects.filter(action="contact.read").exists()
