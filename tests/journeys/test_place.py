"""The place: proposed while typing, measured, remembered by the browser only, forgotten when asked."""

import pytest
from playwright.sync_api import expect

from tests.browser import Browser

pytestmark = pytest.mark.browser

AUBAGNE = {"longitude": 5.5706, "latitude": 43.2909}
LYON = {"longitude": 4.8357, "latitude": 45.7640}
RESULTS = "/recherche?q=bac+cassé&lieu=Aubagne"


def test_an_address_is_proposed_while_typing(browser: Browser, addresses: None):
    with browser.page() as page:
        page.locator("#q").fill("ma poubelle est cassée")
        page.locator("#lieu").press_sequentially("12 rue de la republique aub")
        option = page.get_by_role("option", name="12 Rue de la République 13400 Aubagne")
        expect(option).to_be_visible()
        option.click()
        expect(page.locator("#lieu")).to_have_value("12 Rue de la République 13400 Aubagne")
        page.get_by_role("button", name="Chercher").click()
        expect(page.locator(".place")).to_contain_text("Aubagne")
        expect(page.locator(".hit").first).to_contain_text("Qui s’en occupe à Aubagne")


def test_an_address_is_understood_without_script(browser: Browser, addresses: None):
    with browser.page(java_script_enabled=False) as page:
        page.locator("#q").fill("ma poubelle est cassée")
        page.locator("#lieu").fill("3 bis chemin des muriers aubagne")
        page.get_by_role("button", name="Chercher").click()
        expect(page.locator(".hit").first).to_contain_text("Qui s’en occupe à Aubagne")


def test_what_stands_for_a_place_leaves_with_its_text(browser: Browser, addresses: None):
    """A proposal taken, then another text typed over it: the first commune is not asked about any more."""
    with browser.page() as page:
        page.locator("#q").fill("bac cassé")
        page.locator("#lieu").press_sequentially("aubagne")
        page.get_by_role("option").first.click()
        expect(page.locator("[name=citycode]")).to_have_count(1)
        page.locator("#lieu").fill("Martigues")
        expect(page.locator("[name=citycode]")).to_have_count(0)
        page.get_by_role("button", name="Chercher").click()
        expect(page.locator(".place")).to_contain_text("Martigues")


def test_the_place_is_remembered_then_forgotten(browser: Browser):
    with browser.context() as visitor:
        page = visitor.new_page()
        page.goto(RESULTS)
        expect(page.locator(".place")).to_contain_text("etenu dans ce navigateur seulement.")
        page.goto("/")
        expect(page.locator("#lieu")).to_have_value("Aubagne")
        page.locator("#q").fill("inscrire mon enfant à l’école")
        page.get_by_role("button", name="Chercher").click()
        expect(page.locator(".hit").first).to_contain_text("Aubagne")
        assert visitor.cookies() == []
        page.goto("/")
        page.get_by_role("button", name="Oublier ce lieu").click()
        expect(page.locator("#lieu")).to_have_value("")
        expect(page.get_by_role("status").filter(has_text="Lieu oublié.")).to_be_visible()
        page.reload()
        expect(page.locator("#lieu")).to_have_value("")
        assert page.evaluate("localStorage.length") == 0


def test_nothing_is_remembered_of_a_visitor_who_gave_no_place(browser: Browser):
    with browser.context() as visitor:
        page = visitor.new_page()
        page.goto("/recherche?q=bac+cassé")
        assert (visitor.cookies(), page.evaluate("localStorage.length + sessionStorage.length")) == ([], 0)


def test_around_me_finds_the_commune(browser: Browser):
    with browser.page(permissions=["geolocation"], geolocation=AUBAGNE) as page:
        page.get_by_role("button", name="Autour de moi").click()
        expect(page.locator("#lieu")).to_have_value("Aubagne")
        expect(page.locator("[name=citycode]")).to_have_value("13005")
        page.locator("#q").fill("bac cassé")
        page.get_by_role("button", name="Chercher").click()
        expect(page.locator(".hit").first).to_contain_text("Qui s’en occupe à Aubagne")


def test_a_position_that_is_refused_is_said(browser: Browser):
    with browser.page() as page:
        page.context.clear_permissions()
        page.get_by_role("button", name="Autour de moi").click()
        told = page.get_by_role("status").filter(has_text="Votre navigateur ne donne pas votre position")
        expect(told).to_be_visible()
        expect(page.locator("#lieu")).to_have_value("")


def test_a_position_outside_of_the_territory_is_said(browser: Browser):
    with browser.page(permissions=["geolocation"], geolocation=LYON) as page:
        page.get_by_role("button", name="Autour de moi").click()
        expect(page.get_by_role("status").filter(has_text="hors d")).to_be_visible()
        expect(page.locator("#lieu")).to_have_value("")


def test_the_field_goes_on_working_when_proposals_do_not_come(browser: Browser):
    with browser.page() as page:
        page.route("**/api/**", lambda route: route.abort())
        page.locator("#q").fill("bac cassé")
        with page.expect_request("**/api/v1/addresses*"):
            page.locator("#lieu").press_sequentially("Aubagne")
        expect(page.get_by_role("listbox")).to_be_hidden()
        page.get_by_role("button", name="Chercher").click()
        expect(page.locator(".hit").first).to_contain_text("Qui s’en occupe à Aubagne")


def test_without_script_no_button_promises_a_position(browser: Browser):
    with browser.page(java_script_enabled=False) as page:
        expect(page.get_by_role("button", name="Autour de moi")).to_be_hidden()
