"""Everything by keyboard alone: the way in, the list of places, the answer."""

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.browser import Browser
from tests.journeys.pages import Page
from tests.journeys.visit import PHONE, SMALLEST_TARGET, STILL, Visit

pytestmark = pytest.mark.browser

MOST_STEPS = 60


def tab_to(page: Tab, selector: str) -> None:
    """Press Tab until the focus is there, as a person does."""
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def test_the_first_stop_skips_to_the_content(browser: Browser):
    with browser.page() as page:
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        expect(skip).to_have_text("Aller au contenu")
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator("#q")).to_be_focused()


def test_the_main_job_by_keyboard(browser: Browser, addresses: None):
    with browser.page() as page:
        tab_to(page, "#q")
        page.keyboard.type("ma poubelle jaune est cassée")
        page.keyboard.press("Tab")
        expect(page.locator("#lieu")).to_be_focused()
        page.keyboard.type("aubag")
        option = page.get_by_role("option").first
        expect(option).to_contain_text("Aubagne")
        page.keyboard.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(page.locator("#lieu")).to_have_value("Aubagne")
        expect(page.get_by_role("listbox")).to_be_hidden()
        page.keyboard.press("Enter")
        page.wait_for_url("**/recherche?*")
        tab_to(page, ".hit .btn")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Remplacer ou réparer un bac à déchets")
        tab_to(page, "summary")
        page.keyboard.press("Enter")
        expect(page.locator("details").first).to_have_attribute("open", "")


def test_the_list_of_places_goes_round_and_closes(browser: Browser, addresses: None):
    with browser.page() as page:
        field, options = page.locator("#lieu"), page.get_by_role("option")
        field.focus()
        page.keyboard.type("12 rue de la republique")
        expect(options.first).to_be_visible()
        expect(field).to_have_attribute("aria-expanded", "true")
        count = options.count()
        page.keyboard.press("ArrowUp")
        expect(options.nth(count - 1)).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowDown")
        expect(options.first).to_have_attribute("aria-selected", "true")
        chosen = options.first.get_attribute("id")
        expect(field).to_have_attribute("aria-activedescendant", str(chosen))
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(field).to_have_value("12 rue de la republique")
        expect(field).to_have_attribute("aria-expanded", "false")


def test_the_open_list_of_places_has_no_fault(browser: Browser, addresses: None):
    with browser.context(**STILL, **dict(zip(("width", "height"), PHONE, strict=True))) as visitor:
        visit = Visit(visitor.new_page(), Page("home", "/"), lang="fr")
        visit.tab.locator("#lieu").focus()
        visit.tab.keyboard.type("rue de la republique")
        expect(visit.tab.get_by_role("option").first).to_be_visible()
        visit.tab.keyboard.press("ArrowDown")
        assert visit.violations() == []
        expect(visit.tab.get_by_role("listbox")).to_be_visible()
        heights = [box["height"] for each in visit.tab.get_by_role("option").all() if (box := each.bounding_box())]
        assert min(heights) >= SMALLEST_TARGET


def test_a_question_is_answered_by_keyboard(browser: Browser):
    with browser.page("/services/nid-de-poule?citycode=13001") as page:
        tab_to(page, "button[value=departementale]")
        page.keyboard.press("Enter")
        expect(page.locator(".who .badge")).to_have_text("Département")


def test_no_page_holds_the_keyboard(browser: Browser):
    """Tab goes through the whole page and out of it: the map, with its 92 communes, is not on the way."""
    with browser.page("/qui-fait-quoi?theme=dechets.bacs") as page:
        tab_to(page, ".foot a")
