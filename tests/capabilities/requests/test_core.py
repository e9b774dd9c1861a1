"""A request is opened once, seen by who may, written to by one at a time, and every opening is in the journal."""

from uuid import uuid4

import pytest

from lacydon.capabilities.requests import public as requests
from lacydon.capabilities.requests.actions.moving import changing
from lacydon.capabilities.requests.models import Outcome, Request, RequestState
from lacydon.capabilities.requests.queries.requests import requests_of
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel.access import MACHINE, NOBODY
from tests.capabilities.requests import made

pytestmark = pytest.mark.django_db


def test_the_same_submission_gives_the_same_request_and_secret():
    key = uuid4()
    first, again = made.opened(submission=key), made.opened(submission=key)
    assert again.again and not first.again
    assert (first.request.pk, first.secret) == (again.request.pk, again.secret)
    assert Request.objects.count() == 1


def test_what_was_answered_is_read_by_its_maker_and_by_the_agent_in_charge_whose_access_is_noted():
    resident = made.resident()
    number = made.opened(actor=resident, words="Le bac est cassé").request.number
    assert requests.read_request(actor=resident, number=number).answers == {"mots": "Le bac est cassé"}
    assert not Entry.objects.filter(action="request.read").exists()
    agent = made.agent()
    assert requests.read_request(actor=agent, number=number).answers == {"mots": "Le bac est cassé"}
    entry = Entry.objects.get(action="request.read")
    assert (str(entry.actor), str(entry.subject)) == (agent.person, resident.person)


@pytest.mark.parametrize("who", ["another resident", "agent elsewhere", "agent without a role", "nobody"])
def test_a_request_does_not_exist_for_who_may_not_see_it(who):
    number = made.opened(actor=made.resident()).request.number
    visitor = {
        "another resident": made.resident,
        "agent elsewhere": lambda: made.agent(made.OTHER),
        "agent without a role": lambda: made.agent(roles=()),
        "nobody": lambda: NOBODY,
    }[who]()
    with pytest.raises(requests.UnknownRequest):
        requests.read_request(actor=visitor, number=number)
    with pytest.raises(requests.UnknownRequest), changing(actor=visitor, action="request.handle", number=number):
        pytest.fail("written to")


def test_nothing_of_what_was_answered_lies_open_in_the_database():
    row = made.opened(words="canari").request
    row.refresh_from_db()
    assert b"canari" not in bytes(row.sealed) + bytes(row.wrapped)


def test_the_second_of_two_agents_who_read_the_same_request_is_refused():
    number = made.opened().request.number
    one, two = made.agent(), made.agent()
    with changing(actor=one, action="request.handle", number=number, revision=0) as change:
        change.move(RequestState.IN_PROGRESS)
    with (
        pytest.raises(requests.ChangedMeanwhile),
        changing(actor=two, action="request.handle", number=number, revision=0) as change,
    ):
        pytest.fail("written over")
    assert Request.objects.get().state == RequestState.IN_PROGRESS


def test_a_write_that_fails_leaves_nothing():
    number = made.opened().request.number
    before = Entry.objects.count()
    with (
        pytest.raises(ZeroDivisionError),
        changing(actor=made.agent(), action="request.handle", number=number) as change,
    ):
        change.note("noted", words="perdu")
        raise ZeroDivisionError
    row = Request.objects.get()
    assert (row.revision, row.steps_count, row.steps.count()) == (0, 1, 1)
    assert not Entry.objects.filter(action="request.handle").exists() and Entry.objects.count() >= before


def test_the_secret_opens_it_without_an_account_however_it_is_typed():
    opened = made.opened(words="sans compte")
    typed = opened.request.number.replace("-", " ").lower()
    assert requests.read_by_secret(number=typed, secret=opened.secret.lower().replace("-", " ")).answers == {
        "mots": "sans compte"
    }
    with pytest.raises(requests.UnknownRequest):
        requests.read_by_secret(number=typed, secret="WRONG-WRONG-WRNG")
    with changing(actor=NOBODY, secret=opened.secret, action="request.write", number=typed) as change:
        change.note("message", words="merci")
    assert Request.objects.get().steps.last().by_kind == "resident"


def test_the_secret_opens_nothing_that_an_agent_does():
    opened = made.opened()
    number = opened.request.number
    for action in ("request.handle", "request.decide", "request.transfer", "request.follow"):
        with (
            pytest.raises(requests.UnknownRequest),
            changing(actor=NOBODY, secret=opened.secret, action=action, number=number) as change,
        ):
            change.close(Outcome.ACCEPTED)


def test_the_machine_writes_in_the_name_of_the_authority():
    number = made.opened().request.number
    with changing(actor=MACHINE, action="request.deliver", number=number, by_kind="authority") as change:
        change.close(Outcome.SOLVED)
    assert Entry.objects.get(action="request.deliver").organisation == made.BODY
    assert Request.objects.get().outcome == Outcome.SOLVED


def test_the_legal_clock_stands_still_while_the_resident_is_waited_for(monkeypatch):
    from datetime import timedelta

    from lacydon.kernel import clock

    number = made.opened(form=made.form("avec-delai", promised="P10D")).request.number
    due, agent, moment = Request.objects.get().due_at, made.agent(), clock.now()
    with changing(actor=agent, action="request.handle", number=number) as change:
        change.move(RequestState.WAITING)
    later = "lacydon.capabilities.requests.actions.moving.now"
    monkeypatch.setattr(later, lambda: moment + timedelta(days=3))
    with changing(actor=agent, action="request.handle", number=number) as change:
        change.move(RequestState.IN_PROGRESS)
    moved = Request.objects.get().due_at - due
    assert timedelta(days=2, hours=23) < moved < timedelta(days=3, hours=1)


def test_a_resident_lists_theirs_and_nobody_elses():
    resident = made.resident()
    mine = made.opened(actor=resident).request
    made.opened(actor=made.resident())
    made.opened()
    assert list(requests_of(resident)) == [mine]
    assert list(requests_of(NOBODY)) == []
