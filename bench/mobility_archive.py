# ruff: noqa: E501  (rows drawn in SQL)
"""Ten million observed passages: how long the figures of a month take, and in how much memory.

    python bench/mobility_archive.py [--passages 10000000] [--home FOLDER] [--keep]

The passages are drawn (no file of anybody): 30 days, 120 lines, 2,500 quays, delays like those of a town. Each question
is asked of closed days as the page asks it, by an engine that nothing warmed; the memory is that of this process.
"""

import argparse
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

MONTH = "2026-10"
REPEATS = 3
DAYS = [date(2026, 10, 1) + timedelta(days=n) for n in range(30)]
DRAWN = """
    SELECT DATE '{day}' AS jour, 'EX:' || ligne AS ligne_id, CAST(ligne AS VARCHAR) AS ligne, CAST(n % 2 AS INTEGER) AS sens,
        'EX:' || ligne || '-' || (n // 30) AS course_id, 'Terminus ' || ligne AS destination, 'EX:q' || arret AS arret_id,
        'arret-' || arret || '-13055' AS lieu_id, 'Arrêt ' || arret AS arret, CAST(13001 + arret % 90 AS VARCHAR) AS code_insee,
        CAST(n % 30 AS INTEGER) AS rang, n % 30 = 29 AS terminus, prevu, prevu + to_seconds(ecart - 20) AS arrive,
        prevu + to_seconds(ecart) AS observe, CAST(ecart AS INTEGER) AS ecart_s, CAST(5 + (n * 17) % 19 AS INTEGER) AS heure,
        'EX:' || ligne || '-' || (n // 30 - 1) AS precedente, CAST(300 + (ligne % 5) * 150 AS INTEGER) AS intervalle_prevu_s,
        CASE WHEN n % 4 = 0 THEN NULL ELSE CAST(greatest(0, 300 + (ligne % 5) * 150 + ecart // 2) AS INTEGER) END AS intervalle_s,
        'essai' AS source, '0123456789abcdef' AS horaire
    FROM (SELECT i AS n, i % 120 AS ligne, (i * 31) % 2500 AS arret, TIMESTAMPTZ '{day} 03:00:00+00' + to_seconds(i * 68_000 // {many}) AS prevu,
        CAST(round(90 + 140 * sqrt(-2 * ln(random() + 1e-9)) * cos(6.2831853 * random())) AS INTEGER) AS ecart FROM range({many}) t(i))
    ORDER BY ligne_id, prevu
"""


def main() -> None:
    asks = argparse.ArgumentParser()
    asks.add_argument("--passages", type=int, default=10_000_000)
    asks.add_argument("--home", default="")
    asks.add_argument("--keep", action="store_true")
    asked = asks.parse_args()
    home = Path(asked.home or tempfile.mkdtemp(prefix="lacydon-bench-"))
    os.environ["LACYDON_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
    import django

    django.setup()
    if (
        not (home / "mobility" / "archive" / DAYS[-1].isoformat()).exists() and os.fork() == 0
    ):  # drawn in another process, so that the memory measured is that of questions
        _draw(home, asked.passages)
        os._exit(0)
    with suppress(ChildProcessError):
        os.wait()
    from lacydon.capabilities.mobility.queries.archive import archive
    from lacydon.capabilities.mobility.queries.punctuality import Wish, figures

    weight = sum(each.stat().st_size for each in archive().rglob("passages.parquet")) / 1e6
    print(f"{asked.passages:,} passages, {weight:.0f} MB on the disk")
    before = _memory()
    for by, wish in (
        ("tout", Wish(MONTH)),
        ("ligne", Wish(MONTH)),
        ("heure", Wish(MONTH)),
        ("jour", Wish(MONTH)),
        ("commune", Wish(MONTH)),
        ("arret", Wish(MONTH)),
        ("arret", Wish(MONTH, "EX:7")),
        ("heure", Wish(MONTH, "EX:7")),
        ("heure", Wish(MONTH, "", "arret-31-13055")),
    ):
        times, spent = [], time.process_time()
        for _n in range(REPEATS):
            from lacydon.capabilities.mobility.queries.punctuality import figures as module

            sys.modules[module.__module__]._held.clear()
            shutil.rmtree(archive() / "figures", ignore_errors=True)
            began = time.perf_counter()
            found = figures(wish, by=by)
            times.append(time.perf_counter() - began)
        what = f"{by}{' of a line' if wish.line else ' of a stop' if wish.place else ''}"
        spent = (time.process_time() - spent) / REPEATS
        print(
            f"{what:20} {statistics.median(times) * 1000:7.0f} ms   {spent:5.2f} s of processor   {len(found.rows):5} rows"
        )
    print(f"memory: {_memory():.0f} MB at most ({before:.0f} before the first question)")
    if not asked.keep and not asked.home:
        shutil.rmtree(home)


def _draw(home: Path, passages: int) -> None:
    import duckdb

    base = duckdb.connect()
    base.execute("SET TimeZone = 'UTC'")
    for day in DAYS:
        folder = home / "mobility" / "archive" / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        drawn = DRAWN.format(day=day, many=passages // len(DAYS))
        base.execute(f"COPY ({drawn}) TO '{folder / 'passages.parquet'}' (FORMAT parquet, COMPRESSION zstd)")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
