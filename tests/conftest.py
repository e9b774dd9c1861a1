"""What the tests share: the small territory, the running product, the browser."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import browser as browsers
from tests import product as products
from tests.identity_provider import panva


@pytest.fixture(scope="session")
def territory_folder() -> Path:
    """A small invented territory, valid; copy it before you change it."""
    return Path(__file__).parent / "territory"


@pytest.fixture
def client() -> Client:
    """Django's client as a browser on a page of ours: it says so, or nothing could be changed (middleware.origins)."""
    return Client(headers={"Sec-Fetch-Site": "same-origin"})


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[products.Product]:
    """The whole product, with the real territory, behind its real server: one for each process of tests."""
    home = tmp_path_factory.mktemp("product")
    with products.database_of(f"product_{worker_id}") as database, products.running(home=home, **database) as running:
        yield running


@pytest.fixture(scope="session")
def identity_provider() -> Iterator[panva.Panva]:
    """A real provider of identities, shaped as FranceConnect and as ProConnect; see `Panva.register` and `Visitor`."""
    with panva.running() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    # Playwright keeps an event loop in this thread, where Django would then refuse the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with browsers.chromium() as running:
        yield running
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser(chromium: Any, product: products.Product) -> Iterator[browsers.Browser]:
    """A browser on the product; the test fails when a page spoke to another host or made an error."""
    opened = browsers.Browser(chromium=chromium, url=product.url)
    yield opened
    assert not opened.faults
