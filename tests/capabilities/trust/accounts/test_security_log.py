"""What whoever watches the logs is told: sign-ins and their refusals, refused accesses, tries to get round a rule.

Each has a line of its own, with nothing of who it was nor of what was typed.
"""

import json
import logging
from datetime import timedelta

import pytest

from lacydon.capabilities.trust.queries import policy
from lacydon.kernel import attempts
from lacydon.kernel.errors import Refused, TooManyRequests
from tests.capabilities.trust.accounts.mailbox import EMAIL, PHRASE, add_application, ask, enter
from tests.capabilities.trust.people import actor, agent, organisation, resident, signed_in, visitor


@pytest.fixture
def told(caplog, db):
    """A function: the lines of security since it was last called, and that none of them says who or what."""
    caplog.set_level(logging.INFO)

    def lines(*secrets: str) -> list[dict]:
        found = [record.msg for record in caplog.records if record.name == "lacydon.security"]
        written = json.dumps([str(record.msg) for record in caplog.records], ensure_ascii=False)
        for each in (EMAIL, PHRASE, *secrets):
            assert each not in written
        caplog.clear()
        return found

    return lines


def names(lines: list[dict]) -> list[tuple]:
    facts = ("way", "action", "code", "what")
    return [(each["event"], *(each[name] for name in facts if name in each)) for each in lines]


def test_sign_ins_that_fail(told):
    browser = visitor()
    browser.post("/connexion/phrase", {"email": EMAIL, "passphrase": PHRASE})
    assert names(told()) == [("sign-in.refused", "passphrase")]
    browser.get(f"/connexion/courriel/{'x' * 43}")
    (line,) = told("x" * 43)
    assert (line["event"], line["way"], line["why"]) == ("sign-in.refused", "link", "unknown")


def test_sign_ins_that_succeed_and_second_factors(told, visit, mailbox, later):
    browser = visit()
    enter(browser, mailbox)
    assert names(told()) == [("sign-in.done", "local")]
    application = add_application(browser)
    told()
    other = visit()
    ask(other)
    other.post(mailbox.link())
    other.post("/connexion/code", {"code": "000000"})
    other.post("/connexion/code", {"code": application.at(later(minutes=2))})
    lines = told()
    assert names(lines) == [
        ("sign-in.refused", "second-factor"),
        ("second-factor.shown", "code"),
        ("sign-in.done", "local"),
    ]
    assert (lines[-1]["kind"], lines[-1]["strong"]) == ("resident", True)


def test_a_sign_in_and_a_sign_out(told):
    person = resident()
    browser = signed_in(visitor(), person)
    told()
    browser.post("/deconnexion")
    assert names(told(str(person))) == [("sign-out.done", "franceconnect")]


def test_which_right_was_missing(told):
    person, town = resident(), organisation()
    with pytest.raises(Refused):
        policy.require(actor=actor(person), action="contest.answer")
    (line,) = told(str(person))
    assert (line["event"], line["action"], line["kind"]) == ("access.refused", "contest.answer", "resident")
    clerk = agent(organisation=town)
    with pytest.raises(Refused):
        policy.require(actor=actor(clerk, organisation=town.id), action="team.manage")
    (line,) = told(str(clerk))
    assert (line["action"], line["organisation"]) == ("team.manage", town.id)
    policy.require(actor=actor(person), action="session.strengthen")
    assert told() == []


def test_tries_to_get_round_a_rule(told, settings):
    browser = visitor()
    browser.post("/connexion/phrase", {"email": EMAIL}, headers={"Sec-Fetch-Site": "cross-site"})
    browser.get("/api/v1/communes", {"inconnu": EMAIL})
    found = told()
    assert ("request.refused", "cross-origin") in names(found)
    assert {each["status"] for each in found} == {403, 400}
    for _try in range(2):
        attempts.spend(what="passphrase", who=EMAIL, most=2, per=timedelta(minutes=1))
    assert told() == []
    with pytest.raises(TooManyRequests):
        attempts.spend(what="passphrase", who=EMAIL, most=2, per=timedelta(minutes=1))
    assert names(told()) == [("attempts.exhausted", "passphrase")]
    settings.RATE_LIMIT = 1
    for _try in range(3):
        browser.get("/journal/key")
    assert ("request.refused", "too-many-requests") in names(told())
    browser.get("/nulle-part")
    assert told() == [], "an address that is not there is no attempt"
