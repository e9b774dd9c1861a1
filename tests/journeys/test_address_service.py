"""The national address service is meant to answer and does not: the embedded index does, and the page says so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import product as products
from tests.browser import Browser

pytestmark = pytest.mark.browser

ADDRESS = "12 rue de la republique aubagne"
TOLD = "Le service national des adresses ne répond pas"


@pytest.fixture(scope="module")
def without_service(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[products.Product]:
    """A product whose national address service is at an address where nobody answers."""
    home = tmp_path_factory.mktemp("without-service")
    nobody = f"https://127.0.0.1:{products.free_port()}"
    with (
        products.database_of(f"without_service_{worker_id}") as database,
        products.running(home=home, ADDRESS_API_URL=nobody, **database) as running,
    ):
        imported = running.lacydon("addresses", "import", str(Path(__file__).with_name("adresses.csv")))
        assert imported.returncode == 0, imported.stdout + imported.stderr
        yield running


@pytest.fixture
def visitor(chromium: Any, without_service: products.Product) -> Iterator[Browser]:
    opened = Browser(chromium=chromium, url=without_service.url)
    yield opened
    assert not opened.faults


def test_the_page_answers_and_says_where_the_answer_comes_from(visitor: Browser):
    with visitor.page(f"/recherche?q=bac+cassé&lieu={ADDRESS}", java_script_enabled=False) as page:
        expect(page.locator(".note", has_text=TOLD)).to_be_visible()
        expect(page.locator(".hit").first).to_contain_text("Qui s’en occupe à Aubagne")


def test_proposals_still_come_while_typing_and_the_reader_is_told(visitor: Browser):
    with visitor.page() as page:
        page.locator("#lieu").press_sequentially(ADDRESS)
        expect(page.get_by_role("option", name="12 Rue de la République 13400 Aubagne")).to_be_visible()
        expect(page.get_by_role("status").filter(has_text=TOLD)).to_be_attached()


def test_a_commune_is_understood_without_any_service(visitor: Browser):
    with visitor.page("/recherche?q=bac+cassé&lieu=Aubagne") as page:
        expect(page.locator(".hit").first).to_contain_text("Qui s’en occupe à Aubagne")
        expect(page.get_by_text(TOLD)).to_have_count(0)
