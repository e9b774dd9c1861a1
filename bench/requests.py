"""Filling a form in, whole submissions, memory, and the agents' queue at a million requests; durable, on PostgreSQL.

    python -m bench.requests [--pages 3000] [--journeys 600] [--rate 40] [--seconds 30] [--queue 1000000] [--runs 3]

The server is the real one with two workers, visited by four clients; the territory is the real one; PostgreSQL is a
cluster of the bench's own with its usual settings (every commit waits for the disk). Beside the page stands a bare
Django view of as many bytes on the same server, same workers, same clients: with our middleware, and without any. What
an established product did on such a machine, with the same workers and clients, is in PEER (see docs/performance.md).
"""

import argparse
import csv
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import client, measuring
from bench.journeys import Journey, at_once, at_rate
from bench.postgresql import migrated
from lacydon.kernel.folder import Folder
from lacydon.kernel.forms import Form
from lacydon.kernel.forms.reading import read_in
from tests import product
from tests.territories.plausible import Spot

VISITORS = 4
WORKERS = 2
FORM = "collecte-oubliee"
"""Two pages of a real form: an address, a day, choices; an e-mail address."""
PEER = {"bare view / form page": 30.6, "submissions/s": 6.05, "MB a worker": 313.0}
TARGETS = {"times the bare view": 3.0, "submissions/s": 60.0, "MB": 100.0, "step p95 ms": 60.0, "queue p95 ms": 100.0}
VARIABLES = {"DJANGO_SETTINGS_MODULE": "bench.settings", "PYTHONPATH": f"{product.ROOT}/src:{product.ROOT}"}
QUEUES = {
    "what is to be done": "",
    "late": "?vue=retard",
    "mine": "?agent=moi",
    "one service": "?service=service-3",
    "closed": "?vue=closes",
    "all": "?vue=toutes",
}


@dataclass(frozen=True)
class Installation:
    """A migrated database and the folder whose keys open it."""

    home: Path
    url: str
    workers: int = WORKERS

    @property
    def environment(self) -> dict[str, str]:
        return product.environment(home=self.home, DATABASE_URL=self.url) | VARIABLES

    @contextmanager
    def running(self, **variables: str) -> Iterator[product.Product]:
        """Served, on what `prepare` left."""
        with product.running(
            home=self.home,
            territory=None,
            prepared=True,
            variables=VARIABLES | variables,
            WORKERS=str(self.workers),
            DATABASE_URL=self.url,
            JOBS="0",
        ) as served:
            yield served


def apart(task: str, count: int, *, environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """Run a task of this file in a process of its own, on that installation; what it prints."""
    command = [sys.executable, "-m", "bench.requests", "--task", task, "--queue", str(count)]
    told = subprocess.run(command, check=True, env=environment, cwd=product.ROOT, stdout=subprocess.PIPE, text=True)
    return [(name, value) for name, _tab, value in (line.partition("\t") for line in told.stdout.splitlines())]


# Residents


def form_page(served: product.Product, journeys: list[Journey], *, count: int, runs: int) -> dict[str, client.Answers]:
    """The first page of a form, and a bare view of as many bytes through the same middleware."""
    paths = [journeys[at % len(journeys)].start for at in range(count)]
    first = client.ask(served.url, paths[: VISITORS * 8], connections=VISITORS)
    kinds = {"the form’s page": paths, "bare view, our middleware": [f"/fixed/{round(first.mean_size)}"] * count}
    return {
        name: max((client.ask(served.url, asked, connections=VISITORS) for _run in range(runs)), key=_rate)
        for name, asked in kinds.items()
    }


def beside_bare(best: Mapping[str, client.Answers], *, bare: float, size: int) -> None:
    """Table 1: the first page of a form beside a bare view of as many bytes."""
    rows: list[tuple[object, ...]] = []
    for name, run in best.items():
        target = measuring.verdict(bare / _rate(run), at_most=TARGETS["times the bare view"]) if not rows else ""
        rows.append((name, _rate(run), run.latencies.p50, run.latencies.p95, bare / _rate(run), target))
    rows.append(("bare view, no middleware", bare, "", "", 1.0, ""))
    rows.append(("peer: its form page, beside its bare view", "", "", "", PEER["bare view / form page"], ""))
    columns = (
        f"GET of {size} bytes, {WORKERS} workers, {VISITORS} clients",
        "requests/s",
        "p50 ms",
        "p95 ms",
        "bare view ÷ it",
        "target",
    )
    measuring.say("A form’s page beside a bare view", columns, rows)


def _rate(run: client.Answers) -> float:
    return run.per_second


def bare_rate(of: Installation, *, size: int, count: int, runs: int) -> float:
    """Requests a second for a bare view, without any middleware."""
    with of.running(BENCH_BARE="1") as served:
        paths = [f"/fixed/{size}"] * count
        client.ask(served.url, paths[: VISITORS * 8], connections=VISITORS)
        return max(_rate(client.ask(served.url, paths, connections=VISITORS)) for _run in range(runs))


def submissions(served: product.Product, journeys: list[Journey], *, count: int, runs: int) -> None:
    """Table 2: whole journeys a second, and the memory of the workers that made them."""
    some = [journeys[at % len(journeys)] for at in range(count)]
    at_once(served.url, some[: VISITORS * 4], visitors=VISITORS)
    best = max((at_once(served.url, some, visitors=VISITORS) for _run in range(runs)), key=lambda run: run.per_second)
    workers = _workers(served.pid)
    memory = max(map(_megabytes, workers))
    whole_memory = (_megabytes(served.pid) + sum(map(_megabytes, workers))) / len(workers)
    seen = max(_megabytes(worker, "Rss") for worker in workers)
    whole, peer = best.per_second, PEER["submissions/s"]
    target = measuring.verdict(whole, at_least=TARGETS["submissions/s"])
    rows: list[tuple[object, ...]] = [("whole submissions/s (3 posts, 4 pages)", whole, peer, whole / peer, target)]
    peer, target = PEER["MB a worker"], measuring.verdict(memory, at_most=TARGETS["MB"])
    rows.append(("memory of a worker after them, its part of what is shared (PSS), MB", memory, peer, "", target))
    rows.append(("the server and its workers, by worker (PSS), MB", whole_memory, peer, peer / whole_memory, ""))
    rows.append(("what a worker sees, shared or not (RSS), MB", seen, peer, peer / seen, ""))
    measuring.say("Whole submissions", ("two-step form, 4 clients", "ours", "peer", "times better", "target"), rows)


def steps(served: product.Product, journeys: list[Journey], *, rate: float, seconds: float) -> None:
    """Table 3: each step while so many journeys a second begin."""
    some = [journeys[at % len(journeys)] for at in range(max(2, int(rate * seconds)))]
    done = at_rate(served.url, some, rate=rate)
    rows: list[tuple[object, ...]] = []
    for name, spent in done.milliseconds.items():
        of = measuring.Latencies.of(spent)
        rows.append((name, of.p50, of.p95, of.p99, measuring.verdict(of.p95, at_most=TARGETS["step p95 ms"])))
    rows.append(
        (f"done: {done.per_second:.1f} a second, begun {done.latest * 1000:.0f} ms late at worst", "", "", "", "")
    )
    columns = (f"{rate:g} journeys a second begin", "p50 ms", "p95 ms", "p99 ms", "target (p95)")
    measuring.say("Each step of a journey", columns, rows)


def _workers(server: int) -> list[int]:
    """The processes that answer: forked from the server, which does no jobs here."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(each.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == server:
            found.append(int(each.parent.name))
    return found


def _megabytes(process: int, kind: str = "Pss") -> float:
    """What a process has in memory. `Pss`: what it alone has, and its part of what it shares; `Rss`: all it sees."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text()
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith(f"{kind}:"))) / 1024


# Agents


def queue(served: product.Product, *, few: Mapping[str, str], told: Mapping[str, str], count: int, asked: int) -> None:
    """Table 4: the agents' queue, filter by filter, and how many statements a page takes at few and at many."""
    rows: list[tuple[object, ...]] = []
    for name, query in QUEUES.items():
        paths = [f"/agent/demandes{query}"] * asked
        client.ask(served.url, paths[:4], cookie=told["cookie"])
        spent = client.ask(served.url, paths, cookie=told["cookie"]).latencies
        same = "held" if few[name] == told[name] else "MISSED"
        target = measuring.verdict(spent.p95, at_most=TARGETS["queue p95 ms"])
        rows.append((name, spent.p50, spent.p95, few[name], told[name], same, target))
    columns = (f"{count} requests", "p50 ms", "p95 ms", "statements at few", "at many", "the same", "target (p95)")
    measuring.say("The agents’ queue", columns, rows)


@contextmanager
def installation(*, workers: int = WORKERS) -> Iterator[Installation]:
    """With a cluster of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-requests", dir=product.ROOT) as home,
        migrated(Path(home)) as postgresql,
    ):
        yield Installation(Path(home), postgresql.url, workers)


def task_queue(count: int) -> Iterator[tuple[str, str]]:
    """Fill the tables; an agent's cookie, then how many statements each page takes."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from bench.queue_rows import fill
    from lacydon.capabilities.trust.models import Person
    from lacydon.kernel.models import SnapshotVersion
    from tests.capabilities.trust import people

    made = fill(count)
    person = Person.objects.get(pk=made["agents"][0])
    logging.disable(logging.CRITICAL)
    visitor = people.signed_in(Client(SERVER_NAME="127.0.0.1"), person, organisation=made["organisation"])
    name = settings.SESSION_COOKIE_NAME
    yield "cookie", f"{name}={visitor.cookies[name].value}"
    for title, query in QUEUES.items():
        visitor.get(f"/agent/demandes{query}")
        told: list[str] = []

        def noted(run: Any, sql: str, *rest: Any, told: list[str] = told) -> Any:
            if SnapshotVersion._meta.db_table not in sql:  # asked once a second, whatever the page
                told.append(sql)
            return run(sql, *rest)

        with connection.execute_wrapper(noted):
            assert visitor.get(f"/agent/demandes{query}").status_code == 200
        yield title, str(len(told))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--journeys", type=int, default=600)
    parser.add_argument("--rate", type=float, default=40.0, help="journeys begun a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--queue", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3, help="the best of so many is kept")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: does it still run?")
    parser.add_argument("--task", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.task:
        import django

        django.setup()
        for name, told in task_queue(chosen.queue):
            print(f"{name}\t{told}", flush=True)
        return
    if chosen.smoke:
        chosen.pages, chosen.journeys, chosen.rate, chosen.seconds, chosen.queue, chosen.runs = 16, 4, 4.0, 1.0, 2000, 1
    print(measuring.machine())
    with installation(workers=1 if chosen.smoke else WORKERS) as of:
        few = residents(of, chosen)
    if chosen.smoke:
        return
    with installation() as of:
        many = dict(apart("queue", chosen.queue, environment=of.environment))
        with of.running() as served:
            queue(served, few=few, told=many, count=chosen.queue, asked=200)


def residents(of: Installation, chosen: argparse.Namespace) -> dict[str, str]:
    """Tables 2, 3 and 1, on one installation; the bare server afterwards, alone. The statements of a small queue."""
    # Once: another load would close the organisations that are invented here.
    product.done("load", str(product.REAL_TERRITORY), environment=of.environment)
    few = dict(apart("queue", max(1000, chosen.queue // 50), environment=of.environment))
    journeys = [Journey.of(_form(), spot=_spot(), seed=seed) for seed in range(40)]
    with of.running() as served:
        pages = form_page(served, journeys, count=chosen.pages, runs=chosen.runs)
        submissions(served, journeys, count=chosen.journeys, runs=chosen.runs)
        steps(served, journeys, rate=chosen.rate, seconds=chosen.seconds)
        if chosen.smoke:  # the table of the million, on the few that are there
            queue(served, few=few, told=few, count=chosen.queue, asked=4)
    size = round(pages["the form’s page"].mean_size)
    beside_bare(pages, bare=bare_rate(of, size=size, count=chosen.pages, runs=chosen.runs), size=size)
    return few


def _form() -> Form:
    folder = Folder(product.REAL_TERRITORY)
    form = read_in(folder, folder.document(f"forms/{FORM}.yaml"))
    assert form is not None and len(form.pages) == 2
    return form


def _spot() -> Spot:
    with (product.REAL_TERRITORY / "communes.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    return Spot(citycode=first["code"], lon=float(first["lon"]), lat=float(first["lat"]))


if __name__ == "__main__":
    main()
