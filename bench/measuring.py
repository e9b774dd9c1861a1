"""What every bench shares: how times are summed up, how tables are written, on what machine."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

Asked = TypeVar("Asked")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Latencies:
    """Percentiles of a series of times; milliseconds."""

    p50: float
    p95: float
    p99: float
    count: int

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> "Latencies":
        """Of at least two times."""
        cuts = statistics.quantiles(milliseconds, n=100, method="inclusive")
        return cls(p50=cuts[49], p95=cuts[94], p99=cuts[98], count=len(milliseconds))


def timed(call: Callable[[Asked], object], asked: Iterable[Asked]) -> list[float]:
    """How long each call takes; milliseconds."""
    times = []
    for each in asked:
        began = time.perf_counter()
        call(each)
        times.append((time.perf_counter() - began) * 1000)
    return times


def quietest(runs: int, measure: Callable[[], Latencies]) -> Latencies:
    """The best of several runs: others work on the machine too, and can only slow us down."""
    return min((measure() for _run in range(runs)), key=lambda each: each.p95)


def shortest(runs: int, call: Callable[[], object]) -> float:
    """Seconds of the fastest of several calls."""
    return min(timed(lambda _run: call(), range(runs))) / 1000


def say(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table in Markdown; numbers are shown with three significant digits."""
    print(f"\n{title}\n")
    print(f"| {' | '.join(columns)} |")
    print(f"|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(shown(cell) for cell in row)} |", flush=True)


def shown(value: object) -> str:
    """`0.01234` → `0.0123`, `1234.5` → `1 234`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace(",", " ")
    if isinstance(value, float):
        if abs(value) >= 100:
            return f"{value:,.0f}".replace(",", " ")
        return f"{value:.3g}"
    return str(value)


def verdict(value: float, *, at_most: float | None = None, at_least: float | None = None) -> str:
    """The target and whether it is held: `≤ 20: held`."""
    if at_most is not None:
        return f"≤ {shown(at_most)}: {'held' if value <= at_most else 'MISSED'}"
    assert at_least is not None
    return f"≥ {shown(at_least)}: {'held' if value >= at_least else 'MISSED'}"


def machine() -> str:
    """What the figures depend on, without naming the machine; the load is that of the last minute."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    named = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    system = f"{named.get('NAME', '').strip(chr(34)).split()[0]} {named.get('VERSION_ID', '').strip(chr(34))}"
    return (
        f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB, {system}, Python {platform.python_version()}; "
        f"load {os.getloadavg()[0]:.1f}"
    )
