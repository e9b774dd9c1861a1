"""One kind of catalogue, alone in the registry."""

from collections.abc import Iterator

import pytest

from lacydon.capabilities.data.ports import catalogues
from tests.capabilities.data.harvesting.theirs import Theirs


@pytest.fixture
def theirs() -> Iterator[Theirs]:
    side = Theirs()
    with catalogues.only(side):
        yield side
