"""What time it is where the residents live."""

from datetime import UTC, date, datetime

from lacydon.kernel import clock


def test_the_day_is_that_of_paris(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    assert clock.today() == date(2026, 7, 1)


def test_moments_know_their_zone():
    assert clock.now().tzinfo is UTC
