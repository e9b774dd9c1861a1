"""Each page in French, in light and dark, on a small and on a large screen, with the keyboard."""

import pytest

from tests.browser import Browser
from tests.journeys.pages import PAGES, Page
from tests.journeys.visit import Window, check, check_failure

pytestmark = pytest.mark.browser

_titles: dict[str, str] = {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page(one_window: Window, page: Page):
    check(one_window, page, lang="fr", titles=_titles)


def test_the_page_of_a_failure(browser: Browser):
    check_failure(browser, lang="fr")
