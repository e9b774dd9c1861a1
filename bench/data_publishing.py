"""Publishing a large CSV: DuckDB's own CSV → Parquet beside ours, which also guesses, checks and sorts.

Each is a process of its own; wall time, processor time of all its threads, greatest memory.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import data_rows
from bench.measuring import machine, say, verdict
from tests import product


def measure(*, rows: int, large: int) -> None:  # noqa: ARG001 (the same for all parts)
    """`large` rows."""
    with tempfile.TemporaryDirectory(prefix="bench-publishing-") as name:
        folder = Path(name)
        table, _parquet = data_rows.made(folder, rows=large)
        theirs, ours = (_in_a_process(way, table, folder) for way in ("duckdb", "ours"))
        size = table.stat().st_size / 1e6
    say(
        f"Publishing a CSV of {size:,.0f} MB, {large:,} rows ({machine()})",
        ("way", "seconds", "processor s", "MB/s", "greatest memory, MB", "verdict"),
        [
            ("DuckDB: COPY read_csv TO Parquet", *_shown(theirs, size), ""),
            (
                "ours: guessed, checked, numbered, sorted",
                *_shown(ours, size),
                verdict(ours["seconds"] / theirs["seconds"], at_most=2.0)
                + " "
                + verdict(ours["memory"], at_most=1_000),
            ),
        ],
    )


def _shown(found: dict[str, float], size: float) -> tuple[float, float, float, float]:
    return (
        round(found["seconds"], 1),
        round(found["processor"], 1),
        round(size / found["seconds"]),
        round(found["memory"]),
    )


def _in_a_process(way: str, table: Path, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.data_publishing", way, str(table)],
        cwd=product.ROOT,
        env=product.environment(home=folder / "home"),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _alone(way: str, table: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
    import django

    django.setup()
    import duckdb

    from lacydon.capabilities.data.queries.intake import convert, inspect

    target = table.with_suffix(f".{way}.parquet")
    before, start = time.process_time(), time.monotonic()
    if way == "duckdb":
        base = duckdb.connect(config={"threads": 2, "memory_limit": "512MB", "temp_directory": str(table.parent)})
        base.execute(f"COPY (FROM read_csv('{table}')) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    else:
        made = convert(table, inspect(table, name=table.name), to=target)
        assert not made.misfits and made.ordered_by == ("code_insee", "jour"), made
    told = {
        "seconds": time.monotonic() - start,
        "processor": time.process_time() - before,
        "memory": _greatest(),
    }
    print(json.dumps(told))


def _greatest() -> float:
    """Megabytes: of this program alone, where ru_maxrss would begin with its parent's."""
    (line,) = (each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) / 1_000


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=("duckdb", "ours"))
    parser.add_argument("table", type=Path)
    asked = parser.parse_args()
    _alone(asked.way, asked.table)
