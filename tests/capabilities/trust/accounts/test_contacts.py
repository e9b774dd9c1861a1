"""Contact points: corrected by their owner; a new e-mail address is proven, and the old one may say no."""

import pytest

from lacydon.capabilities.trust.actions import contacts
from lacydon.capabilities.trust.errors import NotAllowed
from lacydon.capabilities.trust.models import ContactPoint, EmailChange, Entry, LocalAccount
from lacydon.capabilities.trust.queries.contacts import cleaned, contact
from lacydon.kernel.errors import BadInput
from tests.capabilities.trust.accounts.mailbox import EMAIL, ask, enter, helper_of
from tests.capabilities.trust.people import resident, signed_in

PAGE, CHANGE = "/mon-espace/coordonnees", "/mon-espace/coordonnees/courriel"
NEW = "nouvelle@exemple.fr"


def proven(browser, mailbox, email=NEW):
    """Ask for a change, and open the link in the same browser."""
    assert browser.post(CHANGE, {"value": email})["Location"] == PAGE
    return browser.post(mailbox.link(email))


def test_the_address_one_entered_with_is_there_and_sealed(browser, mailbox):
    enter(browser, mailbox)
    assert EMAIL in browser.get(PAGE).content.decode()
    assert EMAIL.encode() not in bytes(ContactPoint.objects.get().sealed)


def test_a_new_address_waits_three_days_then_opens_the_account(browser, mailbox, visit, later):
    person = enter(browser, mailbox)
    assert proven(browser, mailbox)["Location"] == PAGE
    page = browser.get(PAGE).content.decode()
    assert EMAIL in page and NEW in page
    assert "trois jours" in mailbox.last(EMAIL).replace("\xa0", " ")
    later(days=2, hours=23)
    assert contact(person, kind="email").value == EMAIL
    later(hours=2)
    assert contact(person, kind="email").value == NEW, "in effect, even before somebody comes"
    assert enter(visit(), mailbox, NEW) == person
    assert not EmailChange.objects.exists()
    assert "Une autre adresse a remplacé celle-ci" in mailbox.last(EMAIL).replace("\xa0", " ")
    assert enter(visit(), mailbox, EMAIL) != person, "the old one opens nothing any more"


def test_the_old_address_says_no_without_a_sign_in(browser, mailbox, visit, later):
    person = enter(browser, mailbox)
    proven(browser, mailbox)
    cancel = mailbox.link(EMAIL)
    later(days=2)
    stranger = visit()
    assert stranger.get(cancel).status_code == 200
    assert EmailChange.objects.exists(), "opening it changes nothing"
    assert stranger.post(cancel).status_code == 200
    later(days=5)
    assert contact(person, kind="email").value == EMAIL
    assert stranger.post(cancel).status_code == 404
    assert "person" not in stranger.session, "and it signs nobody in"


def test_the_owner_gives_up_the_change(browser, mailbox, later):
    person = enter(browser, mailbox)
    proven(browser, mailbox)
    assert "restera" in browser.get(f"{CHANGE}/annuler").content.decode()
    browser.post(f"{CHANGE}/annuler")
    later(days=4)
    assert contact(person, kind="email").value == EMAIL


def test_the_first_address_counts_at_once(visit, mailbox):
    person = resident()
    browser = signed_in(visit(), person)
    assert "Aucune" in browser.get(PAGE).content.decode()
    proven(browser, mailbox)
    assert contact(person.id, kind="email") == contact(str(person.id), kind="email")
    assert contact(person.id, kind="email").value == NEW and contact(person.id, kind="email").verified
    assert not LocalAccount.objects.exists(), "a contact address opens nothing"


def test_the_link_is_for_who_asked(browser, visit, mailbox):
    enter(browser, mailbox)
    browser.post(CHANGE, {"value": NEW})
    assert signed_in(visit(), resident()).post(mailbox.link(NEW)).status_code == 404
    assert visit().post(mailbox.link(NEW)).status_code == 401
    assert browser.get(mailbox.link(NEW)).status_code == 200
    assert not EmailChange.objects.exists()
    assert browser.post(mailbox.link(NEW)).status_code == 302
    assert browser.post(mailbox.link(NEW)).status_code == 404, "once"


def test_an_address_that_opens_another_account_is_not_taken(browser, visit, mailbox):
    enter(visit(), mailbox, NEW)
    enter(browser, mailbox)
    asked = browser.post(CHANGE, {"value": NEW})
    assert asked["Location"] == PAGE, "asking tells nothing of other accounts"
    assert browser.post(mailbox.link(NEW)).status_code == 409, "who reads that mailbox may know"
    assert not EmailChange.objects.exists()


def test_an_address_taken_meanwhile_is_given_up(browser, visit, mailbox, later):
    person = enter(browser, mailbox)
    proven(browser, mailbox)
    taker = enter(visit(), mailbox, NEW)
    later(days=4)
    ask(visit(), "x@exemple.fr")
    assert enter(visit(), mailbox, NEW) == taker
    assert enter(visit(), mailbox, EMAIL) == person


@pytest.mark.parametrize(
    ("kind", "path", "typed", "shown"),
    [
        ("phone", "telephone", "+33 4.91.00-00 00", "04 91 00 00 00"),
        ("postal", "adresse", " 12  rue du Port \r\n\r\n 97001 Olivette", "12 rue du Port\n97001 Olivette"),
    ],
)
def test_phone_and_postal_address_are_corrected_and_removed(browser, mailbox, kind, path, typed, shown):
    person = enter(browser, mailbox)
    assert browser.post(f"{PAGE}/{path}", {"value": typed})["Location"] == PAGE
    assert contact(person, kind=kind).value == shown
    row = ContactPoint.objects.get(kind=kind)
    assert shown.encode() not in bytes(row.sealed)
    assert Entry.objects.filter(action="contact.change", purpose="rectification", object=f"contact:{kind}").count() == 1
    assert shown.splitlines()[0] in browser.get(PAGE).content.decode()
    browser.post(f"{PAGE}/{path}", {"value": " "})
    assert contact(person, kind=kind).value == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0491000000", "04 91 00 00 00"),
        ("0033491000000", "04 91 00 00 00"),
        ("+41 22 000 00 00", "+41220000000"),
        ("", ""),
    ],
)
def test_phones_are_written_in_one_way(typed, kept):
    assert cleaned("phone", typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"), [("phone", "allo"), ("phone", "12"), ("phone", "+" + "1" * 16), ("postal", "x" * 401)]
)
def test_what_cannot_be_is_told_beside_the_field(browser, mailbox, kind, typed):
    with pytest.raises(BadInput) as told:
        cleaned(kind, typed)
    assert told.value.field == "value"
    enter(browser, mailbox)
    answer = browser.post(f"{PAGE}/{'telephone' if kind == 'phone' else 'adresse'}", {"value": typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and typed in page and 'aria-invalid="true"' in page


def test_a_helper_reads_and_never_changes(browser, mailbox):
    person = enter(browser, mailbox)
    helper = helper_of(person)
    assert [each.value for each in contacts.see_contacts(actor=helper)] == [EMAIL, "", ""]
    assert Entry.objects.filter(action="contact.see", subject_id=person, actor_id=helper.person).exists()
    with pytest.raises(NotAllowed):
        contacts.change_contact(actor=helper, kind="phone", typed="0491000000")
    with pytest.raises(NotAllowed):
        contacts.ask_email_change(actor=helper, typed=NEW, address=str, network="")
    with pytest.raises(NotAllowed):
        contacts.cancel_email_change(actor=helper)


def test_one_s_own_address_is_no_change(browser, mailbox):
    enter(browser, mailbox)
    assert browser.post(CHANGE, {"value": EMAIL.upper()}).status_code == 409
