"""Attacks on the ways in: a session left open must not become a door that stays open."""

import pytest

from lacydon.capabilities.trust.actions.people import link_identity, unlink_identity
from lacydon.capabilities.trust.models import Identity, LocalAccount, Session
from lacydon.capabilities.trust.ports import identity_providers
from lacydon.kernel.access import StrongerSignInNeeded
from tests.capabilities.trust.accounts.mailbox import EMAIL, enter
from tests.capabilities.trust.accounts.test_factors import add_application
from tests.capabilities.trust.people import actor, agent, organisation, resident, signed_in
from tests.capabilities.trust.providers import SayingProvider

LINKED = {"issuer": "https://pirate.example", "subject": "pirate", "assurance": 1, "strong": False}


@pytest.fixture
def pirate():
    with identity_providers.only(SayingProvider("pirate")):
        yield


def link(browser, provider="pirate"):
    browser.post(f"/connexion/{provider}/depart", {"lier": "1"})
    return browser.get(f"/connexion/{provider}/retour", {"state": "abc"})


def test_a_session_left_open_links_no_identity_without_the_second_factor(browser, mailbox, later, pirate):
    enter(browser, mailbox)
    add_application(browser)
    later(minutes=16)
    begun = browser.post("/connexion/pirate/depart", {"lier": "1"})
    assert begun["Location"].startswith("/connexion/renforcer")
    browser.get("/connexion/pirate/retour", {"state": "abc"})
    assert not Identity.objects.filter(provider="pirate").exists()


def test_nor_does_it_undo_one(browser, mailbox, later, pirate):
    person = enter(browser, mailbox)
    link(browser)
    add_application(browser)
    later(minutes=16)
    local = Identity.objects.get(person=person, provider="local")
    browser.post(f"/mon-espace/identites/{local.pk}/defaire")
    assert Identity.objects.filter(pk=local.pk).exists()


def test_a_weak_session_links_and_undoes_nothing_by_the_actions_either(browser, mailbox):
    person = enter(browser, mailbox)
    add_application(browser)
    weak = actor(Identity.objects.get(person=person).person, strong=False)
    with pytest.raises(StrongerSignInNeeded):
        link_identity(actor=weak, provider="pirate", kind="resident", **LINKED)
    with pytest.raises(StrongerSignInNeeded):
        unlink_identity(actor=weak, identity=Identity.objects.get(person=person).pk)


def test_a_link_is_told_to_the_owner_and_ends_the_other_sessions(browser, visit, mailbox, pirate):
    person = enter(browser, mailbox)
    enter(visit(), mailbox)
    assert link(browser)["Location"] == "/mon-espace/identites"
    assert "Un autre compte ouvre maintenant votre espace" in mailbox.last(EMAIL).replace("\xa0", " ")
    assert Session.objects.filter(person=person).count() == 1


@pytest.mark.parametrize("who", ["agent", "resident"])
def test_an_identity_of_another_kind_is_not_linked(visit, who, pirate):
    """An agent who leaves would keep the door of FranceConnect; a resident would become an agent."""
    desk = organisation()
    person = agent(organisation=desk, roles=("trust.manager",)) if who == "agent" else resident()
    browser = signed_in(visit(), person, organisation=desk.id if who == "agent" else "")
    provider = SayingProvider("autre", kind="resident" if who == "agent" else "agent")
    with identity_providers.only(provider):
        page = browser.get(link(browser, "autre")["Location"]).content.decode()
    assert "d’un autre genre" in page
    assert Identity.objects.filter(person=person).count() == 1


def test_who_is_not_signed_in_as_an_agent_chooses_no_organisation(visit):
    desk = organisation()
    person = agent(organisation=desk, roles=("trust.manager",))
    browser = signed_in(visit(), person, kind="resident")
    browser.post("/agent/organisme", {"organisme": desk.id})
    assert not browser.session.get("organisation")


def test_the_way_in_by_e_mail_that_was_undone_opens_nothing_any_more(browser, visit, mailbox, pirate):
    person = enter(browser, mailbox)
    link(browser)
    local = Identity.objects.get(person=person, provider="local")
    browser.post(f"/mon-espace/identites/{local.pk}/defaire")
    assert not LocalAccount.objects.filter(person=person).exists()
    assert enter(visit(), mailbox) != person
    assert not Identity.objects.filter(person=person, provider="local").exists()


@pytest.mark.parametrize("path", ["copie", "effacer"])
def test_a_session_left_open_neither_takes_nor_erases_everything_without_the_second_factor(
    browser, mailbox, later, path
):
    person = enter(browser, mailbox)
    add_application(browser)
    later(minutes=16)
    answer = browser.post(f"/mon-espace/mes-donnees/{path}", {"word": "EFFACER"})
    assert answer.status_code == 302 and answer["Location"].startswith("/connexion/renforcer")
    assert Identity.objects.filter(person=person).exists()


def test_a_way_in_by_e_mail_that_is_added_ends_the_other_sessions_as_its_message_says(visit, mailbox):
    person = resident()
    browser, other = signed_in(visit(), person), signed_in(visit(), person)
    browser.post("/mon-espace/securite/courriel", {"email": EMAIL})
    browser.post(mailbox.link())
    assert "vos autres appareils ont été déconnectés" in mailbox.last().replace("\xa0", " ")
    assert [each.get("/mon-espace/securite").status_code for each in (browser, other)] == [200, 302]
