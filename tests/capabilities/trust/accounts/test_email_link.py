"""Entering by a link sent by e-mail: once, soon, for this purpose, and telling nobody who has an account."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lacydon.capabilities.trust.actions import links
from lacydon.capabilities.trust.actions.sessions import hashed
from lacydon.capabilities.trust.models import Entry, Identity, LocalAccount, OneTimeLink, Person, Session
from tests.capabilities.trust.accounts.mailbox import EMAIL, ask, enter

FORM = "/connexion/courriel"


def test_the_first_link_makes_a_person_an_account_and_an_identity(browser, mailbox):
    person = enter(browser, mailbox)
    account = LocalAccount.objects.get()
    assert str(account.person_id) == person
    identity = Identity.objects.get()
    assert (identity.provider, identity.issuer, identity.assurance) == ("local", "local", 0)
    assert EMAIL.encode() not in bytes(account.email_sealed)
    session = browser.session
    assert (session["kind"], session["assurance"], session["strong"]) == ("resident", 0, False)
    assert Entry.objects.filter(action="identity.link", subject_id=person).exists()


def test_the_next_link_leads_to_the_same_person(visit, mailbox):
    first = enter(visit(), mailbox)
    again = enter(visit(), mailbox, email=EMAIL)
    assert first == again
    assert (Person.objects.count(), Identity.objects.count()) == (1, 1)
    assert Entry.objects.filter(action="session.open").exists()


def test_the_first_time_it_is_said_that_the_space_is_new(visit, mailbox):
    told = []
    for browser in (visit(), visit()):
        ask(browser, EMAIL)
        before = browser.get(mailbox.link()).content.decode().replace("\xa0", " ")
        browser.post(mailbox.link())
        after = browser.get("/mon-espace").content.decode().replace("\xa0", " ")
        told.append(("neuf et vide" in before, "Votre espace est neuf" in after))
    assert told == [(True, True), (False, False)]


def test_an_address_is_the_same_in_capitals(visit, mailbox):
    enter(visit(), mailbox)
    browser = visit()
    ask(browser, "  Nadia@Exemple.FR ")
    browser.post(mailbox.link())
    assert Person.objects.count() == 1


def test_opening_the_link_changes_nothing(browser, mailbox):
    ask(browser)
    for _look in range(3):
        page = browser.get(mailbox.link())
        assert page.status_code == 200
        assert EMAIL in page.content.decode()
        assert page["Cache-Control"] == "private, no-store" and page["Referrer-Policy"] == "same-origin"
    browser.head(mailbox.link())
    assert (LocalAccount.objects.count(), OneTimeLink.objects.get().used_at) == (0, None)


def test_a_link_serves_once(visit, browser, mailbox):
    enter(browser, mailbox)
    for attempt in (browser.post, visit().post, visit().get):
        answer = attempt(mailbox.link())
        assert answer.status_code == 404
        assert "déjà servi" in answer.content.decode().replace("\xa0", " ")
    assert "person" not in visit().session


def test_a_link_is_good_for_ten_minutes(visit, mailbox, later):
    browser = visit()
    ask(browser)
    later(minutes=9)
    assert browser.get(mailbox.link()).status_code == 200
    later(minutes=2)
    for answer in (browser.get(mailbox.link()), browser.post(mailbox.link())):
        assert answer.status_code == 404 and "trop ancien" in answer.content.decode()
    assert LocalAccount.objects.count() == 0


def test_a_link_of_another_purpose_does_not_enter(kept, browser, mailbox):
    paths = {}
    for purpose in ("contact", "cancel", "add"):
        with kept():
            links.send_link(purpose=purpose, email=EMAIL, address=lambda token: f"https://x/{token}")
        paths[purpose] = mailbox.link()
    for path in paths.values():
        assert browser.post(f"{FORM}{path}").status_code == 404
    assert LocalAccount.objects.count() == 0


def test_what_is_kept_does_not_open(browser, mailbox):
    """Who reads the database has neither the link, nor the code, nor the address."""
    ask(browser)
    row = OneTimeLink.objects.get()
    token = mailbox.link().rsplit("/", 1)[1]
    held = f"{row.token_hash}{row.code_hash}{row.email_hash}{bytes(row.email_sealed)}{bytes(row.email_wrapped)}"
    assert token not in held and mailbox.code() not in held and EMAIL not in held
    assert browser.post(f"{FORM}/{row.token_hash}").status_code == 404


def test_whether_an_account_exists_is_told_to_nobody(visit, mailbox):
    """The same answer, the same page, the same message, and as many queries."""
    enter(visit(), mailbox)
    seen = []
    for email in (EMAIL, "personne@exemple.fr"):
        browser = visit()
        with CaptureQueriesContext(connection) as asked:
            answer = ask(browser, email)
        page = browser.get(answer["Location"])
        body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
        message = re.sub(r"/courriel/\S+|\d{6}", "", mailbox.last(email))
        seen.append((answer.status_code, answer["Location"], page.status_code, body, message, len(asked)))
    assert seen[0] == seen[1]


def test_the_code_enters_in_the_browser_that_asked(visit, mailbox):
    browser = visit()
    ask(browser, suite="/services")
    other = visit()
    assert other.post("/connexion/courriel/envoye", {"code": mailbox.code()})["Location"] == FORM
    answer = browser.post("/connexion/courriel/envoye", {"code": f" {mailbox.code()[:3]} {mailbox.code()[3:]} "})
    assert (answer.status_code, answer["Location"]) == (302, "/services")
    assert browser.session["person"]
    assert visit().post(mailbox.link()).status_code == 404, "the link is used with its code"


def test_a_code_is_not_guessed(browser, mailbox):
    ask(browser)
    right = mailbox.code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    told = [browser.post("/connexion/courriel/envoye", {"code": wrong}).status_code for _try in range(6)]
    assert told == [422] * 5 + [429]
    assert browser.post("/connexion/courriel/envoye", {"code": right}).status_code == 429


def test_another_browser_is_warned(visit, mailbox):
    browser = visit()
    ask(browser, suite="/services")
    assert "n’est pas celui où le lien" not in browser.get(mailbox.link()).content.decode()
    other = visit()
    assert "n’est pas celui où le lien" in other.get(mailbox.link()).content.decode()
    assert other.post(mailbox.link())["Location"] == "/mon-espace", "where the first browser was going is its own"


@pytest.mark.parametrize(
    "typed", ["", "nadia", "nadia@", "a b@exemple.fr", "n@exemple.fr\nBcc: x@y.fr", "x" * 250 + "@a.fr"]
)
def test_what_is_no_address_is_said_beside_the_field(browser, mailbox, typed):
    answer = ask(browser, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page and 'id="email-trouble"' in page
    assert mailbox.letters() == []


def test_a_mailbox_is_not_flooded(visit, mailbox):
    told = [ask(visit()).status_code for _try in range(7)]
    assert told == [302] * 5 + [429] * 2
    assert len(mailbox.letters()) == 5
    assert ask(visit(), "autre@exemple.fr").status_code == 302


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere(browser, mailbox, onward):
    ask(browser, suite=onward)
    assert browser.post(mailbox.link())["Location"] == "/mon-espace"


def test_the_session_has_a_new_key_once_in(browser, mailbox, settings):
    """Whoever put a cookie in somebody's browser before does not have their session after."""
    ask(browser)
    before = browser.cookies[settings.SESSION_COOKIE_NAME].value
    browser.post(mailbox.link())
    after = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert before != after
    assert not Session.objects.filter(pk=hashed(before)).exists()


def test_other_sites_cannot_make_somebody_enter(visit, mailbox):
    ask(visit())
    other = visit(**{"Sec-Fetch-Site": "cross-site"})
    assert other.post(mailbox.link()).status_code == 403


def test_who_is_in_goes_on(browser, mailbox):
    enter(browser, mailbox)
    for path in (FORM, "/connexion/courriel/envoye", "/connexion/phrase", "/connexion/cle"):
        assert browser.get(f"{path}?suite=/services")["Location"] == "/services"


def test_the_message_is_shown_in_a_demonstration_only(visit, mailbox, settings):
    def shown() -> str:
        browser = visit()
        ask(browser)
        return browser.get("/connexion/courriel/envoye").content.decode()

    assert "Démonstration" not in shown()
    letter = next(mailbox.folder.glob("*.eml")).stem
    assert visit().get(f"/demonstration/courriel/{letter}").status_code == 404
    settings.DEMO = True
    assert "Démonstration" in shown() and "/demonstration/courriel/" in shown()
    page = visit().get(f"/demonstration/courriel/{letter}").content.decode()
    assert "Démonstration" in page and "/connexion/courriel/" in page
    settings.MAIL_URL = "smtp://localhost:1/"
    assert visit().get(f"/demonstration/courriel/{letter}").status_code == 404


def test_two_first_links_make_one_account(visit, mailbox):
    ask(visit())
    first = mailbox.link()
    ask(visit())
    second = mailbox.link()
    for link in (first, second):
        assert visit().post(link).status_code == 302
    assert LocalAccount.objects.count() == 1


def test_a_new_link_after_an_erasure_makes_somebody_new(visit, mailbox, later):
    before = enter(visit(), mailbox)
    Person.objects.filter(pk=before).update(erased_at=later())
    assert enter(visit(), mailbox) != before
