"""The archive on the disk, a folder a day, and an engine of its own to ask it: bounded in memory, opening nothing else.

HOME/mobility/archive/<day>/part-*.parquet    what was seen, as it was seen, some seconds apart
                          /passages.parquet   the day closed: each passage once
                          /planned.parquet    how many were planned, by line
"""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.capabilities.data.public import TooMuch

MEMORY = "256MB"
"""Of the engine in each process; beyond, it spills to HOME/mobility/archive/spill."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PASSAGES, PLANNED = "passages.parquet", "planned.parquet"
_engines: dict[tuple[int, Path], duckdb.DuckDBPyConnection] = {}
_making = threading.Lock()


def archive() -> Path:
    """Its folder."""
    folder: Path = settings.HOME / "mobility" / "archive"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def asking(*, seconds: float = 30.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor, interrupted after so long. Raises TooMuch."""
    cursor = _engine().cursor()
    watch = threading.Timer(seconds, cursor.interrupt)
    watch.daemon = True
    watch.start()
    try:
        yield cursor
    except duckdb.InterruptException as error:
        raise TooMuch(_("Cette question a pris trop de temps : choisissez un mois plus court.")) from error
    except duckdb.OutOfMemoryException as error:
        raise TooMuch(_("Cette question demande trop de mémoire.")) from error
    finally:
        watch.cancel()
        cursor.close()


def days_kept() -> list[date]:
    """The days that are closed, oldest first."""
    return sorted(
        date.fromisoformat(each.name)
        for each in archive().iterdir()
        if DAY.fullmatch(each.name) and (each / PASSAGES).exists()
    )


def days_open() -> list[date]:
    """The days that have parts still to be closed, oldest first."""
    return sorted(
        date.fromisoformat(each.name)
        for each in archive().iterdir()
        if DAY.fullmatch(each.name) and any(each.glob("part-*.parquet"))
    )


def files_of(days: list[date], name: str = PASSAGES) -> list[Path]:
    """The closed files of these days that are there."""
    found = (archive() / day.isoformat() / name for day in days)
    return [each for each in found if each.exists()]


def month_files(month: str, name: str = PASSAGES) -> list[Path]:
    """The closed files of a month (2026-11)."""
    return files_of([day for day in days_kept() if day.isoformat().startswith(month)], name)


def table_of(files: list[Path]) -> str:
    """What FROM reads."""
    return f"read_parquet([{', '.join(literal(str(each.resolve())) for each in files)}])"


def _engine() -> duckdb.DuckDBPyConnection:
    folder = archive()
    key = (os.getpid(), folder)
    with _making:
        found = _engines.get(key)
        if found is None:
            found = duckdb.connect(
                ":memory:",
                config={
                    "threads": settings.DATA_THREADS,
                    "memory_limit": MEMORY,
                    "temp_directory": str(folder / "spill"),
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                    "preserve_insertion_order": False,
                },
            )
            found.execute("SET GLOBAL TimeZone = 'UTC'")
            opening = f"SET allowed_directories = [{literal(f'{folder.resolve()}/')}]"
            found.execute(opening)
            found.execute("SET enable_external_access = false")
            found.execute("SET lock_configuration = true")
            _engines[key] = found
    return found
