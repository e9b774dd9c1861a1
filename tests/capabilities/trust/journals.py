"""Journals of the tests, and what a database administrator can do to them behind the platform's back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from lacydon.capabilities.trust.actions.journal import Draft, record_all
from lacydon.capabilities.trust.actions.people import new_person
from lacydon.capabilities.trust.actions.publication import publish_checkpoint
from lacydon.capabilities.trust.models import Checkpoint, Entry
from lacydon.capabilities.trust.queries import leaves
from lacydon.kernel.access import Actor
from lacydon.kernel.merkle import tiles
from lacydon.kernel.merkle.tree import leaf_hash


def people(count: int = 3) -> list[str]:
    with transaction.atomic():
        return [str(new_person(kind="resident").pk) for _ in range(count)]


def drafts(count: int, *, subjects: list[str] | None = None, first: int = 0) -> list[Draft]:
    """So many accesses by an agent, each to another request."""
    subjects, (agent,) = subjects or people(), people(1)
    actor = Actor(
        person=agent,
        principal=agent,
        kind="agent",
        organisation="commune-97001",
        roles=frozenset({"trust.helper"}),
    )
    return [
        Draft(
            actor=actor,
            action="request.see",
            purpose="Instruire la « demande »",
            basis="RGPD, art. 6, 1, e",
            object=f"request:R-{number}",
            subject=subjects[number % len(subjects)],
        )
        for number in range(first, first + count)
    ]


def journal(*sizes: int, subjects: list[str] | None = None) -> Checkpoint:
    """A journal that was published at each of these sizes."""
    last, before = None, 0
    for size in sizes:
        with transaction.atomic():
            record_all(drafts(size - before, subjects=subjects, first=before))
        last, before = publish_checkpoint(), size
    assert last is not None
    return last


@contextmanager
def administrator() -> Iterator[Any]:
    """A cursor in the hands of somebody who owns the database: its triggers are no obstacle."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            try:
                yield cursor
            finally:
                cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _made in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield cursor
        for _name, made in triggers:
            cursor.execute(made)


def shift(cursor: Any, *, at: int, by: int) -> None:
    """Move the positions from `at` on, in two steps for the sake of their uniqueness."""
    cursor.execute("UPDATE trust_entry SET position = position + 1000000 WHERE position >= %s", [at])
    cursor.execute("UPDATE trust_entry SET position = position - 1000000 + %s WHERE position >= 1000000", [by])


def copy(cursor: Any, *, of: int, to: int, **changes: str) -> None:
    """Insert a row made from another one."""
    columns = [f'"{name}"' for name in leaves.COLUMNS]
    values = {"id": f"'{'0' * 31}{len(changes)}'", "position": str(to)} | {
        name: f"'{value}'" for name, value in changes.items()
    }
    selected = [values.get(name, f'"{name}"') for name in leaves.COLUMNS]
    if connection.vendor == "postgresql":
        selected[0] = f"CAST({selected[0]} AS uuid)"
    cursor.execute(
        f"INSERT INTO trust_entry ({', '.join(columns)}) SELECT {', '.join(selected)} FROM trust_entry "
        "WHERE position = %s",
        [of],
    )


def rewrite_hashes(cursor: Any, *, seals: bool = False) -> None:
    """Make every leaf hash and tile again from the rows as they now are (`seals`: with the platform's keys too)."""
    rows = leaves.rows("position IS NOT NULL ORDER BY position")
    sealer = leaves.sealer()
    hashes = []
    for row in rows:
        leaf = leaf_hash(leaves.leaf_of(row))
        hashes.append(leaf)
        seal = sealer.seal(row, position=row.position, leaf=leaf) if seals else row.seal
        cursor.execute(
            "UPDATE trust_entry SET leaf_hash = %s, seal = %s WHERE position = %s", [leaf, seal, row.position]
        )
    cursor.execute("DELETE FROM trust_tile")
    for (level, index), made in tiles.extended(old=0, leaves=hashes, read=lambda _places: {}).items():
        cursor.execute('INSERT INTO trust_tile (level, "index", hashes) VALUES (%s, %s, %s)', [level, index, made])


def entries() -> list[Entry]:
    return list(Entry.objects.order_by("position"))
