"""What operators measure, as OpenMetrics at /metrics.

With several workers, `lacydon serve` sets PROMETHEUS_MULTIPROC_DIR before this module is imported: each worker then
writes its figures to a file of that folder, and whichever answers /metrics adds them up.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest

MEDIA_TYPE = CONTENT_TYPE_LATEST
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
FINE = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5)

_requests = Counter("lacydon_http_requests", "Requests answered.", ("method", "route", "status"))
_latency = Histogram("lacydon_http_request_seconds", "Time to answer a request.", ("method", "route"), buckets=SECONDS)
_searches = Histogram("lacydon_search_seconds", "Time of a search in process.", ("index",), buckets=FINE)
_outside = Counter("lacydon_outside_calls", "Calls of connectors to outside systems.", ("host", "outcome"))
_made = Counter(
    "lacydon_made", "Costly things made by a process, before it serves or while a visitor waits.", ("what", "whom")
)


def request_answered(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer; `route` is a URL template (a bounded set), never a path."""
    method = method if method in METHODS else "other"
    _requests.labels(method, route, str(status)).inc()
    _latency.labels(method, route).observe(seconds)


@contextmanager
def search_timed(index: str) -> Iterator[None]:
    """Time a search: `with metrics.search_timed("services"): …`."""
    began = time.perf_counter()
    try:
        yield
    finally:
        _searches.labels(index).observe(time.perf_counter() - began)


def outside_called(*, host: str, outcome: str) -> None:
    """Count a call of a connector (`outcome`: ok, error, refused, open)."""
    _outside.labels(host, outcome).inc()


def made(*, what: str, whom: str) -> None:
    """Count something that takes long to make (`whom`: server, before anybody asks; visitor, who waited for it)."""
    _made.labels(what, whom).inc()


asked_at_each_reading: list[Callable[[], Iterable[Metric]]] = []
"""Functions that give the figures no process counts by itself (the state of the queue of jobs)."""


class _Everything:
    """What the processes counted, then what is asked now."""

    def __init__(self, counted: CollectorRegistry) -> None:
        self._counted = counted

    def collect(self) -> Iterator[Metric]:
        yield from self._counted.collect()
        for ask in asked_at_each_reading:
            yield from ask()


def exposition() -> bytes:
    """Every figure of every worker, as OpenMetrics text."""
    counted = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    everything = CollectorRegistry(auto_describe=False)
    everything.register(_Everything(counted))
    return bytes(generate_latest(everything))
