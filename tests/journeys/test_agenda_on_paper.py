"""The screen of those who decide is one sheet of paper."""

from tests.browser import Browser


def test_the_dashboard_prints_on_one_a4(browser: Browser):
    with browser.page("/agenda/tableau-de-bord") as page:
        pdf = page.pdf(format="A4", prefer_css_page_size=True)
        assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page\n") == 1
