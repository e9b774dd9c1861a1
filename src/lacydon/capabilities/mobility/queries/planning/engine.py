"""The kernels, compiled by numba where it is installed; until they are, or without it, the same functions in Python.

Compiling takes some ten seconds the first time; it is kept under HOME, so that the next process takes a moment. Where
the timetable is that of a town it is done when it is imported, and read before the server takes visitors. Else it
happens in a thread: whoever asks meanwhile is answered by plain Python, which is slower and says the same.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from django.conf import settings

from ..timetable import Timetable
from . import kernels

log = structlog.get_logger("lacydon.mobility.planning")
PATIENCE = 1.5
"""Seconds that a question waits for kernels that are kept already: loading them is quicker than doing without."""
LARGE = 100_000
"""Calls of a timetable from which plain Python takes more than a moment."""


@dataclass(frozen=True)
class Engine:
    """Two kernels, and how arrays are given to them."""

    reach: Callable[..., None]
    pareto: Callable[..., int]
    compiled: bool

    def given(self, array: Any) -> Any:
        """An array as the kernels read it best: in plain Python, a view whose numbers are Python's own."""
        return array if self.compiled else memoryview(array)


PLAIN = Engine(kernels._reach, kernels._pareto, compiled=False)
_ready: Engine | None = None
_started = False
_done = threading.Event()
_lock = threading.Lock()


def engine(*, patience: float = PATIENCE) -> Engine:
    """The quickest one there is now; starts to make a quicker one when there is none."""
    if _ready is not None:
        return _ready
    if not available():
        return PLAIN
    warm()
    if _kept():
        _done.wait(patience)
    return _ready or PLAIN


def wanted(table: Timetable) -> bool:
    """Whether journeys of this timetable are worth compiled kernels before anybody asks for one."""
    return len(table.arrival) >= LARGE and available()


def compile_ahead() -> None:
    """Compile what is not yet, on the disk, for the processes to come; it leaves nothing in this one's memory."""
    if not _kept():
        _compile_beside()


def available() -> bool:
    """Whether numba is installed and wanted."""
    return settings.MOBILITY_COMPILED and importlib.util.find_spec("numba") is not None


def warm(*, wait: bool = False) -> None:
    """Compile, or load what was compiled: in a thread, or here and now for who will `wait` (and may fork after)."""
    global _started
    with _lock:
        mine, _started = not _started, True
    if mine and wait:
        _make()
    elif mine:
        threading.Thread(target=_make, name="planner-kernels", daemon=True).start()
    elif wait:
        _done.wait()


def _make() -> None:
    global _ready
    try:
        compile_ahead()
        _ready = compiled()
    except Exception:  # a broken numba must not break the pages: plain Python goes on answering
        log.exception("planner.not-compiled")
    finally:
        _done.set()


def _kept() -> bool:
    """Whether both kernels are compiled on the disk; the mark is made once all of them are."""
    return (_folder() / "whole").exists()


def _folder() -> Path:
    """Where compiled code is kept: HOME/mobility/kernels, by what it was compiled from and with."""
    mark = hashlib.sha256(Path(kernels.__file__).read_bytes() + version("numba").encode()).hexdigest()[:12]
    folder: Path = settings.HOME / "mobility" / "kernels" / mark
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _compile_beside() -> None:
    """Compile in a process of its own: the compiler's memory goes away with it, what it made is read from the disk."""
    work = f"import django; django.setup(); from {__name__} import compiled; compiled()"
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LACYDON_HOME": str(settings.HOME),
        "DJANGO_SETTINGS_MODULE": "lacydon.config.settings",
    }  # fmt: skip
    command = [sys.executable, "-c", work]
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several processes that miss them, one compiles; the others read
        if _kept():
            return
        ended = subprocess.run(  # noqa: S603 (all of it ours)
            command, env=environment, check=False, timeout=600, capture_output=True
        )
        if ended.returncode:
            raise ChildProcessError(ended.stderr[-500:].decode(errors="replace"))
        (_folder() / "whole").touch()


def compiled() -> Engine:
    """Both kernels, compiled for the arrays that `Lines` and `Paths` hold. Raises ImportError without numba."""
    import numba

    numba.config.CACHE_DIR = str(_folder())  # type: ignore[attr-defined]
    jit = numba.njit(cache=True, nogil=True)
    # A second copy of the module, whose small functions are compiled too: the first goes on in plain Python.
    spec = importlib.util.spec_from_file_location(f"{__package__}.kernels_compiled", kernels.__file__)
    assert spec is not None and spec.loader is not None
    copy = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = copy
    spec.loader.exec_module(copy)
    for name in ("_first_row", "_dominated", "_without"):
        setattr(copy, name, jit(getattr(copy, name)))
    made = Engine(jit(copy._reach), jit(copy._pareto), compiled=True)
    _try(made)
    return made


def _try(made: Engine) -> None:
    """One question of nothing: the compiler works now rather than at the first true one."""
    i4, i1 = (lambda *n: np.array(n, np.int32)), (lambda *n: np.array(n, np.int8))
    lines = (i4(0, 2), i4(1), i4(0), i4(0, 1), i1(1, 1), i1(1, 1), i4(0, 60), i4(0, 60), i4(0, 1, 1), i4(0), i4(0))
    far = np.full(2, kernels.FAR, np.int32)
    room = (np.full(1, kernels.FAR, np.int32), np.zeros(4, np.int32), np.zeros(2, np.int8), np.zeros(2, np.int8))
    none = np.full(2, -1, np.int32)
    made.reach(
        *lines, i4(0, 0, 0), i4(), i4(), i4(0), i4(0), none, far, 2, kernels.FAR, 0, far.copy(), far.copy(),
        none.copy(), far[:1].repeat(3), *room,
    )  # fmt: skip
    made.pareto(
        *lines, i4(0, 0, 0), i4(), i4(), i4(), i4(0, 1), i4(0), i4(0), i4(0), i4(-1, 0), i4(0, 0), far[:1].repeat(3),
        far, far, 2, np.zeros(100, np.int32), none, none.copy(), *room, np.zeros(kernels.BAG * 4, np.int32),
        np.zeros(8, np.int32),
    )  # fmt: skip
