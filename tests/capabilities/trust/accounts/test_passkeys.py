"""Passkeys: added, used alone or as a second factor, and every lie about them refused."""

import json
import re
import time
from html import unescape

import pytest

from lacydon.capabilities.trust.models import Entry, Passkey
from lacydon.capabilities.trust.queries.passkeys import Site
from tests.capabilities.trust.accounts.mailbox import EMAIL, ask, enter
from tests.capabilities.trust.accounts.soft_key import PRESENT, VERIFIED, SoftKey, b64
from tests.capabilities.trust.people import agent, organisation, resident, signed_in

ADD, ALONE, SECOND, STRONGER = (
    "/mon-espace/securite/cles/nouvelle", "/connexion/cle", "/connexion/code", "/connexion/renforcer",
)  # fmt: skip


def asked(browser, path):
    """(options, challenge to send back) of a page."""
    page = browser.get(path).content.decode()
    (options,) = re.findall(r'data-options="([^"]+)"', page)
    (challenge,) = re.findall(r'name="challenge" value="([^"]+)"', page)
    return json.loads(unescape(options)), challenge


def add(browser, key=None, **more):
    key = key or SoftKey()
    options, challenge = asked(browser, ADD)
    answer = browser.post(ADD, {"answer": key.create(options), "challenge": challenge, "name": "Téléphone"} | more)
    return key, answer


def show(browser, key, path=ALONE, **changed):
    options, challenge = asked(browser, path)
    return browser.post(path, {"answer": key.sign(options, **changed), "challenge": challenge})


@pytest.fixture
def settled(browser, mailbox):
    """Somebody with a passkey; the browser they are in, and the key."""
    enter(browser, mailbox)
    key, answer = add(browser)
    assert answer["Location"] == "/mon-espace/securite", answer.content.decode()
    return browser, key


def test_the_browser_is_asked_for_a_key_that_verifies_its_holder(browser, mailbox):
    person = enter(browser, mailbox)
    options, _challenge = asked(browser, ADD)
    assert options["authenticatorSelection"] == {
        "residentKey": "required", "requireResidentKey": True, "userVerification": "required",
    }  # fmt: skip
    assert options["rp"]["id"] == "testserver"
    assert options["user"]["name"] == EMAIL
    assert person.replace("-", "") not in options["user"]["id"] and len(options["challenge"]) >= 43
    assert asked(browser, ADD)[0]["challenge"] != options["challenge"]


def test_a_key_is_added_told_and_named(settled, mailbox):
    browser, key = settled
    row = Passkey.objects.get()
    assert (bytes(row.credential_id), row.name, row.last_used_at) == (key.id, "Téléphone", None)
    assert "clé d’accès a été ajoutée" in mailbox.last().replace("\xa0", " ")
    assert Entry.objects.filter(action="security.change", object=f"passkey:{row.pk}:added").exists()
    page = browser.get("/mon-espace/securite").content.decode()
    assert "Téléphone" in page and "pas encore utilisée" in page


def test_a_key_alone_enters_strong(settled, visit, settings):
    _browser, key = settled
    other = visit()
    page = other.get(ALONE)
    assert not page.cookies, "nothing is kept before somebody enters"
    options, challenge = asked(other, f"{ALONE}?suite=/services")
    assert "allowCredentials" not in options or options["allowCredentials"] == []
    answer = other.post(ALONE, {"answer": key.sign(options), "challenge": challenge, "suite": "/services"})
    assert (answer.status_code, answer["Location"]) == (302, "/services")
    assert (other.session["strong"], other.session["assurance"], other.session["kind"]) == (True, 0, "resident")
    row = Passkey.objects.get()
    assert row.sign_count == key.count and row.last_used_at


def test_a_key_is_a_second_factor(settled, visit, mailbox):
    _browser, key = settled
    other = visit()
    ask(other)
    assert other.post(mailbox.link())["Location"] == SECOND
    assert show(other, key, SECOND).status_code == 302
    assert other.session["strong"] is True


def refused(answer):
    page = answer.content.decode().replace("\xa0", " ")
    return answer.status_code == 422 and "n’a pas pu être vérifiée" in page


LIES = {
    "another origin": {"origin": "https://evil.example"},
    "a subdomain": {"origin": "http://www.testserver"},
    "another port": {"origin": "http://testserver:8000"},
    "another scheme": {"origin": "https://testserver"},
    "another site": {"rp": "evil.example"},
    "no verification of the holder": {"flags": PRESENT},
    "nobody present": {"flags": VERIFIED},
}


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_signature_for_elsewhere_is_refused(settled, visit, lie):
    _browser, key = settled
    for name, value in LIES[lie].items():
        setattr(key, name, value)
    other = visit()
    assert refused(show(other, key))
    assert "person" not in other.session


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_key_made_elsewhere_is_refused(browser, mailbox, lie):
    enter(browser, mailbox)
    _key, answer = add(browser, SoftKey(**LIES[lie]))
    assert refused(answer)
    assert Passkey.objects.count() == 0


def test_another_key_or_another_challenge_is_refused(settled, visit):
    _browser, key = settled
    other = visit()
    forged = SoftKey(id=key.id, handle=key.handle, count=50)
    assert refused(show(other, forged)), "the same id, signed by another key"
    assert refused(show(other, SoftKey())), "an unknown key"
    assert refused(show(other, key, userHandle=b"somebody else")), "for somebody else"
    options, _challenge = asked(other, ALONE)
    _options, another = asked(other, ALONE)
    assert refused(other.post(ALONE, {"answer": key.sign(options), "challenge": another}))
    assert refused(other.post(ALONE, {"answer": key.sign({"challenge": b64(b"0" * 64)}), "challenge": another}))


def test_an_answer_serves_once(settled, visit):
    _browser, key = settled
    options, challenge = asked(visit(), ALONE)
    answer = {"answer": key.sign(options), "challenge": challenge}
    assert visit().post(ALONE, answer).status_code == 302
    assert refused(visit().post(ALONE, answer))
    key.count = 90
    assert refused(visit().post(ALONE, {"answer": key.sign(options), "challenge": challenge})), "nor its challenge"


def test_a_copied_key_is_seen_by_its_count(settled, visit):
    _browser, key = settled
    key.count = 10
    assert show(visit(), key).status_code == 302
    key.count = 4
    assert refused(show(visit(), key))


def test_a_challenge_is_for_one_purpose_and_one_person(settled, visit, mailbox):
    browser, key = settled
    stranger = visit()
    enter(stranger, mailbox, "autre@exemple.fr")
    stranger_key, _answer = add(stranger)
    options, challenge = asked(browser, STRONGER)
    assert refused(visit().post(ALONE, {"answer": key.sign(options), "challenge": challenge})), "of a step-up"
    assert refused(stranger.post(STRONGER, {"answer": stranger_key.sign(options), "challenge": challenge}))
    options, challenge = asked(stranger, STRONGER)
    assert refused(stranger.post(STRONGER, {"answer": key.sign(options), "challenge": challenge})), "another's key"


def test_a_challenge_is_good_for_ten_minutes(settled, visit, monkeypatch):
    _browser, key = settled
    options, challenge = asked(visit(), ALONE)
    late = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: late)
    assert refused(visit().post(ALONE, {"answer": key.sign(options), "challenge": challenge}))


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{}",
        "[]",
        "null",
        "3",
        '{"id": 3}',
        '{"id": "é"}',
        '{"id": "AAAA", "response": {}}',
        "[" * 5000,
        "x" * 30_000,
    ],
)
def test_what_is_no_answer_is_refused(settled, visit, answer):
    _options, challenge = asked(visit(), ALONE)
    assert refused(visit().post(ALONE, {"answer": answer, "challenge": challenge}))


@pytest.mark.parametrize("challenge", ["", "x", "a:b:c", "{}"])
def test_a_challenge_of_somebody_s_making_is_refused(settled, visit, challenge):
    _browser, key = settled
    assert refused(visit().post(ALONE, {"answer": key.sign({"challenge": b64(b"0" * 64)}), "challenge": challenge}))


def test_a_key_that_completes_another_sign_in_does_not_enter_alone(visit):
    """An agent who leaves the organisation must not keep a door of their own."""
    desk = organisation()
    browser = signed_in(visit(), agent(organisation=desk), organisation=desk.id, strong=False, assurance=1)
    key, _answer = add(browser)
    other = visit()
    assert show(other, key).status_code == 404
    assert "person" not in other.session
    assert show(browser, key, STRONGER).status_code == 302
    assert browser.session["strong"] is True


def test_a_key_known_already_is_refused(settled):
    browser, key = settled
    assert show(browser, key, STRONGER).status_code == 302
    _key, answer = add(browser, key)
    assert answer.status_code == 409
    assert Passkey.objects.count() == 1


def test_a_key_is_taken_away_by_its_owner_only(settled, visit, mailbox):
    browser, key = settled
    path = f"/mon-espace/securite/cles/{Passkey.objects.get().pk}/retirer"
    thief = signed_in(visit(), resident())
    assert (thief.get(path).status_code, thief.post(path).status_code) == (404, 404)
    assert browser.post(path)["Location"].startswith(STRONGER)
    show(browser, key, STRONGER)
    assert "Téléphone" in browser.get(path).content.decode()
    assert Passkey.objects.count() == 1
    assert browser.post(path)["Location"] == "/mon-espace/securite"
    assert Passkey.objects.count() == 0
    assert "clé d’accès a été retirée" in mailbox.last().replace("\xa0", " ")
    assert refused(show(visit(), key))


def test_a_name_is_kept_short_and_shown_as_text(browser, mailbox):
    enter(browser, mailbox)
    add(browser, name="<b>x</b>" + "y" * 200)
    assert len(Passkey.objects.get().name) == 60
    assert "<b>x" not in browser.get("/mon-espace/securite").content.decode()


def test_an_address_in_digits_has_no_keys(visit, db):
    assert [Site(id=host, origin="").named for host in ("127.0.0.1", "[::1]", "::1", "lacydon.example")] == [
        False
    ] * 3 + [True]
    page = visit().get(ALONE, headers={"Host": "127.0.0.1"}).content.decode()
    assert "adresse en chiffres" in page and "data-passkey" not in page


def test_the_site_is_the_public_address(settled, visit, settings):
    settings.PUBLIC_URL = "https://lacydon.example:8443"
    _browser, key = settled
    other = visit()
    assert refused(show(other, key))
    key.origin, key.rp = "https://lacydon.example:8443", "lacydon.example"
    assert show(other, key).status_code == 302
