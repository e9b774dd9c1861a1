"""How long it takes to say who is in charge, and to load, check and first search a whole territory.

    python -m bench.competences [--contours FILE] [--runs 5]

`resolve` is measured in process, for every theme in communes of chance, by INSEE code and by point. The peer is the
same question as one SQL statement on the tables, with indexes, on SQLite and PostgreSQL: it finds the rules that win
and the authority they name, when the conditions are known; it neither fills sentences nor finds the question to ask.
`--contours` is a GeoJSON of the national commune API; without it, points are resolved by the nearest centre.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench import measuring, postgresql
from tests import product
from tests.search import corpus

BY_CODE_US, BY_POINT_MS, LOAD_S = 50.0, 1.0, 5.0

PRECISION = "CASE {kind} WHEN 'communes' THEN 3 WHEN 'departements' THEN 2 ELSE 1 END"
SQL = """
    WITH place AS (SELECT departement FROM territory_commune WHERE code = {code}),
    subject AS (SELECT COALESCE(NULLIF(follows, ''), id) AS source FROM territory_theme WHERE id = {theme}),
    allowed AS (
        SELECT rule.id, rule.competent, rule.handled_by, rule.legal_basis, {precision} AS precise
        FROM territory_rule rule JOIN subject ON rule.theme_id = subject.source CROSS JOIN place
        WHERE (rule.since IS NULL OR rule.since <= {day}) AND (rule.until IS NULL OR rule.until >= {day})
        AND ({kind} = 'all'
            OR {kind} = 'communes' AND EXISTS (SELECT 1 FROM {codes} WHERE value = {code})
            OR {kind} = 'except' AND NOT EXISTS (SELECT 1 FROM {codes} WHERE value = {code})
            OR {kind} = 'departements' AND EXISTS (SELECT 1 FROM {codes} WHERE value = place.departement))
        AND NOT EXISTS (
            SELECT 1 FROM {conditions} AS needed JOIN {known} AS said ON said.key = needed.key
            WHERE NOT EXISTS (SELECT 1 FROM {values} WHERE value = said.value))
    )
    SELECT allowed.id, allowed.competent, allowed.handled_by, allowed.legal_basis, authority.name, authority.kind
    FROM allowed LEFT JOIN territory_authority authority
        ON authority.id IN (allowed.competent, 'commune-' || {code})
        AND (allowed.competent = authority.id OR allowed.competent = 'commune')
    WHERE precise = (SELECT max(precise) FROM allowed)
"""


@dataclass(frozen=True)
class Asked:
    theme: str
    code: str
    conditions: dict[str, str]
    lon: float
    lat: float


def on_sqlite() -> str:
    kind = "json_extract(rule.\"where\", '$.kind')"
    return SQL.format(
        code="%(code)s",
        theme="%(theme)s",
        day="%(day)s",
        kind=kind,
        precision=PRECISION.format(kind=kind),
        codes="json_each(rule.\"where\", '$.codes')",
        conditions='json_each(rule."when")',
        known="json_each(%(known)s)",
        values="json_each(needed.value)",
    )


def on_postgresql() -> str:
    kind = "(rule.\"where\"->>'kind')"
    return SQL.format(
        code="%(code)s",
        theme="%(theme)s",
        day="%(day)s",
        kind=kind,
        precision=PRECISION.format(kind=kind),
        codes="jsonb_array_elements_text(rule.\"where\"->'codes')",
        conditions='jsonb_each(rule."when")',
        known="jsonb_each_text(%(known)s::jsonb)",
        values="jsonb_array_elements_text(needed.value)",
    )


@contextmanager
def django_on(home: Path, folder: Path) -> Any:
    """The product in this process, with a loaded territory; settings are read once, so once a process."""
    variables = product.environment(home=home)
    product.migrated(environment=variables)
    product.done("load", str(folder), environment=variables)
    os.environ.update(variables | {"DJANGO_SETTINGS_MODULE": "lacydon.config.settings"})
    import django

    django.setup()
    yield variables


def visitors(count: int, *, seed: int = 13) -> list[Asked]:
    """Questions about every theme, from communes of chance, at points near their centres; conditions all known."""
    from lacydon.capabilities.territory import public as territory

    chance = random.Random(seed)
    themes, communes = territory.themes(), territory.communes()
    asked = []
    for _visitor in range(count):
        theme, commune = chance.choice(themes), chance.choice(communes)
        facts = {fact.id: chance.choice(fact.values).value for fact in theme.facts}
        lon, lat = (middle + chance.gauss(0, 0.004) for middle in (commune.lon, commune.lat))
        asked.append(Asked(theme.id, commune.code, facts, lon, lat))
    return asked


def _us(runs: int, call: Callable[[Asked], object], asked: Sequence[Asked]) -> tuple[float, float, float]:
    of = measuring.quietest(runs, lambda: measuring.Latencies.of(measuring.timed(call, asked)))
    return of.p50 * 1000, of.p95 * 1000, of.p99 * 1000


def resolving(asked: list[Asked], *, contours: Path | None, runs: int) -> list[tuple[object, ...]]:
    """Lines of the table: by code, by point without contours, by point with them."""
    from lacydon.capabilities.territory import public as territory
    from lacydon.kernel.errors import OutsideTerritory

    def by_code(each: Asked) -> object:
        return territory.resolve(theme=each.theme, citycode=each.code, conditions=each.conditions)

    def by_code_unknown(each: Asked) -> object:
        return territory.resolve(theme=each.theme, citycode=each.code)

    def by_point(each: Asked) -> object:
        return territory.resolve(theme=each.theme, lon=each.lon, lat=each.lat, conditions=each.conditions)

    def inside(each: Asked) -> bool:
        try:
            by_point(each)
        except OutsideTerritory:
            return False
        return True

    rows: list[tuple[object, ...]] = []
    for name, call in (("by INSEE code, conditions known", by_code), ("by INSEE code, nothing known", by_code_unknown)):
        times = _us(runs, call, asked)
        rows.append((name, *times, measuring.verdict(times[1], at_most=BY_CODE_US)))
    times = _us(runs, by_point, [each for each in asked if inside(each)])
    rows.append(("by point, no contours", *times, measuring.verdict(times[1], at_most=BY_POINT_MS * 1000)))
    if contours is not None:
        import_contours(contours)
        times = _us(runs, by_point, [each for each in asked if inside(each)])
        rows.append(("by point, with contours", *times, measuring.verdict(times[1], at_most=BY_POINT_MS * 1000)))
    return rows


def import_contours(path: Path) -> None:
    """Load the contours, and wait until this process sees them."""
    from django.conf import settings

    from lacydon.capabilities.territory import public as territory

    territory.import_contours(json.loads(path.read_text("utf-8")), source=path.name)
    time.sleep(settings.SNAPSHOT_SECONDS)
    territory.shapes()


def in_sql(asked: list[Asked], cluster: postgresql.Cluster, *, runs: int) -> list[tuple[object, ...]]:
    """The same question to both databases; each answer is compared with ours first."""
    from django.db import connection

    today = date.today()
    with cluster.connect() as peer:
        peer.execute("CREATE INDEX IF NOT EXISTS bench_rule ON territory_rule (theme_id, since, until)")
        peer.execute("ANALYZE")
        with connection.cursor() as cursor:
            sqlite, text = on_sqlite(), on_postgresql()

            def ask_sqlite(each: Asked) -> list[Any]:
                values = {"theme": each.theme, "code": each.code, "day": today, "known": json.dumps(each.conditions)}
                return cursor.execute(sqlite, values).fetchall()

            def ask_postgresql(each: Asked) -> list[Any]:
                values = {"theme": each.theme, "code": each.code, "day": today, "known": json.dumps(each.conditions)}
                return peer.execute(text.encode(), values, prepare=True).fetchall()

            rows: list[tuple[object, ...]] = []
            for name, call in (("peer: SQL on SQLite", ask_sqlite), ("peer: SQL on PostgreSQL", ask_postgresql)):
                _same_answers(call, asked[:300])
                rows.append((name, *_us(runs, call, asked), ""))
    return rows


def _same_answers(call: Callable[[Asked], list[Any]], asked: Sequence[Asked]) -> None:
    from lacydon.capabilities.territory import public as territory

    for each in asked:
        ours = territory.resolve(theme=each.theme, citycode=each.code, conditions=each.conditions)
        theirs = {row[0] for row in call(each)}
        assert theirs == {reason.rule for reason in ours.because}, (each, theirs, ours.because)


def commands(folder: Path, *, runs: int) -> None:
    """Table 2: what an operator waits for. Each is a command of its own, the start of Python included."""
    with tempfile.TemporaryDirectory() as home:
        variables = product.environment(home=Path(home))
        product.migrated(environment=variables)

        def load() -> None:
            product.done("load", str(folder), environment=variables)

        first = measuring.shortest(1, load)
        again = measuring.shortest(runs, load)
        check = measuring.shortest(runs, lambda: product.done("check", str(folder), environment=variables))
        search = measuring.shortest(
            runs, lambda: subprocess.run([sys.executable, "-c", FIRST_SEARCH], env=variables, check=True)
        )
        start = measuring.shortest(
            runs, lambda: subprocess.run([sys.executable, "-c", START], env=variables, check=True)
        )
    rows = (
        ("lacydon load, empty database", first, measuring.verdict(first, at_most=LOAD_S)),
        ("lacydon load, nothing changed", again, measuring.verdict(again, at_most=LOAD_S)),
        ("lacydon check", check, ""),
        ("first search after a load (index built), the start of a process taken off", search - start, ""),
        ("start of a process, in each of the first three", start, ""),
    )
    measuring.say("The whole territory", ("what", "seconds", "target"), rows)


START = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'lacydon.config.settings'; import django; django.setup()"
FIRST_SEARCH = f"{START}; from lacydon.capabilities.services import public; public.search_services(q='poubelle')"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contours", type=Path, help="GeoJSON of the communes' contours")
    parser.add_argument("--territory", type=Path, default=corpus.FOLDER)
    parser.add_argument("--questions", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=5, help="the best of so many is kept")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: does it still run?")
    chosen = parser.parse_args()
    if chosen.smoke:
        chosen.questions, chosen.runs, chosen.territory = 50, 1, product.SMALL_TERRITORY
    print(measuring.machine())
    with tempfile.TemporaryDirectory() as home, postgresql.migrated(Path(home) / "beside") as cluster:
        beside = product.environment(home=Path(home) / "beside", DATABASE_URL=cluster.url)
        product.done("load", str(chosen.territory), environment=beside)
        with django_on(Path(home) / "own", chosen.territory):
            asked = visitors(chosen.questions)
            rows = resolving(asked, contours=chosen.contours, runs=chosen.runs)
            peers = in_sql(asked[: max(50, chosen.questions // 10)], cluster, runs=chosen.runs)
        own = float(str(rows[0][1]))
        table = [(*row[:4], float(str(row[1])) / own, row[4]) for row in [*rows, *peers]]
        columns = ("who is in charge, in process", "p50 µs", "p95 µs", "p99 µs", "times ours", "target (p95)")
        measuring.say("Resolving", columns, table)
    commands(chosen.territory, runs=chosen.runs)


if __name__ == "__main__":
    main()
