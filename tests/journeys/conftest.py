"""What the journeys share: addresses to type, on the product of all the browser tests."""

from pathlib import Path

import pytest

from tests.product import Product


@pytest.fixture(scope="session")
def addresses(product: Product) -> None:
    """A few addresses of Aubagne, Aix-en-Provence and Marseille in the embedded index."""
    imported = product.lacydon("addresses", "import", str(Path(__file__).with_name("adresses.csv")))
    assert imported.returncode == 0, imported.stdout + imported.stderr
