"""The application of codes, the recovery codes, and what they protect."""

import re

import pytest

from lacydon.capabilities.trust.actions import factors
from lacydon.capabilities.trust.errors import NotAllowed
from lacydon.capabilities.trust.models import Authenticator, Entry, LocalAccount, RecoveryCode
from lacydon.kernel.access import Actor, StrongerSignInNeeded
from tests.capabilities.trust.accounts.mailbox import EMAIL, add_application, ask, enter, helper_of
from tests.capabilities.trust.people import agent, organisation, resident, signed_in

APPLICATION, SECOND, STRONGER = "/mon-espace/securite/application", "/connexion/code", "/connexion/renforcer"
RECOVERY = "/mon-espace/securite/secours"


@pytest.fixture
def settled(browser, mailbox):
    """Somebody with an application of codes; the browser they are in, and the application."""
    enter(browser, mailbox)
    return browser, add_application(browser)


def half_in(visit, mailbox):
    """A browser where the link of the e-mail was used, by who has a second factor."""
    other = visit()
    ask(other)
    assert other.post(mailbox.link())["Location"] == SECOND
    assert "person" not in other.session
    return other


def test_a_drawing_and_a_written_key_say_the_same(browser, mailbox):
    enter(browser, mailbox)
    answer = browser.get(APPLICATION)
    page = answer.content.decode()
    assert "<svg" in page and "otpauth://totp/Lacydon:" in page and "no-store" in answer["Cache-Control"]
    (secret,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)
    assert len(secret.replace(" ", "")) == 32
    assert secret.replace(" ", "") in page.replace("&amp;", "&")
    assert secret in browser.get(APPLICATION).content.decode(), "the same until it is confirmed"
    assert secret.replace(" ", "").encode() not in bytes(Authenticator.objects.get().sealed)


def test_it_counts_once_it_gave_a_right_code(visit, browser, mailbox):
    enter(browser, mailbox)
    browser.get(APPLICATION)
    assert browser.post(APPLICATION, {"code": "000000"}).status_code == 422
    other = visit()
    ask(other)
    assert other.post(mailbox.link())["Location"] == "/mon-espace", "not a second factor yet"
    add_application(browser)
    half_in(visit, mailbox)


def test_a_mailbox_alone_does_not_enter_any_more(settled, visit, mailbox, later):
    _browser, application = settled
    other = half_in(visit, mailbox)
    assert other.get("/mon-espace/securite").status_code == 302
    other.post(SECOND, {"code": application.at(later(minutes=1))})
    assert (other.session["strong"], other.session["assurance"]) == (True, 0)


def test_a_code_serves_once(settled, visit, mailbox, later):
    _browser, application = settled
    moment = later(minutes=1)
    code = application.at(moment)
    assert half_in(visit, mailbox).post(SECOND, {"code": code}).status_code == 302
    again = half_in(visit, mailbox)
    assert again.post(SECOND, {"code": code}).status_code == 422
    assert "person" not in again.session
    before = application.at(moment.timestamp() - 30)
    assert again.post(SECOND, {"code": before}).status_code == 422, "nor does an older one"


@pytest.mark.parametrize(("seconds", "status"), [(-90, 422), (-30, 302), (0, 302), (30, 302), (90, 422)])
def test_a_clock_may_be_half_a_minute_off(settled, visit, mailbox, later, seconds, status):
    _browser, application = settled
    moment = later(minutes=10)
    code = application.at(int(moment.timestamp()) + seconds)
    assert half_in(visit, mailbox).post(SECOND, {"code": code}).status_code == status


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "1" * 300, "000 000"])
def test_no_other_code_passes(settled, visit, mailbox, typed):
    assert half_in(visit, mailbox).post(SECOND, {"code": typed}).status_code == 422


def test_codes_are_not_guessed(settled, visit, mailbox, later):
    _browser, application = settled
    other = half_in(visit, mailbox)
    told = [other.post(SECOND, {"code": f"{number:06d}"}).status_code for number in range(11)]
    assert told == [422] * 10 + [429]
    assert half_in(visit, mailbox).post(SECOND, {"code": application.at(later(minutes=1))}).status_code == 429
    assert half_in(visit, mailbox).post(SECOND, {"code": application.at(later(minutes=61))}).status_code == 302


def make_codes(browser):
    page = browser.post(RECOVERY)
    assert "no-store" in page["Cache-Control"]
    return re.findall(r"<code>([^<]+)</code>", page.content.decode())


def strengthened(browser, application, later):
    answer = browser.post(STRONGER, {"code": application.at(later(minutes=1))})
    assert answer.status_code == 302, answer.content.decode()


def test_ten_recovery_codes_each_good_once(settled, visit, mailbox, later):
    browser, application = settled
    strengthened(browser, application, later)
    codes = make_codes(browser)
    assert len(set(codes)) == 10 and all(re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}", code) for code in codes)
    assert not any(code.replace("-", "") in each.code_hash for code in codes for each in RecoveryCode.objects.all())
    other = half_in(visit, mailbox)
    assert other.post(SECOND, {"code": codes[3].upper().replace("-", " ")}).status_code == 302
    assert "codes de secours a servi" in mailbox.last()
    assert "vos autres appareils ont été déconnectés" in mailbox.last().replace("\xa0", " ")
    assert browser.get("/mon-espace").status_code == 302, "as the message says"
    assert half_in(visit, mailbox).post(SECOND, {"code": codes[3]}).status_code == 422
    assert "9" in re.sub(r"\s", " ", other.get("/mon-espace/securite").content.decode()).split("Il en reste")[1][:4]


def test_a_recovery_code_shown_in_a_session_ends_the_others_and_not_this_one(settled, visit, mailbox, later):
    browser, application = settled
    strengthened(browser, application, later)
    codes = make_codes(browser)
    other = half_in(visit, mailbox)
    other.post(SECOND, {"code": codes[0]})
    browser = half_in(visit, mailbox)
    browser.post(SECOND, {"code": codes[1]})
    assert other.get("/mon-espace").status_code == 302
    assert browser.post(STRONGER, {"code": codes[2]}).status_code == 302
    assert browser.get("/mon-espace/securite").status_code == 200


def test_new_recovery_codes_replace_the_old_ones(settled, visit, mailbox, later):
    browser, application = settled
    strengthened(browser, application, later)
    old, new = make_codes(browser), make_codes(browser)
    assert half_in(visit, mailbox).post(SECOND, {"code": old[0]}).status_code == 422
    assert half_in(visit, mailbox).post(SECOND, {"code": new[0]}).status_code == 302


def test_the_recovery_codes_of_somebody_else_do_not_open(settled, visit, mailbox, later):
    browser, application = settled
    strengthened(browser, application, later)
    codes = make_codes(browser)
    stranger = visit()
    enter(stranger, mailbox, "autre@exemple.fr")
    add_application(stranger, at=later(minutes=0))
    other = visit()
    ask(other, "autre@exemple.fr")
    other.post(mailbox.link("autre@exemple.fr"))
    assert other.post(SECOND, {"code": codes[0]}).status_code == 422


def test_without_a_second_factor_there_is_nothing_to_recover(browser, mailbox):
    person = enter(browser, mailbox)
    assert browser.post(RECOVERY)["Location"] == "/mon-espace/securite"
    with pytest.raises(NotAllowed):
        factors.new_recovery_codes(actor=Actor(person=person, principal=person, kind="resident"), session="")


def test_a_change_of_security_asks_for_the_second_factor(settled, later):
    browser, application = settled
    for path in (APPLICATION, f"{APPLICATION}/retirer", "/mon-espace/securite/phrase", RECOVERY):
        answer = browser.get(path)
        assert answer["Location"].startswith(f"{STRONGER}?suite="), path
    strengthened(browser, application, later)
    assert browser.get(f"{APPLICATION}/retirer").status_code == 200
    later(minutes=16)
    assert browser.get(f"{APPLICATION}/retirer").status_code == 302, "it was shown a quarter of an hour ago"


def test_a_weak_session_changes_nothing_by_the_actions_either(settled):
    browser, _application = settled
    person = str(browser.session["person"])
    weak = Actor(person=person, principal=person, kind="resident")
    for act in (factors.remove_authenticator, factors.new_recovery_codes):
        with pytest.raises(StrongerSignInNeeded):
            act(actor=weak, session="")


def test_a_mandate_changes_nothing(settled):
    browser, _application = settled
    person = str(browser.session["person"])
    with pytest.raises(NotAllowed):
        factors.remove_authenticator(actor=helper_of(person), session="")


def test_taking_the_last_one_away_takes_what_hangs_on_it(settled, visit, mailbox, later):
    browser, application = settled
    strengthened(browser, application, later)
    browser.post("/mon-espace/securite/phrase", {"passphrase": "quatre bateaux rentrent"})
    make_codes(browser)
    assert "dernier second moyen" in browser.get(f"{APPLICATION}/retirer").content.decode()
    assert Authenticator.objects.exists()
    browser.post(f"{APPLICATION}/retirer")
    assert (Authenticator.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    assert LocalAccount.objects.get().passphrase == ""
    assert "application qui donne des codes a été retirée" in mailbox.last().replace("\xa0", " ")
    other = visit()
    ask(other)
    assert other.post(mailbox.link())["Location"] == "/mon-espace"


def test_the_first_one_ends_the_other_sessions_and_is_told(browser, visit, mailbox):
    enter(browser, mailbox)
    other = visit()
    enter(other, mailbox)
    add_application(browser)
    assert other.get("/mon-espace/securite").status_code == 302
    assert browser.get("/mon-espace/securite").status_code == 200
    assert "application qui donne des codes a été ajoutée" in mailbox.last(EMAIL).replace("\xa0", " ")
    assert Entry.objects.filter(action="security.change", object="authenticator:added").exists()


def test_an_agent_with_a_low_sign_in_becomes_strong(visit, settings, later):
    desk = organisation()
    person = agent(organisation=desk, roles=("trust.manager",))
    browser = signed_in(visit(), person, organisation=desk.id, assurance=1, strong=False)
    assert browser.get("/agent/equipe")["Location"] == f"{STRONGER}?suite=%2Fagent%2Fequipe"
    assert "vous n’en avez pas encore" in browser.get(STRONGER).content.decode().replace("\xa0", " ")
    application = add_application(browser)
    before = browser.cookies[settings.SESSION_COOKIE_NAME].value
    answer = browser.post(f"{STRONGER}?suite=/agent/equipe", {"code": application.at(later(minutes=1))})
    assert (answer.status_code, answer["Location"]) == (302, "/agent/equipe")
    assert browser.get("/agent/equipe").status_code == 200
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert Entry.objects.filter(action="session.strengthen", object="code").exists()
    assert browser.session["assurance"] == 1, "only the second factor was shown"


def test_an_agent_gets_no_door_of_their_own(visit, mailbox, kept):
    desk = organisation()
    browser = signed_in(visit(), agent(organisation=desk), organisation=desk.id)
    browser.post("/mon-espace/securite/courriel", {"email": EMAIL})
    assert browser.post(mailbox.link()).status_code == 403
    assert LocalAccount.objects.count() == 0


def test_a_resident_adds_the_way_in_by_e_mail(visit, mailbox):
    person = resident()
    browser = signed_in(visit(), person)
    browser.post("/mon-espace/securite/courriel", {"email": EMAIL})
    assert EMAIL in browser.get(mailbox.link()).content.decode()
    assert signed_in(visit(), resident()).post(mailbox.link()).status_code == 404, "somebody else's link"
    assert browser.post(mailbox.link())["Location"] == "/mon-espace/securite"
    assert enter(visit(), mailbox) == str(person.id)


def test_an_address_that_opens_another_account_stays_there(visit, mailbox):
    owner = enter(visit(), mailbox)
    browser = signed_in(visit(), resident())
    browser.post("/mon-espace/securite/courriel", {"email": EMAIL})
    assert browser.post(mailbox.link()).status_code == 409
    assert str(LocalAccount.objects.get().person_id) == owner
