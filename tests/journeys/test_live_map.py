"""The map that a browser draws when it is asked to: from this site alone, with the keyboard too, and never instead of the drawing."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import Browser
from tests.journeys.pages import Page
from tests.journeys.visit import STILL, Visit

pytestmark = pytest.mark.browser
MAP = "/donnees/equipements-sportifs/carte"


def test_a_map_is_moved_and_read_with_the_keyboard(browser: Browser):
    still: dict[str, Any] = STILL
    with browser.context(**still) as visitor:
        tab = visitor.new_page()
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        visit = Visit(tab, Page("live-map", MAP), lang="fr")
        assert not [each for each in asked if "maplibre" in each or "/api/tiles" in each]
        tab.get_by_role("button", name="Carte interactive").click()
        canvas = tab.get_by_role("region", name="Carte interactive")
        back = tab.get_by_role("button", name="Revenir à la carte dessinée")
        expect(back).to_be_visible(timeout=20_000)
        expect(back).not_to_have_attribute("aria-busy", "true", timeout=20_000)
        expect(canvas).to_be_visible()
        assert [each for each in asked if each.endswith(".mvt")]
        # What another host is asked, and what the console says, `browser` tells.
        canvas.focus()
        tab.keyboard.press("Enter")
        popup = tab.locator(".maplibregl-popup")
        expect(popup).to_contain_text("Identifiant")
        expect(popup.get_by_role("link", name="Voir toute la ligne").first).to_have_attribute(
            "href", re.compile(r"^/donnees/equipements-sportifs/lignes/[0-9]+$")
        )
        assert visit.violations() == []
        tab.keyboard.press("Escape")
        expect(popup).to_have_count(0)
        tab.keyboard.press("ArrowRight")
        expect(tab).to_have_url(re.compile("cadre="))
        expect(tab.get_by_role("link", name="Les lignes de cette vue")).to_have_attribute("href", re.compile("cadre="))


def test_without_webgl_the_drawing_stays_and_it_is_said_why(browser: Browser):
    still: dict[str, Any] = STILL
    with browser.context(**still) as visitor:
        visitor.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        tab = visitor.new_page()
        tab.goto(MAP)
        tab.get_by_role("button", name="Carte interactive").click()
        expect(tab.get_by_role("status")).to_contain_text("WebGL")
        expect(tab.locator("svg.spots")).to_be_visible()
