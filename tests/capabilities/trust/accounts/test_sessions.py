"""Where one is signed in: shown in words, ended one by one or all at once, and nobody else's."""

from lacydon.capabilities.trust.models import Entry, Session
from tests.capabilities.trust.accounts.mailbox import enter
from tests.capabilities.trust.people import resident, signed_in
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
