"""The frame of every page fits its window, between the two widths at which pages are visited too."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.mark.parametrize("path", ["/", "/en/"])
def test_the_menu_never_pushes_the_page_sideways(browser, path: str) -> None:
    for width in (768, 1000, 1121):
        with browser.context(width=width) as visitor:
            page = visitor.new_page()
            page.goto(browser.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert page.locator(".top nav").is_visible() != page.locator(".top .menu").is_visible()
