"""The passphrase: long enough, hashed, never enough alone, and guessed by nobody."""

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.password_validation import CommonPasswordValidator

from lacydon.capabilities.trust.actions import accounts
from lacydon.capabilities.trust.errors import NotAllowed, WeakPassphrase
from lacydon.capabilities.trust.models import Entry, LocalAccount
from lacydon.capabilities.trust.queries import passphrases
from lacydon.config import settings as product_settings
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from tests.capabilities.trust.accounts.mailbox import EMAIL, PHRASE, add_application, enter
from tests.markup import read

FORM, SET, SECOND = "/connexion/phrase", "/mon-espace/securite/phrase", "/connexion/code"


@pytest.fixture
def settled(browser, mailbox):
    """Somebody with an application of codes and a passphrase; the browser they are in, and the application."""
    enter(browser, mailbox)
    application = add_application(browser)
    prove(browser)
    assert browser.post(SET, {"passphrase": PHRASE})["Location"] == "/mon-espace/securite"
    return browser, application


def prove(browser):
    """The session as it is just after a second factor was shown."""
    session = browser.session
    session["strong"], session["strong_at"] = True, now().isoformat()
    session.save()


def test_it_opens_only_with_the_second_factor(settled, visit, later):
    _browser, application = settled
    moment = later(minutes=2)
    other = visit()
    answer = other.post(FORM, {"email": EMAIL, "passphrase": PHRASE, "suite": "/services"})
    assert (answer.status_code, answer["Location"]) == (302, SECOND)
    assert "person" not in other.session
    assert other.get("/mon-espace").status_code == 302
    answer = other.post(SECOND, {"code": application.at(moment)})
    assert (answer.status_code, answer["Location"]) == (302, "/services")
    assert other.session["strong"] is True
    opened = Entry.objects.filter(action="session.open").latest("at")
    assert opened.object == "identity:local"


@pytest.fixture
def as_the_product_hashes(settings):
    settings.PASSWORD_HASHERS = product_settings.PASSWORD_HASHERS


def test_it_is_kept_as_argon2id_at_its_whole_cost(as_the_product_hashes, settled, visit):
    held = LocalAccount.objects.get().passphrase
    assert held.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$") and PHRASE not in held
    assert visit().post(FORM, {"email": EMAIL, "passphrase": PHRASE}).status_code == 302


@pytest.mark.parametrize(
    ("email", "passphrase"),
    [(EMAIL, "une autre phrase que la bonne"), ("personne@exemple.fr", PHRASE), (EMAIL, ""), (EMAIL, "x" * 5000)],
)
def test_what_is_wrong_is_not_told(settled, visit, email, passphrase):
    answer = visit().post(FORM, {"email": email, "passphrase": passphrase})
    assert answer.status_code == 422
    page = answer.content.decode().replace("\xa0", " ")
    assert "n’ouvrent aucun espace" in page and 'id="passphrase-trouble"' in page
    assert passphrase == "" or passphrase not in page


def test_each_answer_costs_one_hash(settled, visit, mailbox, monkeypatch):
    """Known, unknown, or without a passphrase: the same work, so that time tells nothing."""
    enter(visit(), mailbox, "sans-phrase@exemple.fr")
    calls = []
    real = hashers.Argon2PasswordHasher.encode
    verify = hashers.Argon2PasswordHasher.verify
    monkeypatch.setattr(
        hashers.Argon2PasswordHasher, "encode", lambda *a, **k: (calls.append("hash"), real(*a, **k))[1]
    )
    monkeypatch.setattr(
        hashers.Argon2PasswordHasher, "verify", lambda *a, **k: (calls.append("hash"), verify(*a, **k))[1]
    )
    for email in (EMAIL, "personne@exemple.fr", "sans-phrase@exemple.fr"):
        calls.clear()
        assert visit().post(FORM, {"email": email, "passphrase": "pas la bonne phrase"}).status_code == 422
        assert calls == ["hash"], email


def test_guessing_ends_at_five_and_does_not_lock_the_owner_out(settled, visit, later):
    told = [visit().post(FORM, {"email": EMAIL, "passphrase": "essai numéro x"}).status_code for _try in range(7)]
    assert told == [422] * 5 + [429] * 2
    unknown = [visit().post(FORM, {"email": "p@exemple.fr", "passphrase": "essai"}).status_code for _try in range(7)]
    assert unknown == told, "an unknown address is counted in the same way"
    right = {"email": EMAIL, "passphrase": PHRASE}
    assert visit().post(FORM, right).status_code == 429
    assert visit().post(FORM, right, REMOTE_ADDR="198.51.100.7").status_code == 302, "from elsewhere it still opens"
    later(minutes=16)
    assert visit().post(FORM, right).status_code == 302


def test_the_right_way_forgives_the_wrong_ones(settled, visit, later):
    _browser, application = settled
    for _try in range(4):
        visit().post(FORM, {"email": EMAIL, "passphrase": "essai"})
    other = visit()
    other.post(FORM, {"email": EMAIL, "passphrase": PHRASE})
    other.post(SECOND, {"code": application.at(later(minutes=1))})
    assert other.session["person"]
    assert [visit().post(FORM, {"email": EMAIL, "passphrase": "essai"}).status_code for _try in range(5)] == [422] * 5


def test_the_first_proof_does_not_wait_for_ever(settled, visit, later):
    _browser, application = settled
    other = visit()
    other.post(FORM, {"email": EMAIL, "passphrase": PHRASE})
    moment = later(minutes=11)
    assert other.post(SECOND, {"code": application.at(moment)})["Location"] == "/connexion"
    assert "person" not in other.session


def test_the_second_step_alone_leads_back(visit, db):
    assert visit().get(SECOND)["Location"] == "/connexion"


def test_the_session_has_a_new_key_at_each_step(settled, visit, settings, later):
    _browser, application = settled
    other = visit()
    keys = []
    other.post(FORM, {"email": EMAIL, "passphrase": PHRASE})
    keys.append(other.cookies[settings.SESSION_COOKIE_NAME].value)
    other.post(SECOND, {"code": application.at(later(minutes=1))})
    keys.append(other.cookies[settings.SESSION_COOKIE_NAME].value)
    assert len(set(keys)) == 2


def test_a_new_one_ends_the_other_sessions_and_is_told(settled, visit, mailbox, later):
    browser, application = settled
    other = visit()
    other.post(FORM, {"email": EMAIL, "passphrase": PHRASE})
    other.post(SECOND, {"code": application.at(later(minutes=1))})
    assert other.get("/mon-espace/securite").status_code == 200
    prove(browser)
    browser.post(SET, {"present": PHRASE, "passphrase": "une phrase toute neuve"})
    assert other.get("/mon-espace/securite").status_code == 302, "signed out"
    assert browser.get("/mon-espace/securite").status_code == 200, "this one stays"
    assert "phrase secrète a été changée" in mailbox.last().replace("\xa0", " ")
    assert visit().post(FORM, {"email": EMAIL, "passphrase": PHRASE}).status_code == 422


@pytest.mark.parametrize("present", ["", "une autre phrase que la bonne", f"{PHRASE}x", "x" * 5000])
def test_changing_it_asks_for_the_present_one(settled, present):
    browser, _application = settled
    before = LocalAccount.objects.get().passphrase
    answer = browser.post(SET, {"present": present, "passphrase": "une phrase toute neuve"})
    page = read(answer.content.decode())
    assert answer.status_code == 422 and page.one("p", id="present-trouble")
    assert not page.all("p", id="passphrase-trouble")
    assert LocalAccount.objects.get().passphrase == before


def test_the_present_one_is_not_guessed_in_an_open_session(settled):
    browser, _application = settled
    fresh = "une phrase toute neuve"
    told = [browser.post(SET, {"present": f"essai {n}", "passphrase": fresh}).status_code for n in range(6)]
    assert told == [422] * 5 + [429]
    assert browser.post(SET, {"present": PHRASE, "passphrase": fresh}).status_code == 429


def test_who_forgot_it_gives_it_up_and_chooses_another(settled):
    browser, _application = settled
    assert f'href="{SET}/retirer"' in browser.get(SET).content.decode()
    browser.post(f"{SET}/retirer")
    assert not read(browser.get(SET).content.decode()).all("input", id="present")
    assert browser.post(SET, {"passphrase": "une phrase toute neuve"}).status_code == 302
    assert LocalAccount.objects.get().passphrase


def test_it_is_given_up(settled, visit):
    browser, _application = settled
    assert "Retirer" in browser.get(f"{SET}/retirer").content.decode()
    assert LocalAccount.objects.get().passphrase
    browser.post(f"{SET}/retirer")
    assert LocalAccount.objects.get().passphrase == ""
    assert visit().post(FORM, {"email": EMAIL, "passphrase": PHRASE}).status_code == 422


def test_no_passphrase_without_a_second_factor(browser, mailbox):
    person = enter(browser, mailbox)
    assert browser.get(SET)["Location"] == "/mon-espace/securite"
    with pytest.raises(NotAllowed):
        accounts.set_passphrase(
            actor=Actor(person=person, principal=person, kind="resident"), passphrase=PHRASE, session=""
        )


@pytest.mark.parametrize(
    "weak",
    [
        "onze signes", "motdepasse123", "Mot de passe 123", "AzertyUiop123", "aaaaaaaaaaaaaaaa", "chatchatchatchat", "abababababab",
        "abcdefghijklm", "987654321098", "nmlkjihgfedcb", "nadia@exemple.fr", "nadianadianadia", "nadia1nadia2", "............", "x" * 201,
    ],
)  # fmt: skip
def test_what_everybody_would_try_is_refused(weak):
    with pytest.raises(WeakPassphrase) as told:
        passphrases.check(weak, email=EMAIL)
    assert told.value.field == "passphrase"


def test_the_most_used_of_stolen_ones_are_refused():
    """The 20,000 that Django brings: those of our length, and the others lengthened as whoever tries them does."""
    listed = CommonPasswordValidator().passwords
    assert len(listed) > 19_000
    long = sorted(each for each in listed if len(each) >= 12)
    lengthened = [each for word in ("dragon", "iloveyou", "marseille", "qwerty") for each in (
        f"{word}20012002", f"!!1234{word}1234", f"{word}monkey1", f"{word.title()} Sunshine", f"{word}-Football"
    )]  # fmt: skip
    for weak in (*long, *(each for each in lengthened if len(each) >= 12)):
        with pytest.raises(WeakPassphrase):
            passphrases.check(weak, email=EMAIL)


@pytest.mark.parametrize(
    "fine",
    [
        PHRASE,
        "douze signes",
        "soleil cheval dragon vélo",
        "chouette-hulotte-44",
        "été éternel à",
        "correct cheval pile agrafe",
        "🐟🐟 poisson du jeudi",
        "x7#kQ2!mP9$w",
    ],
)
def test_no_rule_of_composition(fine):
    passphrases.check(fine, email=EMAIL)


def test_accents_are_the_same_however_they_are_typed():
    assert passphrases.normal("été") == passphrases.normal("e\u0301te\u0301")


def test_a_weak_one_is_told_beside_the_field(settled):
    browser, _application = settled
    answer = browser.post(SET, {"present": PHRASE, "passphrase": "motdepasse123"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="passphrase-trouble"' in page and "motdepasse123" not in page


@pytest.mark.parametrize("path", [FORM, SET])
def test_the_field_hides_what_is_typed_and_lets_managers_and_pasting_work(settled, visit, path):
    browser, _application = settled
    page = read((browser if path == SET else visit()).get(path).content.decode())
    field = page.one("input", id="passphrase").attributes
    assert field["type"] == "password"
    assert field["autocomplete"] == ("new-password" if path == SET else "current-password")
    assert not {"maxlength", "readonly", "pattern", "onpaste"} & set(field)
    assert page.one("input", autocomplete="username")
    scripts = [each.attributes["src"] for each in page.all("script")]
    assert not any("pass" in each for each in scripts), "no script of ours touches it"


@pytest.mark.parametrize(
    "other", [PHRASE.upper(), f"{PHRASE} ", f" {PHRASE}", PHRASE[:-1], f"{PHRASE}x", PHRASE.replace(" ", "")]
)
def test_it_is_compared_as_it_was_typed(settled, visit, other):
    assert visit().post(FORM, {"email": EMAIL, "passphrase": other}).status_code == 422


@pytest.mark.parametrize("length", [64, 65, 200])
def test_a_long_one_counts_to_its_last_sign(settled, visit, length):
    browser, _application = settled
    long = ("quatre bateaux rentrent au port, " * 7)[: length - 1] + "!"
    assert browser.post(SET, {"present": PHRASE, "passphrase": long}).status_code == 302
    assert visit().post(FORM, {"email": EMAIL, "passphrase": long}).status_code == 302
    assert visit().post(FORM, {"email": EMAIL, "passphrase": f"{long[:-1]}?"}).status_code == 422


def test_it_is_never_too_old(settled, visit, later):
    later(days=1000)
    assert visit().post(FORM, {"email": EMAIL, "passphrase": PHRASE})["Location"] == SECOND


@pytest.mark.parametrize("word", ["lacydon12345", "Lacydon Lacydon", "vive la france", "Liberté égalité fraternité"])
def test_the_words_of_this_place_are_refused(word):
    with pytest.raises(WeakPassphrase):
        passphrases.check(word, email=EMAIL)
