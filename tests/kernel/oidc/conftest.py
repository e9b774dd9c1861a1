"""A provider that can be bent, honest until then."""

from collections.abc import Iterator

import pytest

from tests.identity_provider.hostile import Hostile, hostile_provider


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    with hostile_provider() as running:
        yield running
