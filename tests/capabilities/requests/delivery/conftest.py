"""One channel that does what it is told, a route to it, and the moment held."""

from collections.abc import Iterator

import pytest

from lacydon.capabilities.requests.ports import channels
from tests.capabilities.requests.delivery import handing


@pytest.fixture
def theirs() -> Iterator[handing.Theirs]:
    """The other side, alone in the registry, and one route of `made.BODY` to it."""
    side = handing.Theirs()
    with channels.only(side):
        handing.routes({})
        yield side


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> handing.Time:
    return handing.Time(monkeypatch)
