"""The process that answers SQL of anybody, seen from here: one beside each process of ours, one question at a time.

A question that takes too much memory or cannot be interrupted ends that process and nothing else; the next question
finds a new one.
"""

import atexit
import json
import os
import select
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from sqlglot import exp

from lacydon.kernel.errors import Unavailable

from ...errors import TooMuch, WrongQuestion
from .. import lake
from ..columns import ColumnType
from ..logical import DIALECT, Table, read_of
from .allowed import CLASSES, FUNCTIONS, PARTS, TABLES
from .reading import Reading

MEGABYTE = 1_048_576
CHILD = Path(__file__).with_name("child.py")
MEMORY = 256
"""Megabytes of the engine; the process may take three times that, with all it is made of."""
LOADING = 1_024
"""Megabytes more for the process that loads the extension for geometries, which a contract's condition may need.

While the engine checks its signature, it takes a thread, hence a stack, for each megabyte of it.
"""
SPILL = 1_024
"""Megabytes on the disk."""
CHARACTERS = 20_000_000
"""Of one answer."""
PATIENCE = 15.0
"""Seconds a question waits for those before it."""
WAITING = 2
"""Questions that wait in one process; those after are refused at once, for each holds what could answer a page."""
GRACE = 4.0
RENEWED = 500
"""Questions after which a new process takes over."""


def limits_of_anybody() -> lake.Limits:
    """What a question of anybody may take: settings DATA_SQL_SECONDS, DATA_SQL_ROWS."""
    return lake.Limits(seconds=settings.DATA_SQL_SECONDS, rows=settings.DATA_SQL_ROWS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What SQL found: names and types of its columns, rows as JSON has them, whether there were more."""

    columns: tuple[tuple[str, ColumnType], ...]
    rows: list[list[Any]]
    truncated: bool


def answer(reading: Reading, tables: Mapping[str, Table], *, limits: lake.Limits) -> Found:
    """The rows of a question over these tables, by the names it gives them.

    Raises WrongQuestion, TooMuch, Unavailable.
    """
    question, order, stable, tail = reading.pages(rows=limits.rows + 1)
    placed = lake.is_spatial(*(each.only for each in tables.values()))
    geometries = lake.extension("spatial") if placed else None
    asked = {
        "question": question,
        "order": order,
        "stable": stable,
        "tail": tail,
        "views": {each.written: view_of(tables[each.written]) for each in reading.named},
        "extensions": [str(geometries)] if geometries else [],
        "files": sorted({str(path.resolve()) for table in tables.values() for path in table.paths}),
        "seconds": limits.seconds,
        "rows": limits.rows,
        "characters": CHARACTERS,
        "threads": 2,
        "memory": f"{MEMORY}MB",
        "spilled": f"{SPILL}MB",
    }
    told = _cage(loading=bool(geometries)).ask(asked, seconds=limits.seconds)
    if "refused" in told:
        raise _refusal(told["refused"], told["said"], limits=limits)
    columns = tuple((name, lake.type_of(kind)) for name, kind in told["columns"])
    return Found(columns=columns, rows=told["rows"], truncated=told["truncated"])


def view_of(table: Table) -> str:
    """A table as this reader may read it, as SQL; places are told as WKT."""
    seen: list[exp.Expr] = []
    for each in table.columns:
        shown: exp.Expr = read_of(each).unalias()
        if each.placed:
            wkb = exp.Anonymous(this="st_geomfromwkb", expressions=[shown])
            shown = exp.Anonymous(this="st_astext", expressions=[wkb])
        seen.append(exp.alias_(shown, each.name, quoted=True))
    files = exp.array(*(exp.Literal.string(str(path.resolve())) for path in table.paths))
    made = exp.select(*seen).from_(exp.func("read_parquet", files))
    if table.only is not None:
        made = made.where(table.only.copy())
    return made.sql(dialect=DIALECT)


def _refusal(kind: str, said: str, *, limits: lake.Limits) -> Exception:
    if kind == "forbidden":
        return WrongQuestion(_("« %s » n’est pas permis ici.") % said[:80])
    if kind == "wrong":
        return WrongQuestion(_("Cette requête ne peut pas être calculée : %s") % (said.partition("Error: ")[2] or said))
    sentences = {
        "time": _("Cette requête a pris plus de %g secondes : filtrez, ou groupez moins.") % limits.seconds,
        "characters": _("Cette requête donne trop de texte : demandez moins de lignes, ou moins de colonnes."),
        "depth": _("Cette requête est trop imbriquée."),
    }
    return TooMuch(sentences.get(said, _("Cette requête demande trop de mémoire : filtrez, ou groupez moins.")))


class Cage:
    """One such process, started at its first question. `megabytes`: what it may take with all it is made of."""

    def __init__(self, *, megabytes: int) -> None:
        self.pid = os.getpid()
        self._megabytes = megabytes
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(1 + WAITING)
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0
        self._spill = Path()

    def ask(self, asked: Mapping[str, Any], *, seconds: float) -> dict[str, Any]:
        busy = Unavailable(_("Trop de requêtes SQL en même temps : réessayez dans un instant."), retry_after=10)
        if not self._room.acquire(blocking=False):
            raise busy
        try:
            return self._asked(asked, seconds=seconds, busy=busy)
        finally:
            self._room.release()

    def _asked(self, asked: Mapping[str, Any], *, seconds: float, busy: Unavailable) -> dict[str, Any]:
        if not self._lock.acquire(timeout=PATIENCE):
            raise busy
        try:
            process = self._ready()
            line = json.dumps({**asked, "spill": str(self._spill)}).encode() + b"\n"
            told = self._told(process, line, until=time.monotonic() + seconds + GRACE)
        except OSError:
            told = b""
        finally:
            self._lock.release()
        if not told.endswith(b"\n"):
            return {"refused": "much", "said": "memory"}
        found: dict[str, Any] = json.loads(told)
        return found

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
            shutil.rmtree(self._spill, ignore_errors=True)

    def _ready(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is not None and process.poll() is None and self._answered < RENEWED:
            return process
        self.close()
        self._spill = lake.home() / "spill" / f"sql-{os.getpid()}-{id(self)}"
        self._answered = 0
        # No environment: nothing of ours can be told. -I: nothing of the user or of the folder is imported.
        self._process = process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            bufsize=0,
        )
        limits = {
            "RLIMIT_DATA": self._megabytes * MEGABYTE,
            "RLIMIT_FSIZE": SPILL * MEGABYTE,
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": 128,
        }
        allowed = {"functions": FUNCTIONS, "tables": TABLES, "classes": CLASSES, "parts": PARTS}
        line = json.dumps({"limits": limits, **{name: sorted(each) for name, each in allowed.items()}})
        assert process.stdin is not None
        process.stdin.write(line.encode() + b"\n")
        return process

    def _told(self, process: subprocess.Popen[bytes], line: bytes, *, until: float) -> bytes:
        """Its answer, ending with a line end; anything else when it ended, or was ended, before."""
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(line)
        told = bytearray()
        while not told.endswith(b"\n"):
            left = until - time.monotonic()
            ready, _writable, _failed = select.select([process.stdout], [], [], max(left, 0))
            piece = os.read(process.stdout.fileno(), MEGABYTE) if ready else b""
            if not piece:
                self.close()
                break
            told += piece
        self._answered += 1
        return bytes(told)


_caged: dict[bool, Cage] = {}
_making = threading.Lock()


def _cage(*, loading: bool) -> Cage:
    """That of this process: one made before a fork is the parent's."""
    with _making:
        found = _caged.get(loading)
        if found is None or found.pid != os.getpid():
            found = _caged[loading] = Cage(megabytes=3 * MEMORY + (LOADING if loading else 0))
            atexit.register(found.close)
        return found
