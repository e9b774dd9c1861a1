"""Each page of who has something: a resident with proofs and consents, one who is helped, staff, a helper."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from django.utils import translation

from tests.browser import Browser
from tests.journeys.inhabitants import VISITED, inhabitants
from tests.journeys.pages import Page
from tests.journeys.visit import Visit, window
from tests.product import Product

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def people(product: Product) -> dict[str, Any]:
    return inhabitants(product)


def test_the_list_of_what_is_visited_is_true(people: dict[str, Any]):
    paths = [urlsplit(path).path for each in people.values() for path in each["pages"].values()]
    with translation.override("fr"):
        assert {resolve(path).url_name for path in paths} == set(VISITED)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    "who", ["resident", "principal", "staff", "publisher", "writer", "replicator", "carrier", "helper"]
)
def test_their_pages_have_no_fault(browser: Browser, people: dict[str, Any], who: str, lang: str):
    wrong = {}
    cookies = [{"name": "lacydon", "value": people[who]["cookie"], "url": browser.url}]
    with window(browser, cookies=cookies) as opened:
        for name, path in people[who]["pages"].items():
            tab = opened.tab()
            visit = Visit(tab, Page(name, path), lang=lang)
            if not tab.url.endswith(Page(name, path).at(lang)):
                wrong[name] = [f"led to {tab.url}"]
            elif faults := visit.faults(colours=lang == "fr"):
                wrong[name] = faults[:5]
            visit.end()
    assert wrong == {}


@pytest.mark.parametrize(("who", "name"), [("resident", "proofs"), ("staff", "agent")])
def test_on_a_phone_every_entry_of_the_menu_is_one_press_away(
    browser: Browser, people: dict[str, Any], who: str, name: str
):
    with browser.context(width=360, height=740, java_script_enabled=False) as visitor:
        visitor.add_cookies([{"name": "lacydon", "value": people[who]["cookie"], "url": browser.url}])
        tab = visitor.new_page()
        tab.goto(people[who]["pages"][name])
        entries = tab.locator("#sections a, #sections form button")
        assert not entries.first.is_visible()
        tab.locator("button.sections").press("Enter")
        boxes = [each.bounding_box() for each in entries.all()]
        assert len(boxes) >= 7
        assert all(box and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes)
        assert all(box and 0 <= box["y"] <= 740 - box["height"] for box in boxes)
        tab.keyboard.press("Escape")
        assert not entries.first.is_visible()
