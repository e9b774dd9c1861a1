"""What changed between two versions: in the columns, in the rows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlglot import exp

from . import lake
from .columns import Column
from .engine import literal

MOST_COMPARED = 20_000_000
"""Rows of both versions together beyond which rows are not compared."""
SECONDS = 600.0


def difference(
    *, old: Path, old_columns: Sequence[Column], new: Path, new_columns: Sequence[Column], rows: int
) -> dict[str, Any]:
    """{columns: {added, removed, changed}, rows: {added, removed, same}}; rows is None when there are too many.

    Rows are compared as a bag, by the columns both have with one type: a row that was corrected is one removed and one
    added; the order in the file does not count.
    """
    before, after = {each.name: each for each in old_columns}, {each.name: each for each in new_columns}
    shared = [name for name in after if name in before and before[name].type == after[name].type]
    drawn = {each.name for each in (*old_columns, *new_columns) if each.drawn}
    columns = {
        "added": [name for name in after if name not in before],
        "removed": [name for name in before if name not in after],
        "changed": [
            {"name": name, "from": before[name].type, "to": after[name].type}
            for name in after
            if name in before and name not in shared
        ],
    }
    shared = [name for name in shared if name not in drawn]
    return {"columns": columns, "rows": _rows(old, new, shared) if shared and rows <= MOST_COMPARED else None}


def _rows(old: Path, new: Path, shared: Sequence[str]) -> dict[str, int]:
    names = ", ".join(exp.to_identifier(name, quoted=True).sql("duckdb") for name in shared)
    bag = "SELECT hash({names}) AS h, {sign} AS s FROM read_parquet({path})"
    sql = (
        "SELECT sum(greatest(s, 0)), sum(greatest(-s, 0)), sum(least(a, b)) FROM (SELECT sum(s) AS s, "  # noqa: S608
        "count(*) FILTER (s > 0) AS a, count(*) FILTER (s < 0) AS b FROM ("
        f"{bag.format(names=names, sign=1, path=literal(str(new)))} UNION ALL "
        f"{bag.format(names=names, sign=-1, path=literal(str(old)))}) GROUP BY h)"
    )
    answer = lake.run(sql, limits=lake.Limits(seconds=SECONDS))
    added, removed, same = (int(each or 0) for each in answer.rows[0])
    return {"added": added, "removed": removed, "same": same}
