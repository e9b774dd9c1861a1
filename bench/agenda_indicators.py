"""Two hundred indicators computed again over ten million rows, each by its own question, each with its proof.

    python -m bench.agenda_indicators [--rows 10000000] [--indicators 200] [--smoke]

A dataset of the bench has a new version; all the indicators that read it are computed, written and journaled.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import data_rows, measuring
from tests import product

TARGET = 10.0
"""Seconds, of two hundred indicators over ten million rows (issue 7)."""
QUESTIONS = (
    "SELECT sum(montant) AS value, count(*) AS n FROM \"ventes\" WHERE categorie = 'cat_{n}'",
    "SELECT avg(montant) AS value, count(*) AS n FROM \"ventes\" WHERE code_insee = '{code}'",
    'SELECT 100.0 * count(*) FILTER (WHERE montant > {many}) / count(*) AS value, count(*) AS n FROM "ventes"'
    " WHERE code_insee = '{code}'",
    "SELECT count(*) AS value, count(*) AS n FROM \"ventes\" WHERE jour >= DATE '{year}-01-01'"
    " AND jour < DATE '{year}-12-31'",
)
"""What indicators ask: a sum of a category, a mean and a share of a commune, a count of a year."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--indicators", type=int, default=200)
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: it runs, the figures mean nothing")
    parser.add_argument("--inside", action="store_true", help="what runs in the environment of the product")
    asked = parser.parse_args()
    if asked.smoke:
        asked.rows, asked.indicators = 2_000, 8
    if asked.inside:
        _inside(asked.indicators)
        return
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        _table, parquet = data_rows.made(Path(folder), rows=asked.rows)
        environment = product.environment(home=Path(home))
        product.migrated(environment=environment)
        subprocess.run(
            [sys.executable, "-m", "bench.data_rows", str(parquet)], env=environment, cwd=product.ROOT, check=True
        )
        inside = [sys.executable, "-m", "bench.agenda_indicators", "--inside", "--indicators", str(asked.indicators)]
        said = subprocess.run(inside, env=environment, cwd=product.ROOT, check=True, capture_output=True, text=True)
    first, again, proven = (float(each) for each in said.stdout.split()[-3:])
    rows = [
        ("all of them, a new version", first, measuring.verdict(first, at_most=TARGET)),
        ("all of them, nothing new", again, ""),
        ("proving one value again", proven, ""),
    ]
    title = f"{asked.indicators} indicators over {measuring.shown(asked.rows)} rows"
    measuring.say("Indicators computed again", (title, "seconds", "target"), rows)
    print(f"\n{measuring.machine()}")


def _inside(many: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
    import django

    django.setup()
    from lacydon.capabilities.agenda.actions.indicators.measuring import measure
    from lacydon.capabilities.agenda.models import Reading
    from lacydon.capabilities.agenda.public import Wanted, write
    from lacydon.capabilities.agenda.queries.indicators.computing import proof
    from lacydon.capabilities.agenda.queries.nouns import SHAPES
    from lacydon.kernel.access import MACHINE

    made = []
    for n in range(many):
        query = QUESTIONS[n % len(QUESTIONS)].format(
            n=n % 12, code=f"{13001 + n % 119}", many=100 + n, year=2015 + n % 9
        )  # fmt: skip
        said = {
            "id": f"banc-{n}", "title": {"fr": f"Banc {n}"}, "definition": {"fr": "…"}, "kind": "resultat",
            "unit": {"fr": "lignes"}, "source": {"dataset": "ventes", "query": query, "min_cell": 1},
        }  # fmt: skip
        made.append(Wanted(kind="indicator", id=f"banc-{n}", object=SHAPES["indicator"].model_validate(said)))
    write(wanted=made, actor=MACHINE, reason="banc")
    began = time.perf_counter()
    found = measure(dataset="ventes")
    first = time.perf_counter() - began
    assert (found.asked, found.stale) == (many, 0), found
    began = time.perf_counter()
    measure(dataset="ventes")
    again = time.perf_counter() - began
    one = Reading.objects.order_by("pk").first()
    assert one is not None
    began = time.perf_counter()
    assert proof(one).same
    print(first, again, time.perf_counter() - began)


if __name__ == "__main__":
    main()
