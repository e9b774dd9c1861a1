"""Which rows one version has and another has not: what `differences` counts, to be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from . import lake
from .columns import ROW, Column
from .differences import MOST_COMPARED
from .engine import literal
from .lake import Limits
from .logical import DIALECT, Table, source_of
from .room import room_for

MOST = 100
"""Rows of each sort that are shown."""
LIMITS = Limits(seconds=10.0, rows=20 * MOST)
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A row that both versions have under one name, with the cells that differ: (column, before, after)."""

    named: Any
    cells: tuple[tuple[Column, Any, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Rows of both versions in the columns they share. `by`: the column that names rows, when one does.

    `more`: there are more than are shown. `compared`: False when there are too many rows to compare.
    """

    columns: tuple[Column, ...] = ()
    by: Column | None = None
    corrected: tuple[Corrected, ...] = ()
    added: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()
    more: bool = False
    compared: bool = True

    @property
    def any(self) -> bool:
        return bool(self.corrected or self.added or self.removed)


def changes(*, old: Table, new: Table, most: int = MOST) -> Changes:
    """The first rows of each sort, in the order of their files. Raises TooMuch, Unavailable."""
    before = {each.name: each.type for each in old.columns}
    drawn = {each.name for each in (*old.columns, *new.columns) if each.drawn}
    shared = tuple(each for each in new.columns if before.get(each.name) == each.type and each.name not in drawn)
    if not shared or old.rows + new.rows > MOST_COMPARED:
        return Changes(columns=shared, compared=False)
    with room_for(old.rows + new.rows):
        return _compared(old, new, shared, most)


def _compared(old: Table, new: Table, shared: tuple[Column, ...], most: int) -> Changes:
    hashed = f"hash({', '.join(_quoted(each) for each in shared)})"
    read = {sign: source_of(table).sql(dialect=DIALECT) for sign, table in ((1, new), (-1, old))}
    bag = " UNION ALL ".join(
        f"SELECT {hashed} AS h, {sign} AS s, {ROW} AS r FROM {source}"  # noqa: S608
        for sign, source in read.items()
    )
    summed = f"SELECT h, sum(s)::BIGINT AS d, min(r) AS r FROM ({bag}) GROUP BY h HAVING sum(s) <> 0"  # noqa: S608
    found = lake.run(
        f"SELECT h::VARCHAR, d FROM ({summed}) "  # noqa: S608
        f"QUALIFY row_number() OVER (PARTITION BY d > 0 ORDER BY r, h) <= {most + 1}",
        limits=LIMITS,
    ).rows
    counted = {str(key): int(count) for key, count in found}
    added, removed = (_fetched(read[sign], hashed, shared, counted, sign) for sign in (1, -1))
    more = len(added) > most or len(removed) > most
    added, removed = added[:most], removed[:most]
    names = [n for n, each in enumerate(shared) if _names(each, n, added, removed)]
    place = next((n for n in names if _is_key(shared[n], read[1])), None)
    return _told(shared, added, removed, place=place, more=more)


def _is_key(column: Column, source: str) -> bool:
    """Whether a column has another value on every row of a table."""
    asked = f"SELECT count(*) = count(DISTINCT {_quoted(column)}) FROM {source}"  # noqa: S608
    return bool(lake.run(asked, limits=LIMITS).rows[0][0])


def _fetched(source: str, hashed: str, shared: Sequence[Column], counted: dict[str, int], sign: int) -> list[Row]:
    """The rows behind these hashes, each as many times as one version has more of it than the other."""
    left = {key: abs(count) for key, count in counted.items() if count * sign > 0}
    if not left:
        return []
    wanted = ", ".join(f"{literal(key)}::UBIGINT" for key in left)
    shown = ", ".join(_quoted(each) for each in shared)
    rows = lake.run(
        f"SELECT {hashed}::VARCHAR, {shown} FROM {source} WHERE {hashed} IN ({wanted}) ORDER BY {ROW} "  # noqa: S608
        f"LIMIT {LIMITS.rows}",
        limits=LIMITS,
    ).rows
    made = []
    for key, *cells in rows:
        if left.get(str(key), 0) > 0:
            left[str(key)] -= 1
            made.append(tuple(cells))
    return made


def _told(
    shared: tuple[Column, ...], added: list[Row], removed: list[Row], *, place: int | None, more: bool
) -> Changes:
    """A row removed and one added that have the same name, which is at `place`, are one row corrected."""
    if place is None:
        return Changes(columns=shared, added=tuple(added), removed=tuple(removed), more=more)
    old, new = ({row[place]: row for row in rows} for rows in (removed, added))
    corrected = tuple(
        Corrected(
            named=name,
            cells=tuple(
                (column, was, now) for column, was, now in zip(shared, old[name], row, strict=True) if was != now
            ),
        )
        for name, row in new.items()
        if name in old
    )
    return Changes(
        columns=shared,
        by=shared[place],
        corrected=corrected,
        added=tuple(row for name, row in new.items() if name not in old),
        removed=tuple(row for name, row in old.items() if name not in new),
        more=more,
    )


def _names(column: Column, place: int, added: list[Row], removed: list[Row]) -> bool:
    """Whether a column has another value on each row, and the same on some of both sides."""
    if column.type not in ("text", "integer"):
        return False
    old, new = ([row[place] for row in rows] for rows in (removed, added))
    alone = all(len(set(values)) == len(values) and None not in values for values in (old, new))
    return alone and not set(old).isdisjoint(new)


def _quoted(column: Column) -> str:
    return exp.to_identifier(column.name, quoted=True).sql(DIALECT)
