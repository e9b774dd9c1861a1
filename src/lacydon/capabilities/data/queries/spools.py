"""Files that are sent while they are written, then kept for whoever asks again.

Everything is told by the folder, so that threads and processes share: `<key>.part` is being written by whoever holds
its lock, `<key>` is whole. A part whose lock is free and that was not renamed is what a killed process left; the next
one writes it again from the start.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from lacydon.kernel.errors import Unavailable

from . import lake

KEPT = 4_000_000_000
"""Bytes of the whole files kept; those asked for longest ago are removed first."""
LEAST_FREE = 500_000_000
"""Bytes of the disk that are left alone."""
AT_ONCE = 2
"""Files written at the same time by one process; others wait for their turn."""
CHUNK = 1 << 18
PAUSE = 0.02
_turns = threading.BoundedSemaphore(AT_ONCE)
_failures: dict[Path, Exception] = {}


class Broken(Exception):  # noqa: N818  (ends an answer that cannot be completed: the client sees that it is cut)
    """What was being written will not be whole."""


@dataclass(frozen=True, slots=True)
class Spool:
    """A file of the folder, whole or not yet."""

    path: Path
    whole: bool

    @property
    def part(self) -> Path:
        return self.path.with_name(f"{self.path.name}.part")


def folder() -> Path:
    made = lake.home() / "exports"
    made.mkdir(exist_ok=True)
    return made


def spool(key: str, write: Callable[[Path], None]) -> Spool:
    """The file of this name; when there is none, `write(part)` begins to make it, beside.

    Raises Unavailable when the disk is nearly full.
    """
    path = folder() / key
    for _try in range(100):
        if path.exists():
            with contextlib.suppress(OSError):
                os.utime(path)
            return Spool(path, True)
        made = Spool(path, False)
        held = _held(made.part)
        if held is None:
            return made
        if path.exists():  # another process ended between the two looks
            os.close(held)
            continue
        _make_room(path)
        _failures.pop(path, None)
        threading.Thread(target=_make, args=(made, held, write), name=f"spool-{key[:8]}", daemon=True).start()
        return made
    raise Unavailable(_("Ce fichier ne peut pas être préparé pour le moment ; réessayez dans un instant."))


def drop(marks: Collection[str], *, length: int) -> None:
    """Remove the whole files whose names begin with one of these, all as long; whoever is sending one has it open."""
    for found in folder().iterdir():
        if found.name[:length] in marks and _is_whole(found):
            found.unlink(missing_ok=True)


def _held(part: Path) -> int | None:
    """The part, open and locked by us; None when somebody else is writing it."""
    while True:
        opened = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
            return None
        with contextlib.suppress(FileNotFoundError):
            told = os.fstat(opened)
            if os.path.samestat(told, part.stat()):
                if told.st_size == 0:
                    return opened
                part.unlink()  # left by a process that was killed: whoever has it open sees that it ends nowhere
        os.close(opened)  # it was renamed or removed meanwhile: another look


def _make(made: Spool, held: int, write: Callable[[Path], None]) -> None:
    try:
        with _turns:
            write(made.part)
            made.part.rename(made.path)
    except Exception as error:  # told to whoever waits for the file, in `following`
        _failures[made.path] = error
        while len(_failures) > 100:
            _failures.pop(next(iter(_failures)), None)
        with contextlib.suppress(OSError):
            made.part.unlink()
    finally:
        os.close(held)


def _make_room(path: Path) -> None:
    whole = sorted(
        ((found.stat().st_mtime, found.stat().st_size, found) for found in path.parent.iterdir() if _is_whole(found)),
        key=lambda each: each[0],
    )
    kept = sum(size for _when, size, _found in whole)
    for _when, size, found in whole:
        if kept <= KEPT and _free(path.parent) > LEAST_FREE:
            break
        with contextlib.suppress(OSError):
            found.unlink()  # whoever is sending it has it open
        kept -= size
    if _free(path.parent) < LEAST_FREE:
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        raise Unavailable(_("Il n’y a plus assez de place pour préparer ce fichier ; réessayez plus tard."))


def _is_whole(found: Path) -> bool:
    return found.is_file() and found.suffix != ".part" and not found.name.startswith(".")


def _free(place: Path) -> int:
    told = os.statvfs(place)
    return told.f_bavail * told.f_frsize


def following(made: Spool) -> Generator[bytes, None, None]:
    """The bytes of a file, those of one that is not whole as they come.

    Raises what its writer met when nothing was read yet, else Broken.
    """
    opened = _opened(made)
    sent = False
    try:
        while True:
            ended = _ended(made, opened)
            while chunk := opened.read(CHUNK):
                sent = True
                yield chunk
            if ended is False:
                failure = _failures.get(made.path)
                if failure is not None and not sent:
                    raise failure
                raise Broken(made.path.name) from failure
            if ended:
                return
            time.sleep(PAUSE)
    finally:
        opened.close()


def completed(made: Spool) -> Path:
    """The file once it is whole. Raises what its writer met."""
    if not made.whole:
        for _chunk in _waiting(made):
            time.sleep(PAUSE)
    return made.path


def _waiting(made: Spool) -> Iterator[None]:
    opened = _opened(made)
    try:
        while True:
            ended = _ended(made, opened)
            if ended:
                return
            if ended is False:
                raise _failures.get(made.path) or Broken(made.path.name)
            yield
    finally:
        opened.close()


def _opened(made: Spool) -> BinaryIO:
    for each in (made.path, made.part, made.path):
        with contextlib.suppress(FileNotFoundError):
            return each.open("rb")
    raise _failures.get(made.path) or Broken(made.path.name)


def _ended(made: Spool, opened: BinaryIO) -> bool | None:
    """True: what is open is whole. False: nobody writes it any more. None: not yet."""
    if made.whole or made.path.exists():
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(opened.fileno()), made.path.stat()):
                return True
    try:
        fcntl.flock(opened.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    fcntl.flock(opened.fileno(), fcntl.LOCK_UN)
    # The writer let go between the two looks: whole after all, or not to be.
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(opened.fileno()), made.path.stat())
    return False
