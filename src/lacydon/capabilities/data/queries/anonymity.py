"""How well people hide in a table: k-anonymity, l-diversity, and small cells of a table of counts.

A table is k-anonymous when each combination of its quasi-identifiers (what a neighbour may know: a commune, a year of
birth, a sex) is shared by at least k rows (Sweeney 2002). It says nothing of what those rows have in common: when the
rows of a combination all have the same sensitive value, that value is known all the same, which l-diversity counts.

Counts below eleven are not published: « Aucune case ne doit concerner moins de 11 unités » (rules of outputs of the
French secure data centre, CASD, for patients and stays; the same threshold in INSEE's rules for tax households,
https://inseefrlab.github.io/manuel-protection-tableaux/chapters/annexes/regles.html). A cell alone in its line can be
found again from the total of the line: a second one is masked there (secondary secrecy), chosen here and told.
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
    """A column of counts. `small`: cells from 1 to below the threshold; `second`: places in the file of those that are
    masked with them, so that no total gives them back; `found_again`: lines where one still would."""

    column: str
    threshold: int
    cells: int
    small: int
    second: tuple[int, ...]
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
    """The small cells of a table of counts, and those to mask with them (complementary suppression).

    `by`: the dimensions of the table. A line of the table is every dimension but one held still: when one cell of it is
    masked and its total is known, the cell is known. So a second one is masked on that line, and on each line where
    this leaves one alone. What is empty already counts as masked.
    """
    cell, dimensions = column(counts), list(dict.fromkeys(by))
    small = f"coalesce({cell} BETWEEN 1 AND {int(threshold) - 1}, false)"
    source = f"read_parquet({literal(str(path.resolve()))}, file_row_number = true)"
    with engine_for(path) as engine:
        cells, masked = engine.row(f"SELECT count({cell}), count(*) FILTER ({small}) FROM {source}")  # noqa: S608
        asked = ", ".join((cell, small, *map(column, dimensions)))
        found = engine.rows(f"SELECT {asked} FROM {source} ORDER BY file_row_number") if masked else []  # noqa: S608
    second, exposed = _masked_with(found)
    return SmallCells(
        column=counts, threshold=threshold, cells=int(cells), small=int(masked), second=second, found_again=exposed
    )  # fmt: skip


def _masked_with(cells: Sequence[tuple[Any, ...]]) -> tuple[tuple[int, ...], int]:
    """(count, whether it is small, dimensions…) in the order of the file → places masked besides, lines still open.

    Of a line, the cell is chosen that leaves the fewest lines with one masked cell alone, then the smallest (a 0 last:
    it says that nobody is there). It ends: each step masks one cell more.
    """
    lines: dict[tuple[Any, ...], list[int]] = {}
    of: list[list[tuple[Any, ...]]] = []
    for place, (_count, _small, *said) in enumerate(cells):
        of.append([(moving, *said[:moving], *said[moving + 1 :]) for moving in range(len(said))])
        for line in of[place]:
            lines.setdefault(line, []).append(place)
    away = [count is None or bool(small) for count, small, *_said in cells]
    gone = {line: sum(away[place] for place in places) for line, places in lines.items()}
    second: list[int] = []
    open_lines = 0
    todo = [line for place, (_n, small, *_said) in enumerate(cells) if small for line in of[place]]
    while todo:
        line = todo.pop()
        if gone[line] != 1 or len(lines[line]) == 1:
            continue
        left = [place for place in lines[line] if not away[place]]

        def cost(place: int) -> tuple[int, bool, Any, int]:
            others = sum((gone[each] == 0) - (gone[each] == 1) for each in of[place])
            return others, cells[place][0] == 0, cells[place][0], place

        chosen = min(left, key=cost)
        away[chosen] = True
        second.append(chosen)
        for each in of[chosen]:
            gone[each] += 1
            todo.append(each)
    ours = {*second, *(place for place, (_n, small, *_said) in enumerate(cells) if small)}
    for line in {each for place in ours for each in of[place]}:
        open_lines += gone[line] == 1 and len(lines[line]) > 1
    return tuple(sorted(second)), open_lines


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
