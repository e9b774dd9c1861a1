"""Without a second factor, what opens a space changes only just after a sign-in: a stolen session adds no door."""

from datetime import timedelta

import pytest

from lacydon.capabilities.trust.actions import factors
from lacydon.capabilities.trust.actions.people import link_identity
from lacydon.capabilities.trust.errors import FreshSignInNeeded
from lacydon.capabilities.trust.models import Authenticator, Identity, OneTimeLink, Person, Session
from lacydon.capabilities.trust.ports import identity_providers
from lacydon.kernel.clock import now
from tests.capabilities.trust.accounts.mailbox import add_application, ask, enter
from tests.capabilities.trust.people import actor, agent, organisation, resident, signed_in
from tests.capabilities.trust.providers import SayingProvider

AGAIN = "/connexion/encore"
APPLICATION = "/mon-espace/securite/application"
ADDING = (APPLICATION, "/mon-espace/securite/cles/nouvelle", "/mon-espace/securite/courriel")


@pytest.fixture
def provider():
    here, other = SayingProvider(), SayingProvider("autre")
    with identity_providers.only(here, other):
        yield here


def by(browser, provider, **form):
    browser.post(f"/connexion/{provider.id}/depart", form)
    return browser.get(f"/connexion/{provider.id}/retour", {"state": "abc"})


@pytest.mark.parametrize("kind", ["resident", "agent"])
@pytest.mark.parametrize("strong", [False, True])
def test_an_old_sign_in_adds_no_way_in_whatever_its_provider_said(visit, kind, strong):
    desk = organisation()
    person = agent(organisation=desk) if kind == "agent" else resident()
    old = (now() - timedelta(minutes=11)).isoformat()
    browser = signed_in(visit(), person, signed_in_at=old, strong=strong)
    for path in ADDING:
        assert browser.get(path)["Location"].startswith(f"{AGAIN}?suite="), path
    assert browser.post(APPLICATION, {"code": "000000"})["Location"].startswith(AGAIN)
    assert not Authenticator.objects.exists()
    late = actor(person, signed_in_at=now() - timedelta(minutes=11))
    linked = {"issuer": "https://pirate.example", "subject": "p", "assurance": 1, "strong": False}
    with pytest.raises(FreshSignInNeeded):
        factors.begin_authenticator(actor=late)
    with pytest.raises(FreshSignInNeeded):
        link_identity(actor=late, provider="pirate", kind=kind, **linked)


def test_an_old_sign_in_links_and_undoes_no_identity(browser, provider, later):
    by(browser, provider)
    later(minutes=11)
    other = identity_providers.get("autre")
    begun = browser.post(f"/connexion/{other.id}/depart", {"lier": "1"})
    assert begun["Location"] == f"{AGAIN}?suite=%2Fmon-espace%2Fidentites"
    browser.get(f"/connexion/{other.id}/retour", {"state": "abc"})
    only = Identity.objects.get()
    assert browser.post(f"/mon-espace/identites/{only.pk}/defaire")["Location"].startswith(AGAIN)


def test_the_provider_is_asked_anew_and_leads_back(browser, provider, later):
    by(browser, provider)
    later(minutes=11)
    page = browser.get(browser.get(APPLICATION)["Location"]).content.decode()
    assert "Se reconnecter avec Essai essai" in page
    assert by(browser, provider, encore="1", suite=APPLICATION)["Location"] == APPLICATION
    assert provider.asked_anew
    add_application(browser, at=later())
    assert Authenticator.objects.exists()
    assert Session.objects.filter(person=Person.objects.get()).count() == 1


def test_somebody_else_does_not_sign_in_again_in_ones_place(browser, provider, later):
    """Nobody is made, and the session stays what it was: too old."""
    by(browser, provider)
    later(minutes=11)
    provider.says["subject"] = "the thief's own"
    told = browser.get(by(browser, provider, encore="1")["Location"]).content.decode()
    assert "n’ouvre pas votre espace" in told
    assert Person.objects.count() == 1
    assert browser.get(APPLICATION)["Location"].startswith(AGAIN)


def test_giving_up_at_the_provider_leaves_the_session_as_it_was(browser, provider, later):
    by(browser, provider)
    later(minutes=11)
    browser.post(f"/connexion/{provider.id}/depart", {"encore": "1"})
    assert browser.get("/mon-espace").status_code == 200


def test_a_local_account_types_the_code_of_a_link_to_its_own_address(browser, mailbox, later):
    person = enter(browser, mailbox)
    later(minutes=11)
    assert browser.get(APPLICATION)["Location"].startswith(AGAIN)
    sent = browser.post(AGAIN, {"suite": APPLICATION})
    assert sent["Location"] == "/connexion/courriel/envoye"
    assert browser.post(sent["Location"], {"code": mailbox.code()})["Location"] == APPLICATION
    assert str(browser.session["person"]) == person
    add_application(browser, at=later())


def test_with_a_second_factor_it_is_the_factor_that_is_asked(browser, mailbox, later):
    enter(browser, mailbox)
    add_application(browser)
    later(minutes=16)
    assert browser.get(AGAIN)["Location"].startswith("/connexion/renforcer")
    assert browser.get("/mon-espace/securite/cles/nouvelle")["Location"].startswith("/connexion/renforcer")


# Links asked in somebody's name.


@pytest.fixture
def asked_for_by_all(visit, monkeypatch):
    """A stranger with many networks asks for an address as often as a day allows without slowing."""
    from lacydon.capabilities.trust.actions import links

    monkeypatch.setattr(links, "MANY", 3)

    def asking(network):
        browser = visit()
        browser.defaults["REMOTE_ADDR"] = network
        return ask(browser)

    for number in range(links.MANY):
        assert asking(f"198.51.100.{number}").status_code == 302
    return asking


def test_strangers_slow_down_and_never_lock_out(asked_for_by_all, visit, mailbox, later):
    assert asked_for_by_all("203.0.113.1").status_code == 302, "slowed, not refused"
    later(minutes=4)
    refused = asked_for_by_all("203.0.113.2")
    assert refused.status_code == 429
    assert 0 < int(refused.headers.get("Retry-After", 60)) <= 300
    owner = visit()
    assert owner.post(mailbox.link())["Location"] == "/mon-espace", "the last one received opens, whoever asked"


def test_who_shows_the_mailbox_is_slowed_no_more(asked_for_by_all, visit, mailbox):
    asked_for_by_all("203.0.113.1")
    visit().post(mailbox.link())
    assert [asked_for_by_all(f"203.0.113.{number}").status_code for number in (2, 3)] == [302, 302]


def test_the_session_of_the_owner_is_not_slowed(visit, browser, mailbox, later, monkeypatch):
    from lacydon.capabilities.trust.actions import links

    enter(browser, mailbox)
    monkeypatch.setattr(links, "MANY", 1)
    for _stranger in range(2):
        ask(visit())
    before = OneTimeLink.objects.count()
    later(minutes=11)
    assert browser.post(AGAIN).status_code == 302
    assert OneTimeLink.objects.count() == before + 1
