"""The screen of those who decide is one sheet of paper."""

import pytest

from tests.browser import Browser


@pytest.mark.parametrize("since", ["", "?depuis=2024-01-01"])
def test_the_dashboard_prints_on_one_a4(browser: Browser, since: str):
    with browser.page(f"/agenda/tableau-de-bord{since}") as page:
        pdf = page.pdf(format="A4", prefer_css_page_size=True)
        assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page\n") == 1
