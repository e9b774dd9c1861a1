"""The database of the tests of one process: the first process of a run migrates, the others copy what it made."""

import fcntl
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core import management
from django.db import connection

SHARED = Path(os.environ.get("TESTS_SHARED") or tempfile.gettempdir())


@contextmanager
def once() -> Iterator[None]:
    """The next `migrate` of this process runs once for all processes of this run; those after it are their own."""
    call_command = management.call_command
    with pytest.MonkeyPatch.context() as patch:

        def called(command: str, **options: Any) -> None:
            if command != "migrate" or "PYTEST_XDIST_TESTRUNUID" not in os.environ:
                call_command(command, **options)
                return
            patch.undo()
            _migrated(**options)

        patch.setattr(management, "call_command", called)
        yield


def _migrated(**options: Any) -> None:
    held = SHARED / f"lacydon-tests-{connection.vendor}-{os.environ['PYTEST_XDIST_TESTRUNUID'][:12]}"
    keep, give = (_keep_rows, _give_rows) if connection.vendor == "postgresql" else (_keep_file, _give_file)
    with held.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if held.exists():
            give(held)
            return
        management.call_command("migrate", **options)
        keep(held)


def _keep_file(held: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(held)])


def _give_file(held: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(held)) as made:
        made.backup(connection.connection)


def _keep_rows(held: Path) -> None:
    _server(f'CREATE DATABASE "{held.name}" TEMPLATE "{connection.settings_dict["NAME"]}"')
    held.touch()


def _give_rows(held: Path) -> None:
    name = connection.settings_dict["NAME"]
    _server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{held.name}"')


def _server(*statements: str) -> None:
    """A copy is made of a database nobody is connected to."""
    connection.close()
    told = connection.get_connection_params() | {"dbname": "postgres"}
    kept = {name: told[name] for name in ("dbname", "host", "port", "user", "password") if name in told}
    with psycopg.connect(**kept, autocommit=True) as server:
        for each in statements:
            server.execute(each.encode())
