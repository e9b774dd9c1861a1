"""Each page of who has something: a resident with proofs and consents, one who is helped, staff, a helper."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from django.utils import translation

from tests.browser import Browser
from tests.journeys.inhabitants import VISITED, inhabitants
from tests.journeys.pages import Page
from tests.journeys.visit import STILL, Visit
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
@pytest.mark.parametrize("who", ["resident", "principal", "staff", "helper"])
def test_their_pages_have_no_fault(browser: Browser, people: dict[str, Any], who: str, lang: str):
    wrong = {}
    with browser.context(**STILL) as visitor:
        visitor.add_cookies([{"name": "lacydon", "value": people[who]["cookie"], "url": browser.url}])
        for name, path in people[who]["pages"].items():
            tab = visitor.new_page()
            visit = Visit(tab, Page(name, path), lang=lang)
            if not tab.url.endswith(Page(name, path).at(lang)):
                wrong[name] = [f"led to {tab.url}"]
            elif faults := visit.faults():
                wrong[name] = faults[:5]
            tab.close()
    assert wrong == {}
