"""The point of the morning: who manages is told how much is late, others when they ask; nothing of anybody."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from lacydon.capabilities.requests.jobs.desk import tell_lateness
from lacydon.capabilities.requests.models import Preferences, Request
from lacydon.capabilities.trust.models import ContactKind, ContactPoint
from lacydon.capabilities.trust.queries.contacts import contact_place
from lacydon.capabilities.trust.queries.keys import seal_for
from lacydon.kernel.clock import now
from tests.capabilities.requests import made
from tests.capabilities.trust import people
from tests.markup import read

pytestmark = pytest.mark.django_db
MANAGER, CLERK = "chef@ville.example", "clerc@ville.example"


def staff(email: str, role: str, organisation: str = made.BODY):
    person = people.agent(organisation=people.organisation(organisation), roles=(role,))
    sealed = seal_for(person.pk, email, place=contact_place(person=person.pk, kind=ContactKind.EMAIL))
    ContactPoint.objects.create(
        person=person, kind=ContactKind.EMAIL, sealed=sealed, verified_at=now(), changed_at=now()
    )
    return people.signed_in(people.visitor(), person, organisation=organisation)


def due(days: float, **fields):
    row = made.opened(**fields).request
    Request.objects.filter(pk=row.pk).update(due_at=now() + timedelta(days=days))
    return row


@pytest.fixture
def morning(settings, tmp_path, django_capture_on_commit_callbacks):
    """The letters of one more morning: to whom, the subject, the words."""
    settings.HOME, settings.PUBLIC_URL = tmp_path, "https://lacydon.example"
    read_already: set[str] = set()

    def letters():
        with django_capture_on_commit_callbacks(execute=True):
            tell_lateness.call()
        new = [each for each in sorted((tmp_path / "mail").glob("*.eml")) if each.name not in read_already]
        read_already.update(each.name for each in new)
        found = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in new]
        return sorted((each["To"], each["Subject"], each.get_body(("plain",)).get_content()) for each in found)

    return letters


def test_who_manages_is_told_how_many_are_late_or_nearly_and_nothing_of_anybody(morning):
    staff(MANAGER, "requests.manager")
    staff(CLERK, "requests.agent")
    staff("autre@ville.example", "requests.manager", made.OTHER)
    assert morning() == []
    rows = [due(-1, words="Ma vie"), due(-3), due(1), due(5), due(-9, organisation="ailleurs")]
    Request.objects.filter(pk=due(-2).pk).update(state="waiting")
    ((to, subject, words),) = morning()
    assert to == MANAGER and "2 demandes en retard" in subject and "1 à répondre" in subject
    assert "2 en retard" in words and "1 d’ici deux jours" in words
    assert "https://lacydon.example/agent/demandes?vue=retard" in words
    assert "Ma vie" not in words and not any(row.number in words for row in rows)


def test_an_agent_asks_for_it_and_who_manages_says_no(morning):
    chief, clerk = staff(MANAGER, "requests.manager"), staff(CLERK, "requests.agent")
    due(-1)
    for there, now_told in ((chief, "Ne plus le recevoir"), (clerk, "Le recevoir")):
        point = read(there.get("/agent/tableau").content.decode()).one("section", id="point")
        assert point.one("button").words == now_told
        answer = there.post("/agent/tableau/point", {"recevoir": point.one("button").attributes["value"]}, follow=True)
        assert read(answer.content.decode()).one("section", id="point").one("button").words != now_told
    assert [to for to, _subject, _words in morning()] == [CLERK]
    assert all("email:decision" in row.wanted for row in Preferences.objects.all())


def test_a_reader_is_not_offered_it():
    there = staff("lit@ville.example", "requests.reader")
    assert not read(there.get("/agent/tableau").content.decode()).all("section", id="point")
