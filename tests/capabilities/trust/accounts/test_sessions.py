"""Where one is signed in: shown in words, ended one by one or all at once, and nobody else's."""

from datetime import timedelta

import pytest

from lacydon.capabilities.trust.actions.accounts import end_own_sessions
from lacydon.capabilities.trust.models import Entry, Person, Session
from lacydon.config.command_line import main
from lacydon.kernel.access import StrongerSignInNeeded
from lacydon.kernel.clock import now
from tests.capabilities.trust.accounts.mailbox import ask, enter
from tests.capabilities.trust.people import actor, resident, signed_in
from tests.markup import read

PAGE, END = "/mon-espace/securite", "/mon-espace/securite/appareils/deconnecter"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def others(browser):
    page = read(browser.get(PAGE).content.decode())
    return [each.attributes["value"] for each in page.all("input", name="appareil")]


def test_browsers_are_named_and_this_one_is_marked(visit, mailbox):
    here, there = visit(), visit(**{"User-Agent": FIREFOX})
    enter(here, mailbox)
    enter(there, mailbox)
    page = here.get(PAGE).content.decode()
    assert "Firefox, Linux" in page and page.count("Cet appareil") == 1
    assert len(others(here)) == 1


def test_one_is_ended(visit, mailbox):
    here, there, third = visit(), visit(), visit()
    for each in (here, there, third):
        enter(each, mailbox)
    which = others(here)[0]
    here.post(END, {"appareil": which})
    assert not Session.objects.filter(pk=which).exists()
    assert sorted(each.get(PAGE).status_code for each in (here, there, third)) == [200, 200, 302]
    assert Entry.objects.filter(action="session.end").count() == 1


def test_all_the_others_are_ended(visit, mailbox):
    browsers = [visit() for _browser in range(3)]
    for each in browsers:
        enter(each, mailbox)
    browsers[0].post(END)
    assert [each.get(PAGE).status_code for each in browsers] == [200, 302, 302]
    assert others(browsers[0]) == []


def test_an_old_session_ends_no_other_before_signing_in_anew(visit, mailbox, later):
    """Who found a session open must not put its owner out."""
    here, there = visit(), visit()
    for each in (here, there):
        enter(each, mailbox)
    which = others(here)[0]
    later(minutes=11)
    for asked in ({"appareil": which}, {}):
        assert here.post(END, asked)["Location"].startswith("/connexion/encore")
    assert Session.objects.filter(pk=which).exists()
    with pytest.raises(StrongerSignInNeeded):
        end_own_sessions(
            actor=actor(Person.objects.get(pk=here.session["person"]), signed_in_at=now() - timedelta(minutes=11)),
            but="",
        )
    assert Session.objects.filter(pk=which).exists()


def test_nobody_ends_the_session_of_somebody_else(visit, mailbox):
    here, thief = visit(), signed_in(visit(), resident())
    enter(here, mailbox)
    (row,) = Session.objects.filter(person=here.session["person"])
    thief.post(END, {"appareil": row.pk})
    assert here.get(PAGE).status_code == 200


def test_the_pages_are_well_made(visit, mailbox):
    browser = visit()
    for path in ("/connexion", "/connexion/courriel", "/connexion/phrase", "/connexion/cle"):
        read(browser.get(path).content.decode())
    enter(browser, mailbox)
    for path in (
        PAGE, f"{PAGE}/application", f"{PAGE}/cles/nouvelle", "/connexion/renforcer", "/mon-espace/coordonnees",
        "/mon-espace/coordonnees/courriel", "/mon-espace/coordonnees/telephone", "/mon-espace/coordonnees/adresse",
    ):  # fmt: skip
        read(browser.get(path).content.decode())


def test_the_operator_ends_the_sessions_of_one_person(visit, mailbox, capsys):
    here, other = visit(), signed_in(visit(), resident())
    person = enter(here, mailbox)
    assert main(["sessions", "end", "--person", person]) == 0
    assert "1" in capsys.readouterr().out
    assert [each.get(PAGE).status_code for each in (here, other)] == [302, 200]
    assert Entry.objects.get(action="session.end", subject=person).actor_kind == "machine"


def test_the_operator_ends_all_sessions_those_half_way_in_too(visit, mailbox):
    here, other, waiting = visit(), signed_in(visit(), resident()), visit()
    enter(here, mailbox)
    ask(waiting)
    assert main(["sessions", "end", "--all"]) == 0
    assert not Session.objects.exists()
    assert [each.get(PAGE).status_code for each in (here, other)] == [302, 302]
    assert Entry.objects.filter(action="session.end").count() == 2


@pytest.mark.parametrize("rest", [[], ["--person", "x", "--all"]])
def test_whose_sessions_end_is_said(rest, capsys):
    with pytest.raises(SystemExit):
        main(["sessions", "end", *rest])


def test_an_unknown_person_is_a_sentence(db, capsys):
    assert main(["sessions", "end", "--person", "personne"]) == 1
    assert "pas connue" in capsys.readouterr().err


@pytest.mark.parametrize(("without", "open"), [({"minutes": 59}, 200), ({"minutes": 61}, 302)])
def test_one_that_is_left_idle_ends(visit, mailbox, later, without, open):
    browser = visit()
    enter(browser, mailbox)
    later(**without)
    assert browser.get(PAGE).status_code == open


def test_one_that_is_used_all_day_ends_after_twelve_hours(visit, mailbox, later):
    browser = visit()
    enter(browser, mailbox)
    for _each in range(13):
        later(minutes=55)
        assert browser.get(PAGE).status_code == 200
    later(minutes=10)
    assert browser.get(PAGE).status_code == 302


def test_a_key_cannot_be_guessed(visit, mailbox, settings):
    """32 signs of 36: 165 bits, from the generator of the system."""
    browser = visit()
    enter(browser, mailbox)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert len(key) == 32 and key.isalnum()


def test_signing_out_and_my_sessions_are_in_the_menu_of_my_space(visit, mailbox):
    browser = visit()
    enter(browser, mailbox)
    for path in ("/mon-espace", PAGE, "/mon-espace/mandats", "/mon-espace/accords", "/mon-espace/mes-donnees"):
        page = read(browser.get(path).content.decode())
        assert page.all("form", action="/deconnexion"), path
        assert page.all("a", href=PAGE), path
