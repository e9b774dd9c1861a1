"""A first look at a table: some rows, and where they are. Kept by the hash of the content, which never changes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from . import lake
from .columns import LAT, LON, Column
from .logical import Question, Table, col

ROWS: Final = 5
COLUMNS: Final = 6
SPOTS: Final = 400
HIDDEN_KINDS: Final = ("longitude", "latitude")


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows, under the columns that say most."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


class _Opened:
    """A table as a key: by what it holds and what of it may be seen."""

    def __init__(self, table: Table) -> None:
        self.table = table
        names = tuple(each.name for each in table.columns)
        self._key = (table.dataset, table.number, table.content, names, repr(table.only))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Opened) and self._key == other._key


def preview(table: Table) -> Preview:
    """The first rows that this reader may see."""
    return _preview(_Opened(table))


@lru_cache(maxsize=512)
def _preview(opened: _Opened) -> Preview:
    table = opened.table
    shown = [
        each for each in table.columns if not each.placed and each.kind not in HIDDEN_KINDS and each.type != "json"
    ]
    shown = shown[:COLUMNS]
    if not shown:
        return Preview((), ())
    answer = lake.answer(table, Question(columns=tuple(col(each.name) for each in shown), limit=ROWS))
    return Preview(tuple(shown), tuple(answer.rows))


def spots(table: Table) -> tuple[tuple[float, float], ...]:
    """Where some of the rows are, as (longitude, latitude); none when they have no place."""
    return _spots(_Opened(table)) if table.place is not None else ()


@lru_cache(maxsize=512)
def _spots(opened: _Opened) -> tuple[tuple[float, float], ...]:
    question = Question(columns=(col(LON), col(LAT)), limit=SPOTS)
    answer = lake.answer(opened.table, question)
    return tuple((lon, lat) for lon, lat in answer.rows if lon is not None and lat is not None)
