"""Each page, in French and in English, in light and dark, on a small and on a large screen, with the keyboard."""

import pytest
from django.test import RequestFactory
from django.utils import translation

from lacydon.capabilities.home.pages.errors import failure
from tests.browser import Browser
from tests.journeys.pages import PAGES, Page
from tests.journeys.visit import STILL, faults_of

pytestmark = pytest.mark.browser

SHOWN = 12
_titles: dict[str, str] = {}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page(browser: Browser, page: Page, lang: str):
    with browser.context(**STILL) as visitor:
        faults, title, heading = faults_of(visitor, page, lang=lang)
    assert not faults, "\n".join(["", *faults[:SHOWN], f"({len(faults)} in all)"])
    same = _titles.setdefault(f"{lang} {title}", page.name)
    assert same in (page.name, page.state_of), f"{page.name} and {same} have the same title: {title}"
    assert heading


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_of_a_failure(browser: Browser, lang: str):
    """No address of the product leads to its page 500: it is made here, and shown under the product's name."""
    page = Page("failure", "/panne", status=500)
    with translation.override(lang):
        html = failure(RequestFactory().get(page.at(lang))).content.decode()
    with browser.context(**STILL) as visitor:
        faults, _title, _heading = faults_of(visitor, page, lang=lang, served=html)
    assert not faults, "\n".join(["", *faults[:SHOWN]])
