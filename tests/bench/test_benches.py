"""Each bench still runs, at tiny sizes, and prints its tables: what they measure is not judged here."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import product

TABLES = {
    "search_engines": ["Which engine finds best"],
    "services": ["Search through HTTP", "The search itself, beside PostgreSQL"],
    "pages": ["Results pages and their limit", "Each page, from the server", "Each page, in a browser"],
    "competences": ["Resolving", "The whole territory"],
    "fresh": ["From nothing to the first page"],
    "trust": ["Proving and verifying, SQLite", "Asking whether one may"],
    "addresses": ["Search, in process", "Points, in process"],
    "data": ["Questions through HTTP", "A page of 100 rows", "Exports"],
    "agenda": ["The dashboards of an agenda"],
    "agenda_indicators": ["Indicators computed again"],
    "requests": [
        "A form’s page beside a bare view",
        "Whole submissions",
        "Each step of a journey",
        "The agents’ queue",
    ],
}


@pytest.mark.parametrize("bench", [pytest.param(name, marks=pytest.mark.browser) for name in TABLES])
def test_bench(bench: str, tmp_path: Path):
    finished = subprocess.run(
        [sys.executable, "-m", f"bench.{bench}", "--smoke"],
        cwd=product.ROOT,
        env=product.environment(home=tmp_path),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    for title in TABLES[bench]:
        _before, found, after = finished.stdout.partition(f"\n{title}\n\n")
        rows = after.split("\n\n")[0].splitlines()
        assert found and len(rows) > 2 and all(row.startswith("|") for row in rows), finished.stdout


def test_every_bench_is_run_here():
    programs = (path for path in (product.ROOT / "bench").glob("*.py") if "__main__" in path.read_text("utf-8"))
    parts = ("data_", "mobility")  # of `bench.data`; those of transport want a real network, which is never committed
    runs = {path.stem for path in programs if not path.stem.startswith(parts)}
    assert runs == set(TABLES)
