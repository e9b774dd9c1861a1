"""Timetables on the disk: one folder each, HOME/mobility/timetables/<content>, complete or absent.

Arrays are mapped, not read: all the processes of a machine share one copy of them, and what is not asked is not loaded.
"""

import os
import shutil
from dataclasses import fields
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pydantic import TypeAdapter

from ...errors import NoTimetable
from .nouns import Transfer
from .table import ARRAYS, NOUNS, WORDS, Timetable, Words

_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(list[noun])  # type: ignore[valid-type]
    for name, noun in NOUNS.items()
    if name != "transfers"
}
_TRANSFER = tuple(each.name for each in fields(Transfer))
_numbers = attrgetter(*_TRANSFER)
NAME = 32
"""Digits of the content that name its folder."""


def folder() -> Path:
    """Where timetables are: HOME/mobility/timetables."""
    made: Path = settings.HOME / "mobility" / "timetables"
    made.mkdir(parents=True, exist_ok=True)
    return made


def shelve(table: Timetable) -> Path:
    """Write it, flushed to the disk, under the name of its content; one that is there already is left as it is."""
    kept = folder() / table.content[:NAME]
    if kept.is_dir():
        return kept
    making = folder() / f".{table.content[:NAME]}-{uuid4().hex}"
    making.mkdir()
    try:
        for name in ARRAYS:
            _write(making / f"{name}.npy", getattr(table, name))
        _write(
            making / "transfers.npy", np.array([_numbers(each) for each in table.transfers], np.int32).reshape(-1, 8)
        )
        for name in WORDS:
            words: Words = getattr(table, name)
            _write(making / f"{name}.letters.npy", words.letters)
            _write(making / f"{name}.first.npy", words.first)
        nouns = {
            "content": table.content,
            "first_day": table.first_day.isoformat(),
            "translations": [[*key, dict(texts)] for key, texts in table.translations.items()],
            **{name: getattr(table, name) for name in _ADAPTERS},
        }
        with (making / "nouns.json").open("wb") as file:
            file.write(orjson.dumps(nouns))
            file.flush()
            os.fsync(file.fileno())
        _flush(making)
        try:
            making.rename(kept)
        except OSError:
            if not kept.is_dir():
                raise
        _flush(folder())
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return kept


def opened(content: str) -> Timetable:
    """The timetable of this content. Raises NoTimetable when it is not on this disk."""
    kept = folder() / content[:NAME]
    if not (kept / "nouns.json").is_file():
        raise NoTimetable(_("Les horaires ne sont pas sur ce disque : importez-les de nouveau."))
    nouns = orjson.loads((kept / "nouns.json").read_bytes())
    parts: dict[str, Any] = {name: np.load(kept / f"{name}.npy", mmap_mode="r") for name in ARRAYS}
    for name in WORDS:
        letters, first = (np.load(kept / f"{name}.{part}.npy", mmap_mode="r") for part in ("letters", "first"))
        parts[name] = Words(letters, first)
    for name, adapter in _ADAPTERS.items():
        parts[name] = tuple(adapter.validate_python(nouns[name]))
    rows = np.load(kept / "transfers.npy").tolist()
    parts["transfers"] = tuple(Transfer(**dict(zip(_TRANSFER, row, strict=True))) for row in rows)
    return Timetable(
        content=nouns["content"],
        first_day=date.fromisoformat(nouns["first_day"]),
        translations={(language, field): texts for language, field, texts in nouns["translations"]},
        **parts,
    )


def _write(path: Path, array: NDArray[Any]) -> None:
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def _flush(path: Path) -> None:
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
