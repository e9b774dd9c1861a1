"""The small territory, loaded: read once by a process of tests, its rows written again for each test after the first.

The rows are those the loading wrote; what is mirrored in memory (kernel.snapshots) is said to have changed, so that
nothing of another test is kept. Where the tables are not as the first loading found them, it is loaded for good.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from lacydon.config.commands.folder import load
from lacydon.kernel import clock
from lacydon.kernel.models import SnapshotVersion
from lacydon.kernel.snapshots import moved

SMALL = Path(__file__).parent / "territory"
REAL_CLOCK = (clock.now, clock.datetime)


@dataclass(frozen=True)
class Rows:
    table: str
    columns: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]


_first: tuple[Rows, ...] | None = None


def small() -> Path:
    """Load the small territory in the transaction of the test."""
    global _first
    if not connection.in_atomic_block or (clock.now, clock.datetime) != REAL_CLOCK:
        assert load(SMALL) == 0  # what is committed is told to the listeners; what is dated has the date of the test
    elif _first is None:
        tables = _tables()
        before = {table for table in tables if _any_row(table)}
        assert load(SMALL) == 0
        written = [_rows(table, columns) for table, columns in tables.items() if _any_row(table)]
        if not before & {each.table for each in written}:
            _first = tuple(written)
    elif _any_row(*(each.table for each in _first)):
        assert load(SMALL) == 0
    else:
        _write(_first)
    return SMALL


def _tables() -> dict[str, tuple[str, ...]]:
    """The columns of each table of ours."""
    models = apps.get_models(include_auto_created=True)
    ours = (model._meta for model in models if model.__module__.startswith("lacydon."))
    return {of.db_table: tuple(each.column for each in of.concrete_fields) for of in ours if not of.proxy}


def _any_row(*tables: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " OR ".join(f'EXISTS (SELECT 1 FROM "{each}")' for each in tables))
        return bool(cursor.fetchone()[0])


def _rows(table: str, columns: tuple[str, ...]) -> Rows:
    """As the database holds them: no value is read as what Python makes of it."""
    as_held = '"%s"::text' if connection.vendor == "postgresql" else '+"%s"'
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {", ".join(as_held % name for name in columns)} FROM "{table}"')
        return Rows(table=table, columns=columns, values=tuple(map(tuple, cursor.fetchall())))


def _write(written: tuple[Rows, ...]) -> None:
    with connection.cursor() as cursor:
        for each in written:
            names = ", ".join(f'"{name}"' for name in each.columns)
            row = f"({', '.join(['%s'] * len(each.columns))})"
            values = [value for row in each.values for value in row]
            cursor.execute(f'INSERT INTO "{each.table}" ({names}) VALUES {", ".join([row] * len(each.values))}', values)
    for each in SnapshotVersion.objects.all():  # what a process holds may be of another test's rows
        moved(each.name)
