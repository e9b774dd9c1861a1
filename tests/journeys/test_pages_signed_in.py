"""Each page of one's own space, as test_pages does for those open to all."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import expect

from lacydon.kernel.clock import now
from tests.browser import Browser
from tests.journeys import signed_in
from tests.journeys.pages import Page
from tests.journeys.visit import STILL, Visit, Window, window
from tests.product import Product

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def new(chromium: Any, named: Product) -> Iterator[Window]:
    """A window of somebody who has just come."""
    browser = Browser(chromium=chromium, url=named.url)
    with signed_in.visitor(browser, named, email="neuve@exemple.fr") as context:
        cookies = context.cookies()
    with window(browser, cookies=cookies) as opened:
        yield opened


@pytest.fixture(scope="module")
def protected(chromium: Any, named: Product) -> Iterator[Window]:
    """The same of somebody who has just shown a second factor; and the application that gives its codes."""
    browser = Browser(chromium=chromium, url=named.url)
    with signed_in.visitor(browser, named, email="sure@exemple.fr") as context:
        tab = context.new_page()
        tab.goto("/mon-espace/securite/application")
        secret = re.sub(r"\s", "", tab.locator(".secret code").text_content() or "")
        step = int(now().timestamp())
        application = pyotp.TOTP(secret)
        tab.locator("#code").fill(application.at(step - 30))
        tab.get_by_role("button", name="Enregistrer l’application").click()
        tab.wait_for_url("**/mon-espace/securite")
        tab.goto("/connexion/renforcer")
        tab.locator("#code").fill(application.at(step))
        tab.get_by_role("button", name="Continuer").click()
        tab.wait_for_url("**/mon-espace/securite")
        cookies = context.cookies()
    with window(browser, cookies=cookies) as opened:
        yield opened


def check(opened: Window, page: Page, *, lang: str) -> None:
    visit = Visit(opened.tab(), page, lang=lang)
    assert visit.tab.url.endswith(page.at(lang)), f"led to {visit.tab.url}"
    faults = visit.faults(colours=lang == "fr")
    visit.end()
    assert [*faults, *opened.browser.told()] == []


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("page", signed_in.NEW, ids=lambda page: page.name)
def test_page_of_somebody_new(new: Window, page: Page, lang: str):
    check(new, page, lang=lang)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("page", signed_in.PROTECTED, ids=lambda page: page.name)
def test_page_of_somebody_protected(protected: Window, page: Page, lang: str):
    check(protected, page, lang=lang)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_pages_on_the_way_in(there: Browser, named: Product, protected: Window, lang: str):
    """The message is sent; its link is opened; the second factor is asked for, then refused."""
    email = "sure@exemple.fr"
    with there.context(**STILL) as context:
        tab = context.new_page()
        tab.goto("/connexion/courriel")
        tab.locator("#email").fill(email)
        tab.get_by_role("button", name="Envoyer le lien").click()
        tab.wait_for_url("**/envoye")
        colours = lang == "fr"
        sent = Page("sent", "/connexion/courriel/envoye")
        faults = Visit(context.new_page(), sent, lang=lang).faults(colours=colours)
        opened = urlsplit(signed_in.link(named, to=email)).path
        faults += Visit(context.new_page(), Page("link", opened), lang=lang).faults(colours=colours)
        tab.goto(opened)
        tab.get_by_role("button", name="Entrer dans mon espace").click()
        tab.wait_for_url("**/connexion/code")
        asked = Page("second-factor", "/connexion/code")
        faults += Visit(context.new_page(), asked, lang=lang).faults(colours=colours)
        tab.locator("#code").fill("000000")
        tab.get_by_role("button", name="Continuer").click()
        expect(tab.locator("#code")).to_be_focused()
        expect(tab.locator("#code-trouble")).to_be_visible()
    assert faults == []
