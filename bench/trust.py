"""The journal: entries recorded a second, durable, on both databases; proofs at 10 million entries; verification.

    python -m bench.trust [--entries 20000] [--large 10000000] [--verified 1000000]

The peer, in the same run, on the same disk and with the same durability (every commit waits for it): the store's own
bulk insert, by its driver alone, of the very same rows into a table with the very same indexes, as many a commit.
PostgreSQL is a cluster of the bench's own, with its usual settings: fsync and synchronous_commit are on.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.measuring import Latencies, machine, quietest, say, timed, verdict
from bench.postgresql import migrated
from tests import product

ROOT = product.ROOT
A_COMMIT = 500
"""Entries recorded in one transaction."""
CHECKS = 20_000
VISITORS = 16
"""Threads that record one access each at a time."""


@contextmanager
def installation(*, on_postgresql: bool = False) -> Iterator[dict[str, str]]:
    """The environment of a fresh, migrated installation."""
    settings = {"DJANGO_SETTINGS_MODULE": "lacydon.config.settings"}
    with tempfile.TemporaryDirectory(prefix="bench-trust", dir=ROOT) as home:
        if on_postgresql:
            with migrated(Path(home)) as cluster:
                yield product.environment(home=Path(home), DATABASE_URL=cluster.url) | settings
            return
        environment = product.environment(home=Path(home)) | settings
        product.migrated(environment=environment)
        yield environment


def apart(task: str, count: int, *, environment: dict[str, str]) -> list[tuple[str, float]]:
    """Run a task of this file in a process of its own, on that installation; the figures it prints."""
    command = [sys.executable, "-m", "bench.trust", "--task", task, "--entries", str(count)]
    told = subprocess.run(command, check=True, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout
    return [(name, float(value)) for name, value in (line.rsplit("\t", 1) for line in told.splitlines())]


def accesses(count: int) -> list[Any]:
    """So many accesses by 50 agents to the data of 2,000 people."""
    from django.db import transaction

    from lacydon.capabilities.trust.actions.people import new_person
    from lacydon.capabilities.trust.public import Draft
    from lacydon.kernel.access import Actor

    with transaction.atomic():
        people = [str(new_person(kind="resident").pk) for _ in range(min(2_000, count))]
        agents = [str(new_person(kind="agent").pk) for _ in range(50)]
    actors = [
        Actor(
            person=agent,
            principal=agent,
            kind="agent",
            organisation="commune-97001",
            roles=frozenset({"requests.agent"}),
        )
        for agent in agents
    ]
    return [
        Draft(
            actor=actors[number % 50],
            action="request.see",
            purpose="Instruire la demande",
            basis="RGPD, article 6, 1, e",
            object=f"request:R-2026-{number}",
            subject=people[number % len(people)],
        )
        for number in range(count)
    ]


def task_record(count: int) -> Iterator[tuple[str, float]]:
    """Entries a second: the store alone, the journal by batches, by visitors at once, one by one; then publishing."""
    from django.db import connection, transaction

    from lacydon.capabilities.trust.public import publish_checkpoint, record_all, record_alone
    from lacydon.capabilities.trust.queries import leaves

    drafts = accesses(count)
    batches = [drafts[at : at + A_COMMIT] for at in range(0, count, A_COMMIT)]

    def together() -> None:
        for batch in batches:
            with transaction.atomic():
                record_all(batch)

    def plainly(draft: Any) -> None:
        with transaction.atomic():
            record_all([draft])

    together()
    rows = leaves.stored(leaves.rows("1 = 1 ORDER BY id"))
    connection.close()
    twin = _twin(rows)
    # One after the other, three times: what the disk does meanwhile happens to both.
    rates = [(count / twin(), count / _seconds(together)) for _round in range(3)]
    yield "store's own bulk insert", max(store for store, _journal in rates)
    yield "journal, in the act's transaction", max(journal for _store, journal in rates)
    some = drafts[: max(VISITORS, min(count, 3_000))]
    yield f"journal, {VISITORS} visitors at once, joined", _at_once(record_alone, some)
    yield f"journal, {VISITORS} visitors at once, each its commit", _at_once(plainly, some)
    alone = some[:500]
    yield "journal, one after the other", len(alone) / _seconds(lambda: [plainly(draft) for draft in alone])
    waiting = len(leaves.rows("position IS NULL"))
    yield "published: position, tree, signed head", waiting / _seconds(publish_checkpoint)


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _at_once(call: Callable[[Any], object], drafts: list[Any]) -> float:
    """Calls a second by several threads, all of which have returned; those that waited in vain do not count."""
    from django.db import OperationalError, connection

    done: list[None] = []

    def some(number: int) -> None:
        for draft in drafts[number::VISITORS]:
            with suppress(OperationalError):  # SQLite, 20 seconds in line behind the others
                call(draft)
                done.append(None)
        connection.close()

    threads = [threading.Thread(target=some, args=(number,)) for number in range(VISITORS)]
    began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return len(done) / (time.perf_counter() - began)


def _twin(rows: list[tuple[Any, ...]]) -> Callable[[], float]:
    """A bulk insert of these rows into a twin of the journal's table, by the driver alone; seconds."""
    from django.conf import settings
    from django.db import connection

    from lacydon.capabilities.trust.queries.leaves import COLUMNS, TABLE

    mark = "?" if connection.vendor == "sqlite" else "%s"
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    insert = f"INSERT INTO twin ({names}) VALUES ({', '.join([mark] * len(rows[0]))})"
    batches = [rows[at : at + A_COMMIT] for at in range(0, len(rows), A_COMMIT)]
    if connection.vendor == "sqlite":
        import sqlite3

        file = settings.DATABASES["default"]["NAME"]
        driver: Any = sqlite3.connect(file, timeout=20)
        for pragma in settings.DATABASES["default"]["OPTIONS"]["init_command"].split(";"):
            driver.execute(pragma)
        driver.execute("PRAGMA foreign_keys=ON")
        made = driver.execute("SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", [TABLE])
        statements = [sql.replace(TABLE, "twin", 2) for (sql,) in made if not sql.startswith("CREATE TRIGGER")]
        statements = [
            sql.replace('CREATE INDEX "', 'CREATE INDEX "twin_').replace("twin_twin", "twin") for sql in statements
        ]
    else:
        import psycopg

        driver = psycopg.connect(os.environ["LACYDON_DATABASE_URL"])
        statements = [
            f"CREATE TABLE twin (LIKE {TABLE} INCLUDING ALL)",
            "ALTER TABLE twin ADD FOREIGN KEY (subject_id) REFERENCES trust_person",
            "ALTER TABLE twin ADD FOREIGN KEY (actor_id) REFERENCES trust_person",
        ]
    for statement in statements:
        driver.execute(statement)
    driver.commit()

    def fill() -> float:
        driver.execute("DELETE FROM twin")
        driver.commit()
        began = time.perf_counter()
        cursor = driver.cursor()
        for batch in batches:
            cursor.executemany(insert, batch)
            driver.commit()
        return time.perf_counter() - began

    return fill


def task_verify(count: int) -> Iterator[tuple[str, float]]:
    """Seconds to verify a published journal of so many entries."""
    from django.db import transaction

    from lacydon.capabilities.trust.public import publish_checkpoint, record_all
    from lacydon.capabilities.trust.queries.verification import verify

    drafts = accesses(min(count, 5_000))
    done = 0
    while done < count:
        with transaction.atomic():
            record_all(drafts[: count - done])
        done += len(drafts[: count - done])
        publish_checkpoint()
    began, worked = time.perf_counter(), _worked()
    found = verify()
    assert found.fault is None and found.entries == count, found
    yield "elapsed", time.perf_counter() - began
    yield "of the processors, which others may have kept busy", _worked() - worked


def _worked() -> float:
    """Seconds of processor of this process and of those it started, which are over."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def task_prove(count: int) -> Iterator[tuple[str, float]]:
    """Inclusion proofs in a tree of so many entries, whose leaves are random: tiles made apart, stored as ours are."""
    import random

    from django.db import transaction

    from lacydon.capabilities.trust.models import Tile
    from lacydon.capabilities.trust.queries.journal import inclusion_proof, read_tiles
    from lacydon.kernel.merkle import tiles, tree

    row, level = secrets.token_bytes(32 * count), 0
    one_leaf = {at: row[32 * at : 32 * at + 32] for at in random.Random(5).sample(range(count), min(count, 400))}
    while row:
        above, width = bytearray(), 32 * tiles.WIDTH
        with transaction.atomic():
            made = [
                Tile(level=level, index=at // width, hashes=row[at : at + width]) for at in range(0, len(row), width)
            ]
            Tile.objects.bulk_create(made, batch_size=200)
        for each in made:
            if len(each.hashes) == width:
                above += tiles.tile_root([each.hashes[at : at + 32] for at in range(0, width, 32)])
        row, level = bytes(above), level + 1
    root = tiles.TiledTree(size=count, read=read_tiles).root()
    for index, leaf in list(one_leaf.items())[:50]:
        proof = inclusion_proof(index, size=count)
        assert tree.verify_inclusion(leaf=leaf, index=index, size=count, proof=proof, root=root)
    spent = quietest(3, lambda: Latencies.of(timed(lambda index: inclusion_proof(index, size=count), one_leaf)))
    yield "p50", spent.p50
    yield "p95", spent.p95


def task_can(_count: int) -> Iterator[tuple[str, float]]:
    """Microseconds of a permission check: one's own object, a mandate in hand, a role in an organisation, refused."""
    from types import SimpleNamespace

    from lacydon.capabilities.trust.public import can
    from lacydon.kernel.access import Actor

    own = Actor(person="a", principal="a", kind="resident", assurance=1)
    helper = Actor(person="h", principal="a", kind="agent", assurance=2, mandate="m", scope=frozenset({"t"}))
    agent = Actor(
        person="g", principal="g", kind="agent", assurance=2, strong=True, organisation="o",
        roles=frozenset({"trust.manager", "trust.helper"}),
    )  # fmt: skip
    mine, team = SimpleNamespace(person_id="a", themes=frozenset({"t"})), SimpleNamespace(organisation_id="o")
    for name, asked, right in (
        ("one's own", (own, None, "consent.withdraw", mine), True),
        ("under a mandate", (helper, None, "consent.see", mine), True),
        ("by a role", (agent, None, "team.change", team), True),
        ("refused", (own, None, "team.change", team), False),
    ):
        assert can(*asked) is right, name
        yield (
            name,
            min(_seconds(lambda asked=asked: [can(*asked) for _ in range(CHECKS)]) for _ in range(3)) / CHECKS * 1e6,
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--large", type=int, default=10_000_000)
    parser.add_argument("--verified", type=int, default=1_000_000)
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: it runs, the figures mean nothing")
    parser.add_argument("--task", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.task:
        import django

        django.setup()
        for name, figure in globals()[f"task_{asked.task}"](asked.entries):
            print(f"{name}\t{figure}", flush=True)
        return
    if asked.smoke:
        asked.entries, asked.large, asked.verified = 400, 70_000, 2_000
    record(asked.entries)
    prove_and_verify(large=asked.large, verified=asked.verified)
    check()


def record(count: int) -> None:
    table = []
    for store in ("SQLite", "PostgreSQL"):
        with installation(on_postgresql=store == "PostgreSQL") as environment:
            figures = apart("record", count, environment=environment)
        bulk = figures[0][1]
        for name, rate in figures:
            target = verdict(rate, at_least=2_000) if "act's" in name or "joined" in name else ""
            within = verdict(bulk / rate, at_most=3) if "act's" in name else ""
            table.append((store, name, rate, bulk / rate, target, within))
    columns = ("store", "how", "entries/s", "times slower than the store", "target", "within 3 times")
    say(f"Recording, {A_COMMIT} a commit ({machine()})", columns, table)


def prove_and_verify(*, large: int, verified: int) -> None:
    with installation() as environment:
        proofs = apart("prove", large, environment=environment)
    with installation() as environment:
        seconds = apart("verify", verified, environment=environment)
    rows: list[tuple[object, ...]] = [
        (f"inclusion proof at {large:,} entries, {name}, ms", value, verdict(value, at_most=1))
        for name, value in proofs
    ]
    rows += [
        (f"journal verify of {verified:,} entries, {name}, s", value, verdict(value, at_most=20) if not at else "")
        for at, (name, value) in enumerate(seconds)
    ]
    say("Proving and verifying, SQLite", ("what", "value", "target"), rows)


def check() -> None:
    with installation() as environment:
        figures = apart("can", 0, environment=environment)
    say(
        "Asking whether one may",
        ("way in", "µs", "target"),
        [(name, value, verdict(value, at_most=20)) for name, value in figures],
    )


if __name__ == "__main__":
    main()
