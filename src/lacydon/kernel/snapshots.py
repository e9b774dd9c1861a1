"""What a process holds in memory, rebuilt when the database says it has changed.

A snapshot is named after what it mirrors. An action that changes this calls `moved(name)` in its transaction; each
process then sees another version number and builds again. The version is a random token rather than a counter, so that
a transaction rolled back also counts as a change.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from .models import SnapshotVersion

Held = TypeVar("Held")


def moved(name: str) -> None:
    """Say, in the transaction of the change, that what `name` mirrors is not the same any more."""
    SnapshotVersion.objects.update_or_create(name=name, defaults={"version": uuid4().hex})
    transaction.on_commit(lambda: _ask_again(name))


def _ask_again(name: str) -> None:
    """The process that changed it does not wait SNAPSHOT_SECONDS to see what it did."""
    for each in _all:
        if each.name == name:
            each.forget_when()


def hold(name: str) -> None:
    """Change what `name` mirrors alone, until the transaction ends: one who changes it meanwhile is waited for.

    For changes that are judged by the whole of it; what is read after this is what they left. On SQLite a transaction
    that writes is alone anyway.
    """
    SnapshotVersion.objects.select_for_update().get_or_create(name=name)


def version_of(name: str) -> str:
    """The version of what `name` mirrors; empty when it was never loaded."""
    return SnapshotVersion.objects.filter(name=name).values_list("version", flat=True).first() or ""


_all: "list[Snapshot[Any]]" = []


def build_all() -> None:
    """Build every snapshot now: for a process from which others are forked, which then share them."""
    for each in _all:
        each()


def versions() -> tuple[str, ...]:
    """What this process holds now, by version: whatever is made of snapshots alone is the same while these are.

    One that was never built has had no part in anything yet.
    """
    return tuple(each.version for each in _all if each.built)


class Snapshot(Generic[Held]):
    """`snapshot()` gives the object built by `build()`; the version is asked at most every `SNAPSHOT_SECONDS`."""

    def __init__(self, name: str, build: Callable[[], Held]) -> None:
        self.name = name
        self._build = build
        self._lock = threading.Lock()
        self._held: tuple[str, Held] | None = None
        self._asked = float("-inf")
        _all.append(self)

    def __call__(self) -> Held:
        held = self._held
        if held is not None and time.monotonic() - self._asked < settings.SNAPSHOT_SECONDS:
            return held[1]
        version = version_of(self.name)
        if held is None or held[0] != version:
            with self._lock:
                if self._held is None or self._held[0] != version:
                    self._held = (version, self._build())
                held = self._held
        self._asked = time.monotonic()
        return held[1]

    def forget_when(self) -> None:
        """Ask for the version the next time, however lately it was asked."""
        self._asked = float("-inf")

    @property
    def built(self) -> bool:
        return self._held is not None

    @property
    def version(self) -> str:
        """The version now held (builds when nothing is held yet)."""
        self()
        assert self._held is not None
        return self._held[0]
