"""How well people hide in a table: k-anonymity, l-diversity, and small cells of a table of counts.

A table is k-anonymous when each combination of its quasi-identifiers (what a neighbour may know: a commune, a year of
birth, a sex) is shared by at least k rows (Sweeney 2002). It says nothing of what those rows have in common: when the
rows of a combination all have the same sensitive value, that value is known all the same, which l-diversity counts.

Counts below eleven are not published: « Aucune case ne doit concerner moins de 11 unités » (rules of outputs of the
French secure data centre, CASD, for patients and stays; the same threshold in INSEE's rules for tax households,
https://inseefrlab.github.io/manuel-protection-tableaux/chapters/annexes/regles.html). A cell alone in its line can be
found again from the total of the line: the secondary secrecy, which is told and left to people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .engine import engine_for, literal

SMALLEST = 11
"""The count from which a cell is published, when nothing else is said."""
ENOUGH = 5
"""The k that is proposed for rows about people; whoever publishes chooses."""
SIZES = ((1, 1), (2, 4), (5, 10), (11, 49), (50, None))
"""Sizes of groups, as they are shown."""
_ROWS = "rows_of_it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """What is asked of a table: each combination of `quasi` in at least `k` rows.

    `suppress`: the rows that are in fewer are left out. `sensitive`: the column whose diversity is counted.
    """

    quasi: tuple[str, ...]
    k: int = ENOUGH
    suppress: bool = False
    sensitive: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymity:
    """The figure, and what stands behind it. `smallest`: the k of the table; `alone`: rows like no other.

    `below`: rows in groups smaller than `k`. `sizes`: (from, to, groups, rows). `diversity`: the smallest number of
    sensitive values in a group; None when none was named.
    """

    quasi: tuple[str, ...]
    k: int
    rows: int
    groups: int
    smallest: int
    alone: int
    below: int
    sizes: tuple[tuple[int, int | None, int, int], ...] = ()
    diversity: int | None = None

    @property
    def holds(self) -> bool:
        return self.below == 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallCells:
    """A column of counts. `small`: cells from 1 to below the threshold; `found_again`: lines with one of them only."""

    column: str
    threshold: int
    cells: int
    small: int
    found_again: int


def anonymity(path: Path, *, protection: Protection) -> Anonymity:
    """Of a Parquet file, as it is."""
    with engine_for(path) as engine:
        source = f"SELECT * FROM read_parquet({literal(str(path.resolve()))})"  # noqa: S608
        return anonymity_of(engine.row(measured(source, protection)), protection=protection)


def measured(source: str, protection: Protection) -> str:
    """The SQL that measures the rows of a SELECT; `anonymity_of` reads its one line."""
    keys = ", ".join(map(column, protection.quasi))
    different = f"count(DISTINCT {column(protection.sensitive)})" if protection.sensitive else "NULL"
    ranges = [f"n BETWEEN {low} AND {high}" if high else f"n >= {low}" for low, high in SIZES]
    asked = ", ".join(f"count(*) FILTER ({each}), sum(n) FILTER ({each})" for each in ranges)
    return (
        f"WITH {_ROWS} AS ({source}), groups AS "  # noqa: S608
        f"(SELECT count(*) AS n, {different} AS d FROM {_ROWS} GROUP BY {keys}) "
        f"SELECT sum(n), count(*), min(n), sum(n) FILTER (n = 1), sum(n) FILTER (n < {protection.k}), min(d), {asked} "
        "FROM groups"
    )


def anonymity_of(line: Sequence[Any], *, protection: Protection) -> Anonymity:
    rows, groups, smallest, alone, below, diversity, *sizes = (None if each is None else int(each) for each in line)
    counted = tuple(
        (low, high, sizes[2 * place] or 0, sizes[2 * place + 1] or 0) for place, (low, high) in enumerate(SIZES)
    )
    return Anonymity(
        quasi=protection.quasi, k=protection.k, rows=rows or 0, groups=groups or 0, smallest=smallest or 0,
        alone=alone or 0, below=below or 0, sizes=counted, diversity=diversity,
    )  # fmt: skip


def in_company(source: str, protection: Protection) -> str:
    """Only the rows of a SELECT that are in groups of at least k."""
    keys = ", ".join(map(column, protection.quasi))
    return f"SELECT * FROM ({source}) QUALIFY count(*) OVER (PARTITION BY {keys}) >= {protection.k}"  # noqa: S608


def small_cells(path: Path, *, counts: str, by: Sequence[str], threshold: int = SMALLEST) -> SmallCells:
    """What masking the small cells of a table of counts leaves to be found again.

    `by`: the dimensions of the table. A line of the table is every dimension but one held still: when one cell of it is
    masked and its total is known, the cell is known.
    """
    cell = column(counts)
    small = f"{cell} BETWEEN 1 AND {int(threshold) - 1}"
    with engine_for(path) as engine:
        source = f"read_parquet({literal(str(path.resolve()))})"
        cells, masked = engine.row(f"SELECT count({cell}), count(*) FILTER ({small}) FROM {source}")  # noqa: S608
        exposed = 0
        for moving in by:
            still = [column(each) for each in by if each != moving]
            grouped = f"GROUP BY {', '.join(still)}" if still else ""
            (lines,) = engine.row(
                f"SELECT count(*) FROM (SELECT 1 FROM {source} {grouped} "  # noqa: S608
                f"HAVING count(*) FILTER ({small}) = 1 AND count(*) > 1)"
            )
            exposed += int(lines)
    return SmallCells(
        column=counts, threshold=threshold, cells=int(cells), small=int(masked), found_again=exposed
    )  # fmt: skip


def protection_of(kept: Mapping[str, Any] | None) -> Protection | None:
    """As an arrival keeps it."""
    if not kept or not kept.get("quasi"):
        return None
    return Protection(
        quasi=tuple(kept["quasi"]), k=int(kept.get("k", ENOUGH)), suppress=bool(kept.get("suppress")),
        sensitive=str(kept.get("sensitive", "")),
    )  # fmt: skip


def column(name: str) -> str:
    """A column as SQL."""
    return '"' + name.replace('"', '""') + '"'
