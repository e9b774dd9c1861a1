"""Indicators follow their data: measured when a dataset has new rows, when a definition changes, and each night."""

from datetime import time

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import daily

from ..actions.indicators.measuring import measure


@job()
def measure_dataset(*, dataset: str) -> None:
    """Those that read it."""
    measure(dataset=dataset)


@job()
def measure_some(*, indicators: list[str]) -> None:
    measure(indicators=indicators)


@daily(at=time(5, 15))
@job()
def measure_all() -> None:
    """What is the same is not asked again; figures of the platform are read, and what went is found out."""
    measure()
