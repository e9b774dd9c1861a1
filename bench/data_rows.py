"""Ten million rows of a table like those of a metropolis, and their publication in a home: what the bench of data asks.

As a program, in the environment of a product: publishes the rows of a Parquet file as the dataset `ventes`.
"""

import os
import shutil
import sys
from pathlib import Path

import duckdb

ID = "ventes"
COLUMNS = (
    ("id", "integer", ""),
    ("code_insee", "text", "citycode"),
    ("jour", "date", ""),
    ("categorie", "text", ""),
    ("montant", "number", ""),
    ("lat", "number", "latitude"),
    ("lon", "number", "longitude"),
    ("texte", "text", ""),
)
ROWS = """
SELECT range + 1 AS id, lpad((13001 + floor(119 * pow(random(), 2.2)))::INT::VARCHAR, 5, '0') AS code_insee,
    DATE '2015-01-01' + (random() * 3650)::INT AS jour, 'cat_' || (random() * 11)::INT AS categorie,
    round(random() * 1000, 2) AS montant, CASE WHEN random() < 0.02 THEN NULL ELSE 43.2 + random() * 0.5 END AS lat,
    5.0 + random() * 0.7 AS lon,
    'texte ' || (random() * 100000)::INT || ' rue de la ' || (random() * 500)::INT AS texte
FROM range({rows})
"""
"""119 communes, some much larger than others; one latitude in fifty is missing."""


def made(folder: Path, *, rows: int) -> tuple[Path, Path]:
    """The rows as CSV, and as the Parquet file a publication makes of them."""
    table, parquet = folder / "ventes.csv", folder / "ventes.parquet"
    with duckdb.connect(config={"threads": 2, "memory_limit": "4GB", "temp_directory": str(folder / "spill")}) as base:
        base.execute("SELECT setseed(0.5)")
        base.execute(f"COPY ({ROWS.format(rows=rows)}) TO '{table}' (FORMAT csv)")
        base.execute(
            f"COPY (SELECT *, id AS _row FROM read_csv('{table}', types = {{'code_insee': 'VARCHAR'}})"
            f" ORDER BY code_insee, jour DESC, id) TO '{parquet}'"
            " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440)"
        )
    return table, parquet


def publish(parquet: Path) -> None:
    """In this home: the dataset and its version."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
    import django

    django.setup()
    from lacydon.capabilities.data.models import Dataset
    from lacydon.capabilities.data.public import Column, describe_dataset, publish_version
    from lacydon.capabilities.data.queries import lake
    from lacydon.capabilities.trust.models import Organisation
    from lacydon.kernel.access import MACHINE

    Organisation.objects.get_or_create(id="banc", defaults={"kind": "metropole", "name": {"fr": "Banc d’essai"}})
    if not Dataset.objects.filter(pk=ID).exists():
        said = {
            "organisation": "banc",
            "title": {"fr": "Ventes"},
            "description": {"fr": "Des lignes."},
            "licence": "lov2",
        }
        describe_dataset(id=ID, actor=MACHINE, fields=said | {"status": "published"})
    file = lake.workshop() / "ventes.parquet"
    shutil.copyfile(parquet, file)
    columns = [Column(name=name, label=name, type=kind, kind=beyond) for name, kind, beyond in COLUMNS]  # type: ignore[arg-type]
    publish_version(dataset=ID, file=file, columns=columns, actor=MACHINE, ordered_by=("code_insee", "-jour"))


if __name__ == "__main__":
    publish(Path(sys.argv[1]))
