"""The columns of a published table: a closed list of types, and what each is in Parquet."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

ColumnType = Literal["text", "integer", "number", "boolean", "date", "datetime", "time", "point", "shape", "json"]

STORED: Mapping[ColumnType, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
    "time": "TIME",
    "point": "BLOB",
    "shape": "BLOB",
    "json": "VARCHAR",
}
"""How each is kept (DuckDB); `point` and `shape` are WKB in WGS 84, longitude first; `datetime` is in UTC."""
PLACED = ("point", "shape")
LONGEST_NAME = 60
ROW, LON, LAT = "_row", "_lon", "_lat"
"""Hidden columns: the place in the source, from 1; a point on the shape."""
PLACE = "_place"
"""The place in the file, which no file holds: the engine counts it. It decides between rows that are equal."""
BOX = ("_west", "_south", "_east", "_north")
"""Hidden columns, when there are shapes."""


DRAWN = (
    f"CASE WHEN {LON} IS NOT NULL THEN CAST('\\x00\\x00\\x00\\x00\\x01' AS BLOB) || "
    f"CAST(CAST({LON} AS BIT) AS BLOB) || CAST(CAST({LAT} AS BIT) AS BLOB) END"
)
"""The WKB of a point (most significant byte first) as SQL of the engine itself, of the hidden columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `kind`: what it is beyond its type (citycode, siret, email …), or nothing.

    `drawn`: a point that the file does not hold, for it says no more than `_lon` and `_lat`, and weighs as much as all
    the rest: it is made of them where it is asked for (`in_file`).
    """

    name: str
    label: str
    type: ColumnType
    kind: str = ""
    description: str = ""
    nullable: bool = True
    drawn: bool = False

    @property
    def in_file(self) -> str:
        """Its values in a file, as SQL."""
        return DRAWN if self.drawn else '"' + self.name.replace('"', '""') + '"'

    @property
    def placed(self) -> bool:
        return self.type in PLACED

    @property
    def numeric(self) -> bool:
        return self.type in ("integer", "number")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_columns(kept: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    """The columns of a version, as they were written by `as_json`."""
    known = get_args(ColumnType)
    made = tuple(Column(**each) for each in kept)
    assert all(each.type in known for each in made), made
    return made
