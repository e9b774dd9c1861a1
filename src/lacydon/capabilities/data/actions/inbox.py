"""The watched folder: a file that no longer changes becomes a version, then is moved aside.

`<inbox>/<dataset>/<file>`; afterwards it is in `<dataset>/done/`, or in `<dataset>/refused/` with the reason beside.
Killed between the publication and the move, the file is taken again and changes nothing: its content is published.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused

from ..models import Dataset, Version
from . import arrivals

STEADY = 60
"""Seconds for which a file has not changed before it is taken."""
UNFINISHED = frozenset({".part", ".tmp", ".filepart", ".crdownload"})


def is_waiting() -> bool:
    """Whether there is a file to take."""
    return next(_steady(settings.DATA_INBOX), None) is not None


def take_from_inbox() -> list[Version]:
    """Publish what waits, in the platform's name; nothing when another process is at it."""
    if not settings.DATA_INBOX.is_dir():
        return []
    with _alone(settings.DATA_INBOX / ".lock") as alone:
        return [made for file in _steady(settings.DATA_INBOX) if (made := _taken(file))] if alone else []


def _taken(file: Path) -> Version | None:
    dataset = Dataset.objects.filter(pk=file.parent.name).first()
    if dataset is None:
        _aside(file, "refused", why=_("Il n’y a pas de jeu de données de ce nom."))
        return None
    try:
        with file.open("rb") as opened:
            arrival = arrivals.receive(dataset=dataset.pk, actor=MACHINE, file=opened, name=file.name, way="folder")
        arrivals.read(arrival=arrival)
        made = arrivals.publish(arrival=arrival, actor=MACHINE, reason=_("Déposé dans le dossier surveillé"))
    except Refused as refusal:
        _aside(file, "refused", why=str(refusal.sentence))
        return None
    _aside(file, "done")
    return made


def _steady(inbox: Path) -> Iterator[Path]:
    if not inbox.is_dir():
        return
    moment = time.time()
    for folder in sorted(each for each in inbox.iterdir() if each.is_dir() and not each.is_symlink()):
        for file in sorted(each for each in folder.iterdir() if each.is_file() and not each.is_symlink()):
            if file.name.startswith(".") or file.suffix in UNFINISHED:
                continue
            if file.stat().st_size and moment - file.stat().st_mtime > STEADY:
                yield file


def _aside(file: Path, where: str, *, why: str = "") -> None:
    folder = file.parent / where
    folder.mkdir(exist_ok=True)
    name = f"{now():%Y%m%dT%H%M%S}-{file.name}"
    if why:
        (folder / f"{name}.txt").write_text(f"{why}\n", encoding="utf-8")
    file.replace(folder / name)


@contextmanager
def _alone(lock: Path) -> Iterator[bool]:
    with lock.open("w") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
