"""Posters already printed: making one takes seconds of a processor, so each is made once a day and kept on the disk."""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings

MOST: Final = 400
"""Posters kept: about 50 MB."""


def kept_poster(*, content: str, place: str, lang: str, day: date, address: str, make: Callable[[], bytes]) -> bytes:
    """The poster of a place in a timetable (`content`), as it was made today for this address, or made now."""
    folder: Path = settings.HOME / "mobility" / "posters"
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(f"{content}\0{place}\0{lang}\0{day}\0{address}".encode()).hexdigest()[:40]
    path = folder / f"{name}.pdf"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    made = make()
    draft = folder / f".{name}-{uuid4().hex}"
    draft.write_bytes(made)
    draft.rename(path)
    _forget(folder)
    return made


def _forget(folder: Path) -> None:
    """The oldest ones; another process may do the same at the same moment."""
    kept = list(folder.glob("*.pdf"))
    if len(kept) <= MOST:
        return
    for each in sorted(kept, key=lambda path: path.stat().st_mtime)[: len(kept) - MOST]:
        each.unlink(missing_ok=True)
