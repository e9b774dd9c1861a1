"""A source that keeps failing rests; one trial tells whether it is back."""

import pytest

from lacydon.kernel.http import Breaker


@pytest.fixture
def time():
    return [0.0]


@pytest.fixture
def breaker(time):
    return Breaker(failures=3, rest=10, clock=lambda: time[0])


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        assert breaker.allows("a")
        breaker.failed("a")


def test_failures_in_a_row_open_it(breaker):
    fail(breaker, 2)
    breaker.succeeded("a")
    fail(breaker, 3)
    assert not breaker.allows("a")
    assert breaker.allows("b")


def test_after_its_rest_one_trial_at_a_time(breaker, time):
    fail(breaker, 3)
    time[0] = 10
    assert breaker.allows("a")
    assert not breaker.allows("a")
    breaker.failed("a")
    time[0] = 19
    assert not breaker.allows("a")
    time[0] = 20
    assert breaker.allows("a")
    breaker.succeeded("a")
    assert breaker.allows("a")
