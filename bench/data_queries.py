"""Asking a published table through HTTP, beside DuckDB alone, PostgreSQL with indexes and Datasette."""

import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import duckdb
import httpx

from bench import client, data_rows, measuring, postgresql
from tests import product

API = f"/api/explore/v2.1/catalog/datasets/{data_rows.ID}"
SMALL, LARGE = "13055", "13001"
"""A commune among others, and the one with the most rows."""


def _records(**asked: str) -> str:
    return f"{API}/records?{urlencode(asked, quote_via=quote)}"


QUESTIONS: Mapping[str, tuple[str, str]] = {
    "filter and group": (
        _records(select="categorie,count(*) as n,sum(montant) as total", where="montant>500", group_by="categorie",
                 order_by="n desc", limit="10"),
        "SELECT categorie, count(*) AS n, sum(montant) AS total FROM ventes WHERE montant > 500"
        " GROUP BY categorie ORDER BY n DESC LIMIT 10",
    ),
    "facet": (
        f"{API}/facets?facet=categorie",
        "SELECT categorie, count(*) AS n FROM ventes GROUP BY categorie ORDER BY n DESC",
    ),
    "a commune, newest first, 100 rows": (
        _records(where=f"code_insee='{SMALL}'", order_by="jour desc", limit="100"),
        f"SELECT id, code_insee, jour, categorie, montant, lat, lon, texte FROM ventes WHERE code_insee = '{SMALL}'"
        " ORDER BY jour DESC LIMIT 100",
    ),
    "the largest commune, newest first, 100 rows": (
        _records(where=f"code_insee='{LARGE}'", order_by="jour desc", limit="100"),
        f"SELECT id, code_insee, jour, categorie, montant, lat, lon, texte FROM ventes WHERE code_insee = '{LARGE}'"
        " ORDER BY jour DESC LIMIT 100",
    ),
}  # fmt: skip
WARMING = 16
"""Questions before those measured: each thread of the server has opened its connections."""
PAGE_MS = 60.0
AS_DUCKDB, AS_DATASETTE, AS_POSTGRESQL, PAGE_TIMES = 1.5, 20.0, 2.0, 3.0
EXPORT_MBS, EXPORT_MB = 50.0, 300.0


def _each(ask: Callable[[str], object], *, runs: int) -> dict[str, float]:
    """Milliseconds of each question, asked in SQL; the median."""
    return {
        name: measuring.Latencies.of(measuring.timed(ask, [sql] * runs)).p50 for name, (_a, sql) in QUESTIONS.items()
    }


def measure(*, rows: int, large: int) -> None:  # noqa: ARG001 (the same for all parts)
    """Questions over `large` rows: with few of them, what is measured is the platform around the engine."""
    with tempfile.TemporaryDirectory() as folder:
        table, parquet = data_rows.made(Path(folder), rows=large)
        queries(table, parquet, rows=large, runs=7 if large > 100_000 else 2)


def queries(table: Path, parquet: Path, *, rows: int, runs: int) -> None:
    """The tables « Questions through HTTP », « A page of 100 rows » and « Exports »."""
    with tempfile.TemporaryDirectory() as temporary, tempfile.TemporaryDirectory() as other:
        home = Path(temporary)
        environment = product.environment(home=home)
        product.migrated(environment=environment)
        publishing = [sys.executable, "-m", "bench.data_rows", str(parquet)]
        subprocess.run(publishing, env=environment, cwd=product.ROOT, check=True)
        with product.running(home=home, territory=None, prepared=True, WORKERS="1", JOBS="0") as served:
            ours = {name: _through(served.url, address, runs=runs) for name, (address, _sql) in QUESTIONS.items()}
            page = _many(served.url, [_records(limit="100", offset=str(n)) for n in range(0, 9890, 25)])
            again = _many(served.url, [_records(limit="100")] * 400)
            exports = {form: _export(served, form) for form in ("csv", "jsonl", "parquet")}
        alone = _alone(parquet, runs=runs)
        indexed = _postgresql(table, runs=runs)
        datasette, its_page = _datasette(table, Path(other), runs=runs)
    said: list[tuple[object, ...]] = []
    for name, mine in ours.items():
        newest = "newest" in name
        times = mine / alone[name]
        target = (
            measuring.verdict(mine, at_most=PAGE_MS) if newest else
            f"DuckDB {measuring.verdict(times, at_most=AS_DUCKDB)}; PostgreSQL"
            f" {measuring.verdict(indexed[name] / mine, at_least=AS_POSTGRESQL)}; Datasette"
            f" {measuring.verdict(datasette[name] / mine, at_least=AS_DATASETTE)}"
        )  # fmt: skip
        said.append((name, mine, alone[name], indexed[name], datasette[name], times, target))
    columns = (f"{rows:,} rows, median ms".replace(",", " "), "ours, HTTP", "DuckDB alone", "PostgreSQL, indexes",
               "Datasette", "× DuckDB", "target")  # fmt: skip
    measuring.say("Questions through HTTP", columns, said)
    measuring.say(
        "A page of 100 rows",
        ("JSON, one worker", "requests/s", "× Datasette", "target"),
        [
            (
                "each page another",
                page,
                page / its_page,
                measuring.verdict(page / its_page, at_least=PAGE_TIMES),
            ),
            ("the same page again", again, again / its_page, ""),
            ("Datasette, no count, no facet", its_page, 1.0, ""),
        ],
    )
    measuring.say(
        "Exports",
        ("whole table", "MB", "MB/s", "memory of the worker, MB more", "target"),
        [
            (form, size / 1e6, speed, memory, f"{measuring.verdict(speed, at_least=EXPORT_MBS)}; memory"
             f" {measuring.verdict(memory, at_most=EXPORT_MB)}")
            for form, (size, speed, memory) in exports.items()
        ],
    )  # fmt: skip


def _through(url: str, address: str, *, runs: int) -> float:
    """Milliseconds of the same question, never answered from what was kept: each time another unused parameter."""
    sign = "&" if "?" in address else "?"
    client.ask(url, [f"{address}{sign}apikey={n}" for n in range(runs, runs + WARMING)])
    return client.ask(url, [f"{address}{sign}apikey={n}" for n in range(runs)]).latencies.p50


def _many(url: str, addresses: list[str]) -> float:
    client.ask(url, addresses[:20])
    return client.ask(url, addresses, connections=8).per_second


def _export(served: product.Product, form: str) -> tuple[int, float, float]:
    """Bytes, MB/s from the first byte asked to the last received, and megabytes more of memory at the worst."""
    before, worst, over = _memory(served.pid), [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            worst[0] = max(worst[0], _memory(served.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, size = time.perf_counter(), 0
    with httpx.stream(
        "GET", f"{served.url}{API}/exports/{form}", headers={"Accept-Encoding": "identity"}, timeout=600, verify=False
    ) as answer:
        answer.raise_for_status()
        for part in answer.iter_raw():
            size += len(part)
    seconds = time.perf_counter() - began
    over.set()
    watcher.join()
    return size, size / 1e6 / seconds, max(worst[0] - before, 0.0)


def _memory(pid: int) -> float:
    """Megabytes that a process and those it started have for themselves."""
    total = 0.0
    for each in (pid, *_children(pid)):
        try:
            for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Clean", "Private_Dirty")):
                    total += int(line.split()[1]) / 1024
        except OSError:
            continue
    return total


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for each in task.read_text().split():
                yield int(each)
                yield from _children(int(each))
        except OSError:
            continue


def _alone(parquet: Path, *, runs: int) -> dict[str, float]:
    """DuckDB on the same file, in this process, two threads."""
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as base:
        base.execute("SET parquet_metadata_cache = true")
        base.execute(f"CREATE VIEW ventes AS SELECT * EXCLUDE (_row) FROM read_parquet('{parquet}')")
        return _each(lambda sql: base.execute(sql).fetchall(), runs=runs)


def _postgresql(table: Path, *, runs: int) -> dict[str, float]:
    """PostgreSQL with the indexes these questions want, vacuumed."""
    with postgresql.cluster() as cluster, cluster.connect() as peer:
        peer.execute(
            "CREATE UNLOGGED TABLE ventes (id BIGINT, code_insee TEXT, jour DATE, categorie TEXT, montant NUMERIC,"
            " lat DOUBLE PRECISION, lon DOUBLE PRECISION, texte TEXT)"
        )
        with peer.cursor().copy("COPY ventes FROM STDIN (FORMAT csv, HEADER)") as copy, table.open("rb") as file:
            while part := file.read(1 << 20):
                copy.write(part)
        peer.execute("CREATE INDEX ON ventes (code_insee, jour DESC)")
        peer.execute("CREATE INDEX ON ventes (categorie)")
        peer.execute("CREATE INDEX ON ventes (montant) INCLUDE (categorie)")
        peer.execute("VACUUM ANALYZE ventes")
        return _each(lambda sql: peer.execute(sql).fetchall(), runs=runs)


def _datasette(table: Path, folder: Path, *, runs: int) -> tuple[dict[str, float], float]:
    """Datasette over SQLite with the same indexes, its limit of time lifted; and its pages of 100 rows a second."""
    base = sqlite3.connect(folder / "ten.db")
    base.execute(
        "CREATE TABLE ventes (id INTEGER PRIMARY KEY, code_insee TEXT, jour TEXT, categorie TEXT, montant REAL,"
        " lat REAL, lon REAL, texte TEXT)"
    )
    with duckdb.connect() as reader:
        cursor = reader.execute(
            "SELECT id, code_insee, jour::VARCHAR, categorie, montant, lat, lon, texte FROM"
            f" read_csv('{table}', types = {{'code_insee': 'VARCHAR'}})"
        )
        while part := cursor.fetchmany(100_000):
            base.executemany("INSERT INTO ventes VALUES (?, ?, ?, ?, ?, ?, ?, ?)", part)
    base.executescript(
        "CREATE INDEX by_commune ON ventes (code_insee, jour DESC); CREATE INDEX by_category ON ventes (categorie);"
        "CREATE INDEX by_amount ON ventes (montant, categorie); ANALYZE;"
    )
    base.close()
    port = product.free_port()
    command = [sys.executable, "-m", "datasette", "serve", "ten.db", "-p", str(port),
               "--setting", "sql_time_limit_ms", "120000", "--setting", "num_sql_threads", "1"]  # fmt: skip
    with _running(command, folder=folder, port=port) as url:
        address = f"{url}/ten.json?_shape=array&sql="
        times = _each(lambda sql: httpx.get(address + quote(sql), timeout=180).raise_for_status(), runs=min(runs, 3))
        addresses = [f"/ten/ventes.json?_size=100&_nocount=1&_nofacet=1&_next={n}" for n in range(0, 9890, 25)]
        return times, _many(url, addresses)


@contextmanager
def _running(command: list[str], *, folder: Path, port: int) -> Iterator[str]:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet) as server:
        try:
            for _each in range(200):
                with socket.socket() as asked:
                    if asked.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
