"""How many long questions a process answers at once: beyond, they wait a little, then are asked to come back.

A question over millions of rows takes every processor and part of the engine's memory. A few of them at once, from a
few impatient visitors, would leave no thread for the pages that need a millisecond.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.kernel.errors import Unavailable

LONG = 200_000
"""Rows from which a table is long."""
PATIENCE = 5.0
"""Seconds a question waits for its turn."""


@contextmanager
def room_for(rows: int) -> Iterator[None]:
    """A place for a question over so many rows; over a short table there always is one. Raises Unavailable.

    Those that are answered and those that wait are never more than half of the threads, so that pages have the others.
    """
    if rows < LONG:
        yield
        return
    door, turn = _places(settings.DATA_AT_ONCE, settings.THREADS)
    if not door.acquire(blocking=False):
        raise _crowded()
    try:
        if not turn.acquire(timeout=PATIENCE):
            raise _crowded()
        try:
            yield
        finally:
            turn.release()
    finally:
        door.release()


@cache
def _places(at_once: int, threads: int) -> tuple[BoundedSemaphore, BoundedSemaphore]:
    """Who may wait, and whose turn it is."""
    return BoundedSemaphore(max(at_once, threads // 2)), BoundedSemaphore(max(at_once, 1))


def _crowded() -> Unavailable:
    sentence = _("Beaucoup de longues questions sont posées en même temps : réessayez dans quelques secondes.")
    return Unavailable(sentence, retry_after=5)
