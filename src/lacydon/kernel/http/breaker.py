"""A circuit breaker: a source that keeps failing is left alone for a while, so that nobody waits for it in vain."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Circuit:
    failures: int = 0
    opened: float | None = None
    trial: bool = False


class Breaker:
    """One circuit for each host: after `failures` in a row it opens; after `rest` seconds one trial may close it."""

    def __init__(self, *, failures: int = 5, rest: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.failures = failures
        self.rest = rest
        self._clock = clock
        self._circuits: dict[str, _Circuit] = {}
        self._lock = threading.Lock()

    def allows(self, host: str) -> bool:
        """Whether to try this host now; while its circuit rests, only one trial at a time is let through."""
        with self._lock:
            circuit = self._circuits.get(host)
            if circuit is None or circuit.opened is None:
                return True
            if circuit.trial or self._clock() - circuit.opened < self.rest:
                return False
            circuit.trial = True
            return True

    def succeeded(self, host: str) -> None:
        with self._lock:
            self._circuits.pop(host, None)

    def failed(self, host: str) -> None:
        with self._lock:
            circuit = self._circuits.setdefault(host, _Circuit())
            circuit.failures += 1
            if circuit.trial or circuit.failures >= self.failures:
                circuit.opened, circuit.trial = self._clock(), False

    def open(self, host: str) -> bool:
        """Whether this host is being left alone."""
        circuit = self._circuits.get(host)
        return circuit is not None and circuit.opened is not None
