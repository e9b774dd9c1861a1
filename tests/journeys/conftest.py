"""What the journeys share: addresses to type, on the product of all the browser tests."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Browser
from tests.journeys.visit import Window, window
from tests.product import Product


@pytest.fixture(scope="session")
def addresses(product: Product) -> None:
    """A few addresses of Aubagne, Aix-en-Provence and Marseille in the embedded index."""
    imported = product.lacydon("addresses", "import", str(Path(__file__).with_name("adresses.csv")))
    assert imported.returncode == 0, imported.stdout + imported.stderr


@pytest.fixture(scope="session")
def one_window(chromium: Any, product: Product) -> Iterator[Window]:
    """Where the pages open to all are visited, one after the other."""
    with window(Browser(chromium=chromium, url=product.url)) as opened:
        yield opened


@pytest.fixture(scope="session")
def named(product: Product) -> Product:
    """The product under a name: browsers refuse passkeys to an address in digits."""
    return replace(product, url=product.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def there(chromium: Any, named: Product) -> Iterator[Browser]:
    """A browser on the product under its name."""
    opened = Browser(chromium=chromium, url=named.url)
    yield opened
    assert not opened.faults
