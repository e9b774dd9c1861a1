import pytest

from .meeting import Clock


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)
