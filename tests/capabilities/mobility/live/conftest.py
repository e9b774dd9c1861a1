"""The small network in force, a clock that is held, sources that are real servers on this machine."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lacydon.capabilities.mobility.actions.live import asking, demand
from lacydon.capabilities.mobility.models import LiveSource, LiveTurn
from lacydon.capabilities.mobility.queries.timetable import Timetable
from lacydon.kernel import clock
from lacydon.kernel.http import Timeout, partners
from tests.capabilities.mobility.networks import network_in_force
from tests.capabilities.mobility.servers.source import Source, source

WEDNESDAY = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
"""08:00 where the residents live."""


class Clock:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, seconds: float) -> int:
        self.moment += timedelta(seconds=seconds)
        return self.epoch

    @property
    def epoch(self) -> int:
        return int(self.moment.timestamp())


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that only moves when it is told to."""
    made = Clock(WEDNESDAY)
    monkeypatch.setattr(clock, "now", made)
    return made


@pytest.fixture
def network(db: None, tmp_path: Path, settings: Any) -> Timetable:
    settings.HOME = tmp_path
    return network_in_force(tmp_path)


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    """A server that the operator named; nobody waits long for it here."""
    monkeypatch.setattr(asking, "PATIENCE", Timeout(connect=0.5, read=0.3, total=0.5))
    monkeypatch.setattr(asking, "HURRY", Timeout(connect=0.5, read=0.3, total=0.5))
    monkeypatch.setattr(demand, "_noted", {})
    monkeypatch.setattr(demand, "_asking", [(float("-inf"), False)])
    partners.hang_up()
    with source() as running:
        settings.PARTNER_HOSTS = (running.host,)
        yield running
    partners.hang_up()


@pytest.fixture
def asked(server: Source) -> Callable[..., LiveTurn]:
    """Make a source of this server, once, and ask it now; the state of its turn."""

    def ask(kind: str = "gtfs_realtime", *, id: str = "essai", path: str = "/tu", **told: Any) -> LiveTurn:
        values = {"name": "Source d’essai", "kind": kind, "urls": [server.url + path], "prefixes": ["AMP"], "every": 10}
        if not LiveSource.objects.filter(pk=id).exists():
            LiveSource.objects.create(pk=id, **(values | told))
        LiveTurn.objects.filter(source=id).update(next_at=None)
        asking.ask(id, holder="test")
        return LiveTurn.objects.get(source=id)

    return ask
