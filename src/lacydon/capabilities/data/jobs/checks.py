"""What is kept of checked files goes after an hour."""

import time as clock

from lacydon.kernel.schedule import at_each_beat

from ..actions.checking import sweep

EVERY = 300
"""Seconds."""
_last = [0.0]


@at_each_beat
def sweep_checks() -> None:
    if clock.monotonic() - _last[0] > EVERY:
        _last[0] = clock.monotonic()
        sweep()
