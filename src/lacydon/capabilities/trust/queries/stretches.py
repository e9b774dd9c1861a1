"""Stretches of the journal: rows that follow each other, each verified; read by one process or by several.

Where several processors are at hand, other processes read and verify what lies ahead, each on a connection of its own.
They are only ever believed about rows that are right: at the first that is not, or that they do not find, or when one
of them dies, this process goes on alone from there and sees for itself.
"""

import gc
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from threading import active_count

from django.db import connection

from lacydon.kernel.merkle.tree import leaf_hash

from . import leaves

BACKWARDS = timedelta(minutes=1)
"""A clock that goes back by less is the usual overlap of two acts at once."""
WORTH = 100_000
"""Rows from which on it is worth asking other processes."""
MOST = 4
"""Processes at most: this one, which builds the tree, cannot follow more."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that follow each other, each right and at its place: the hashes of their leaves.

    `since`, `until`: what the clock said at the first and at the last. `backwards`: how often it had gone back between.
    `wrong`: the row that comes next and is not right.
    """

    hashes: list[bytes]
    since: str = ""
    until: str = ""
    backwards: int = 0
    wrong: leaves.Row | None = None


def stretch(rows: Sequence[leaves.Row], *, first: int) -> Stretch:
    """What is right of these rows, the first of which ought to stand at position `first`."""
    seal, leaf_of = leaves.sealer().seal, leaves.leaf_of
    hashes: list[bytes] = []
    since = until = ""
    backwards, wrong = 0, None
    for position, row in enumerate(rows, start=first):
        try:
            leaf = leaf_hash(leaf_of(row))
            right = leaf == row[14] and seal(row, position=position, leaf=leaf) == row[15] and row[1] == position
        except (TypeError, ValueError, AttributeError):  # SQLite keeps a value of any type in any column
            right = False
        if not right:
            wrong = row
            break
        hashes.append(leaf)
        at = row[2]
        if at < until:
            backwards += went_back(until, at)
        until = at
    if hashes:
        since = rows[0].at
    return Stretch(hashes=hashes, since=since, until=until, backwards=backwards, wrong=wrong)


def went_back(before: str, at: str) -> bool:
    """Whether a clock that said `before`, then `at`, had really gone back."""
    return at < before and _moment(at) < _moment(before) - BACKWARDS


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=UTC)


@contextmanager
def stretches(*, width: int) -> Iterator[Iterator[Stretch]]:
    """The whole journal, in order, in stretches of `width` rows; the last one tells the row that is wrong, if any is.

    To be entered before the snapshot that this process looks at begins.
    """
    count, processes = _positions(), _processes()
    if count < WORTH or processes < 2:
        yield _all(iter(()), width)
        return
    connection.close()  # each process has its own: this one would be shared by those forked from here
    pool = ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=_begin)
    try:
        # Forked at this first call, all of them.
        ahead = deque(pool.submit(_apart, first, width) for first in range(0, 2 * processes * width, width))
        yield _all(_ahead(pool, ahead, width=width, count=count), width)
    finally:
        pool.shutdown(cancel_futures=True)


def _positions() -> int:
    """How many positions were given when this began: no other process looks beyond."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COALESCE(MAX(position) + 1, 0) FROM "{leaves.TABLE}"')  # noqa: S608
        return int(cursor.fetchone()[0])


def _processes() -> int:
    """How many others may read. None where they could not see what we see, or where a fork is not safe."""
    if connection.in_atomic_block or active_count() > 1 or not hasattr(os, "sched_getaffinity"):
        return 0
    return min(len(os.sched_getaffinity(0)), MOST)


def _begin() -> None:
    """In each other process: its end is decided by the first, and what it makes holds no cycle to look for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


def _apart(first: int, width: int) -> Stretch:
    rows = leaves.rows("position >= %s AND position < %s ORDER BY position", first, first + width)
    found = stretch(rows, first=first)
    return found if len(found.hashes) == width else _NOTHING


_NOTHING = Stretch(hashes=[])


def _ahead(pool: Executor, ahead: deque[Future[Stretch]], *, width: int, count: int) -> Iterator[Stretch]:
    """The full stretches that other processes find right, until the first that is not."""
    next_one = len(ahead) * width
    with suppress(BrokenExecutor):
        while ahead and (found := ahead.popleft().result()).hashes:
            if next_one + width <= count:
                ahead.append(pool.submit(_apart, next_one, width))
                next_one += width
            yield found


def _all(ahead: Iterator[Stretch], width: int) -> Iterator[Stretch]:
    """What others verified ahead, then the rest by this process."""
    position = 0
    for found in ahead:
        position += len(found.hashes)
        yield found
    while rows := leaves.rows("position >= %s ORDER BY position LIMIT %s", position, width):
        found = stretch(rows, first=position)
        yield found
        if found.wrong:
            return
        position += len(rows)
