"""Any file as a relation of the engine: columns c1 … cN, in the order of the file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from ...errors import UnreadableTable
from ..engine import literal
from .bench import Bench

MOST_COLUMNS = 2_000
SAMPLED = 3_000
"""Values of a column that are looked at to guess what it is."""
SMALL = 32_000_000
"""Bytes up to which a sample is drawn from the whole file; beyond, from slices spread over it."""
SLICES, SLICE = 24, 1 << 17


@dataclass
class Source:
    """`relation` gives c1 … cN; `natives`: what the file itself says of each column, or nothing when it is text.

    `text`: the file of lines behind it, when there is one; `reading`: how the engine reads such lines, with {path}.
    `crs`: in which coordinates geometries are, when not in longitude and latitude.
    """

    format: str
    relation: str
    labels: Sequence[str]
    natives: Sequence[str] = ()
    encoding: str = ""
    damaged: bool = False
    separator: str = ""
    sheet: str = ""
    sheets: Sequence[str] = ()
    crs: str = ""
    text: Path | None = None
    reading: str = ""
    skipped: int = 0
    remarks: list[str] = field(default_factory=list)

    def native(self, position: int) -> str:
        return self.natives[position - 1] if self.natives else ""

    def checked(self) -> "Source":
        if len(self.labels) > MOST_COLUMNS:
            raise UnreadableTable(
                _("Ce fichier a %(found)d colonnes : au plus %(most)d peuvent être publiées.")
                % {"found": len(self.labels), "most": MOST_COLUMNS}
            )
        if not self.labels:
            raise UnreadableTable(_("Ce fichier n’a pas de colonnes."))
        return self


def sample_of(bench: Bench, source: Source) -> list[tuple[str | None, ...]]:
    """Rows spread over the file, as text; a geometry of the file itself is left out."""
    columns = ", ".join(
        "NULL" if source.native(n) in ("point", "shape") else f"c{n}::VARCHAR" for n in range(1, len(source.labels) + 1)
    )
    relation = source.relation
    if source.text is not None and source.text.stat().st_size > SMALL:
        relation = source.reading.format(path=literal(str(_slices(bench, source.text, skipped=source.skipped))))
    query = f"SELECT {columns} FROM ({relation}) USING SAMPLE reservoir({SAMPLED} ROWS) REPEATABLE (7)"  # noqa: S608
    return bench.rows(query)


def _slices(bench: Bench, text: Path, *, skipped: int) -> Path:
    """A file of whole lines taken here and there, behind as many lines as stand before the first row."""
    target = bench.folder / "sample"
    size = text.stat().st_size
    with text.open("rb") as source, target.open("wb") as made:
        for _line in range(skipped):
            made.write(source.readline())
        start = source.tell()
        for number in range(SLICES):
            source.seek(start + (size - start) * number // SLICES)
            if number:
                source.readline()
            made.writelines(source.readlines(SLICE))
    return target
