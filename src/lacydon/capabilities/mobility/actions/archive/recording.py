"""What is seen is appended to the day it belongs to: a small Parquet file at each beat, flushed before it has its name.

Killed at any moment, what was not flushed yet is lost: one beat. One process of a machine records (a lock on a file,
that the system takes back from who dies); two machines that see the same are put right when the day is closed.
"""

import fcntl
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import structlog

from lacydon.kernel.clock import now

from ...errors import NoTimetable
from ...queries.archive.columns import COLUMNS, STORED
from ...queries.archive.engine import archive, asking, literal, table_of
from ...queries.archive.observed import Observed, observed, row_of
from ...queries.archive.unplanned import Unplanned, row_of_unplanned, unplanned
from ...queries.live import LiveState, live
from ...queries.timetable import Timetable, timetable

SEEN_AGAIN = 10
"""Seconds that a vehicle must stay longer for its passage to be written again."""
MOST_PARTS = 120
"""Parts of a day before they are joined in one."""
REMEMBERED = timedelta(days=2)
Seen = Observed | Unplanned
log = structlog.get_logger("lacydon.mobility")


class Recorder:
    """Of one process: what it wrote, so that nothing is written at each beat again."""

    def __init__(self) -> None:
        self._written: dict[tuple[Any, ...], int] = {}
        self._content = ""
        self._lock: Any = None
        self._numbers = count(1)

    def record(self, state: LiveState, table: Timetable, *, when: datetime | None = None) -> int:
        """Append what is new in this state; how many passages. 0 when another process records."""
        if not self._mine():
            return 0
        when = when or now()
        if table.content != self._content:  # trips have other numbers: what was written is known by the next closing
            self._written, self._content = {}, table.content
        fresh: dict[tuple[Any, ...], Seen] = {}
        for seen in _all(state, table):
            known = self._written.get(seen.key)
            if known is not None and seen.last < known + SEEN_AGAIN:
                continue
            held = fresh.get(seen.key)
            fresh[seen.key] = _joined(held, seen) if held else seen
        by_day: dict[date, list[Seen]] = defaultdict(list)
        for seen in fresh.values():
            by_day[seen.day].append(seen)
        for day, found in by_day.items():
            self._append(day, [_row(each, table) for each in found])
            self._written |= {each.key: each.last for each in found}
        oldest = when.date() - REMEMBERED
        if any(key[0] < oldest for key in self._written):
            self._written = {key: last for key, last in self._written.items() if key[0] >= oldest}
        return len(fresh)

    def _append(self, day: date, rows: Sequence[tuple[Any, ...]]) -> None:
        folder = archive() / day.isoformat()
        folder.mkdir(exist_ok=True)
        write(rows, folder / f"part-{uuid4().hex}.parquet")
        if next(self._numbers) % MOST_PARTS == 0:
            join_parts(folder)

    def _mine(self) -> bool:
        if self._lock is None:
            file = (archive() / "recorder.lock").open("a")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                return False
            self._lock = file
        return True

    def close(self) -> None:
        """Let another process record."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


_recorder = Recorder()


def record() -> int:
    """Append what sources see now; how many passages."""
    state = live()
    if not state.trips and not state.vehicles and not state.visits:
        return 0
    try:
        return _recorder.record(state, timetable())
    except NoTimetable:
        return 0


def write(rows: Sequence[tuple[Any, ...]], target: Path) -> None:
    """Rows as a Parquet file that is whole or absent."""
    base = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "128MB"})
    try:
        base.execute("SET TimeZone = 'UTC'")
        creating = f"CREATE TABLE rows ({', '.join(f'{name} {kind}' for name, kind in STORED.items())})"
        base.execute(creating)
        inserting = f"INSERT INTO rows VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
        base.executemany(inserting, rows)
        put(base, "SELECT * FROM rows", target)
    finally:
        base.close()


def put(base: duckdb.DuckDBPyConnection, select: str, target: Path) -> None:
    """The answer as a Parquet file, flushed to the disk before it takes its name."""
    making = target.with_name(f".{target.name}.{os.getpid()}")
    copying = f"COPY ({select}) TO {literal(str(making.resolve()))} (FORMAT parquet, COMPRESSION zstd)"
    base.execute(copying)
    with making.open("rb") as file:
        os.fsync(file.fileno())
    making.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def join_parts(folder: Path) -> None:
    """Many small parts of a day as one. Killed in between, some rows are there twice: the closing joins them."""
    parts = sorted(folder.glob("part-*.parquet"))
    if len(parts) < 2:
        return
    with asking(seconds=120) as base:
        put(base, f"SELECT * FROM {table_of(parts)}", folder / f"part-{uuid4().hex}.parquet")  # noqa: S608
    remove(parts)


def remove(files: Iterable[Path]) -> None:
    for each in files:
        each.unlink(missing_ok=True)


def _all(state: LiveState, table: Timetable) -> Iterator[Seen]:
    yield from observed(state, table)
    yield from unplanned(state)


def _row(seen: Seen, table: Timetable) -> tuple[Any, ...]:
    return row_of(seen, table) if isinstance(seen, Observed) else row_of_unplanned(seen, table)


def _joined(one: Seen, other: Seen) -> Seen:
    return replace(one, first=min(one.first, other.first), last=max(one.last, other.last))
