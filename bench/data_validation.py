"""Validation of an SCDL-like file, with the full report: frictionless 5 beside ours, same schema, same verdicts.

Every measure is a process of its own: its wall time, the processor time of all its threads and its greatest memory are
those of one validation, the start of Python and of the libraries left aside (the same for both). Both are given all
cores; frictionless uses one.
"""

import argparse
import gc
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.measuring import machine, say, verdict
from tests import product

ROOT = product.ROOT
CATEGORIES = [
    "Culture", "Sport", "Éducation", "Jeunesse", "Environnement", "Solidarité", "Santé", "Économie", "Tourisme",
    "Mobilité", "Logement", "Sécurité",
]  # fmt: skip
SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True, "unique": True, "minimum": 1}},
        {"name": "code_insee", "constraints": {"required": True, "pattern": "^([013-9]\\d|2[AB1-9])\\d{3}$"}},
        {"name": "date", "type": "date", "constraints": {"required": True}},
        {"name": "categorie", "constraints": {"enum": CATEGORIES}},
        {"name": "montant", "type": "number", "constraints": {"required": True, "minimum": 0, "maximum": 1_000_000}},
        {"name": "latitude", "type": "number", "constraints": {"minimum": -90, "maximum": 90}},
        {"name": "longitude", "type": "number", "constraints": {"minimum": -180, "maximum": 180}},
        {"name": "objet", "constraints": {"required": True, "maxLength": 100}},
    ]
}
WRONG = ("12.5", "1305", "31/01/2026", "culture", "12€50", "95.1", "E5.3", "x" * 101)
"""One for each column."""
MOST_DIFFERENT = 1_000_000
"""Rows, after which only the identifier differs."""
EMPTY = ("id", "code_insee", "date", "montant", "objet")
WORDS = "aide achat fête parc école travaux concert stage bourse association festival étude réseau quartier".split()


def make(path: Path, rows: int, *, seed: int = 13) -> int:
    """Write a file with about 400 wrong cells a million; how many."""
    chance = random.Random(seed)
    communes = [f"13{number:03d}" for number in range(1, 120)]
    weights = [1 / (rank + 2) for rank in range(119)]
    places = set(chance.sample(range(rows), max(8, rows * 392 // 1_000_000)))
    names = [each["name"] for each in SCHEMA["fields"]]
    wrong = 0
    rests: list[list[str]] = []
    for commune in chance.choices(communes, weights, k=min(rows, MOST_DIFFERENT)):
        day = f"20{chance.randint(15, 26)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        latitude = "" if chance.random() < 0.02 else f"{chance.uniform(43.1, 43.8):.6f}"
        rests.append([
            commune, day, chance.choice(CATEGORIES), f"{chance.uniform(0, 90_000):.2f}", latitude,
            f"{chance.uniform(4.8, 5.9):.6f}", " ".join(chance.choices(WORDS, k=6)),
        ])  # fmt: skip
    lines = [",".join(each) for each in rests]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(names) + "\n")
        for number in range(rows):
            if number not in places:
                file.write(f"{number + 1},{lines[number % len(lines)]}\n")
                continue
            row = [str(number + 1), *rests[number % len(rests)]]
            column = wrong % 8
            row[column] = "" if names[column] in EMPTY and chance.random() < 0.5 else WRONG[column]
            if column == 0 and number > 5 and chance.random() < 0.3:
                row[0] = str(number // 2 + 1)  # may be wrong itself, and then this one is not twice there
            wrong += 1
            file.write(",".join(row) + "\n")
    return wrong


def task_ours(file: Path) -> dict[str, Any]:
    from lacydon.capabilities.data.public import read_schema, validate

    report = validate(file=file, schema=read_schema(SCHEMA), limit=10_000)
    assert len(report.faults) == min(report.errors, 10_000)
    counted = _by_rule(
        (each["type"], each["fieldName"], each["rowNumber"]) for each in report.as_json()["tasks"][0]["errors"]
    )
    assert report.as_text()
    return counted


def task_frictionless(file: Path) -> dict[str, Any]:
    from frictionless import Resource, Schema, validate

    resource = Resource(path=file.name, basepath=str(file.parent), schema=Schema.from_descriptor(SCHEMA))
    errors = validate(resource, limit_errors=10_000).to_descriptor()["tasks"][0]["errors"]
    return _by_rule((each["type"], each["fieldName"], each["rowNumber"]) for each in errors)


def task_duckdb(file: Path) -> dict[str, Any]:
    """What the engine alone needs to read the file as text and to know which identifiers are there twice."""
    import duckdb

    with tempfile.TemporaryDirectory() as spill:
        base = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "1GB", "temp_directory": spill})
        source = f"read_csv('{file}', auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
        source += "columns = "
        source += "{" + ", ".join(f"'{each['name']}': 'VARCHAR'" for each in SCHEMA["fields"]) + "})"
        base.execute(f"CREATE TABLE t AS FROM {source}")
        twice = "SELECT id FROM t GROUP BY id HAVING count(*) > 1"
        found = base.execute(f"SELECT count(*) FROM ({twice})").fetchone()
        assert found is not None
        return {"twice": found[0]}


def _by_rule(errors: Iterable[tuple[str, str, int]]) -> dict[str, Any]:
    """How many of each rule and column; and a digest of every place, to be the same on both sides."""
    counted: dict[str, Any] = {}
    places = sorted(errors)
    for code, name, _row in places:
        counted[f"{code} {name}"] = counted.get(f"{code} {name}", 0) + 1
    return counted | {"places": hashlib.sha256(repr(places).encode()).hexdigest()}


def _measured(task: str, file: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.data_validation", "--task", task, "--file", str(file)]
    environment = product.environment(home=file.parent) | {"DJANGO_SETTINGS_MODULE": "lacydon.config.settings"}
    told = subprocess.run(command, check=True, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def _task(name: str, file: Path) -> None:
    import django

    django.setup()
    small = file.with_suffix(".small.csv")
    call = globals()[f"task_{name}"]
    call(small)  # libraries are loaded
    gc.collect()
    before, spent = time.perf_counter(), os.times()
    found = call(file)
    seconds, after = time.perf_counter() - before, os.times()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    work = after.user + after.system - spent.user - spent.system
    print(json.dumps({"found": found, "seconds": seconds, "work": work, "memory": memory}))


def measure(*, rows: int, large: int) -> None:
    """Both tables; asserts that the verdicts are the same."""
    with tempfile.TemporaryDirectory(prefix="bench-data", dir=ROOT) as folder:
        file = Path(folder) / "t.csv"
        wrong = make(file, rows)
        make(file.with_suffix(".small.csv"), 100)
        peer = _measured("frictionless", file)
        ours = min((_measured("ours", file) for _run in range(3)), key=lambda each: each["work"])
        alone = min((_measured("duckdb", file) for _run in range(3)), key=lambda each: each["work"])
        assert ours["found"] == peer["found"], (ours["found"], peer["found"])
        table = []
        for name, each in (
            ("frictionless 5", peer),
            ("ours, full report", ours),
            ("DuckDB: read, count doubles", alone),
        ):
            wall, work = peer["seconds"] / each["seconds"], peer["work"] / each["work"]
            target = verdict(wall, at_least=30) if name.startswith("ours") else ""
            table.append((name, rows / each["seconds"], wall, rows / each["work"], work, each["memory"], target))
        columns = (
            "validation",
            "rows/s",
            "times frictionless",
            "rows/s of processor",
            "times",
            "peak MB",
            "target (wall)",
        )
        said = f"{rows:,} rows, {file.stat().st_size / 1e6:.0f} MB, {wrong} wrong cells ({machine()})"
        say(f"Validation: {said}; the same faults at the same places", columns, table)
        make(file, large)
        ours, alone = _measured("ours", file), _measured("duckdb", file)
        extra = ours["memory"] - alone["memory"]
        table = [
            (
                name,
                large / each["seconds"],
                large / each["work"],
                each["memory"],
                sum(count for count in each["found"].values() if isinstance(count, int)),
                target,
            )
            for name, each, target in (
                ("ours, full report", ours, f"{extra:+.0f} MB; {verdict(extra, at_most=300)}"),
                ("DuckDB: read, count doubles", alone, ""),
            )
        ]
        columns = ("validation", "rows/s", "rows/s of processor", "peak MB", "found", "more memory than DuckDB")
        say(f"Validation: {large:,} rows ({machine()})", columns, table)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--task", required=True)
    parser.add_argument("--file", type=Path, required=True)
    asked = parser.parse_args()
    _task(asked.task, asked.file)


if __name__ == "__main__":
    main()
