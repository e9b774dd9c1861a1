"""Which format a file is, by its content and never by its name; then what each of its columns is."""

import re
from pathlib import Path

import duckdb
from django.utils.translation import gettext as _

from ...errors import UnreadableTable
from . import delimited, documents, sheets, unpacking
from .bench import Bench, bench_for
from .columnar import columnar
from .guessing import guess, swapped
from .inspection import Guess, Inspection, named
from .layers import layer
from .sources import Source, sample_of

POINT = re.compile(r'\{"type":\s*"Point"')
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


def inspect(path: Path, *, name: str = "", sheet: str = "", separator: str = "") -> Inspection:
    """What a file is, and what its columns seem to be. Raises UnreadableTable, whose sentence says what to do."""
    with bench_for(path) as bench:
        source = open_source(bench, name=name, sheet=sheet, separator=separator)
        return inspection_of(bench, source)


def open_source(bench: Bench, *, name: str = "", sheet: str = "", separator: str = "") -> Source:
    """The relation of the file on a bench."""
    size = bench.file.stat().st_size
    with bench.file.open("rb") as file:
        head = file.read(4096)
    if not size:
        raise UnreadableTable(_("Ce fichier est vide."))
    if head.startswith(b"\x1f\x8b"):
        unpacking.gunzipped(bench)
        return open_source(bench, name=name.removesuffix(".gz"), sheet=sheet, separator=separator)
    if head.startswith(OLD_WORKBOOK):
        raise UnreadableTable(_("Ce fichier est un ancien classeur (.xls) : enregistrez-le au format CSV ou XLSX."))
    if head.startswith(b"PAR1"):
        return columnar(bench, bench.file)
    if head.startswith(b"PK"):
        return _archive(bench, sheet=sheet, separator=separator)
    if head.startswith(b"SQLite format 3\0"):
        return layer(bench, _with_suffix(bench, ".gpkg"), format="gpkg", sheet=sheet)
    if head.startswith(b"\x00\x00\x27\x0a"):
        return layer(bench, _with_suffix(bench, ".shp"), format="shapefile")
    if documents.looks_like_json(head):
        return documents.document(bench)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        raise UnreadableTable(
            _("Ce fichier est une page web ou du XML : envoyez le tableau lui-même (CSV, XLSX, JSON).")
        )
    if head.startswith(b"%PDF"):
        raise UnreadableTable(_("Ce fichier est un PDF : envoyez le tableau d’où il vient (CSV, XLSX)."))
    return delimited.delimited(bench, separator=separator)


def _archive(bench: Bench, *, sheet: str, separator: str) -> Source:
    if sheets.is_workbook(sheets.entries_of(bench)):
        return sheets.sheet(bench, name=sheet)
    bench.file, format = unpacking.unzipped(bench)
    if format:
        return layer(bench, bench.file, format=format, sheet=sheet)
    with bench.file.open("rb") as file:
        if file.read(2) == b"PK" and not sheets.is_workbook(sheets.entries_of(bench)):
            raise UnreadableTable(_("Cette archive contient une autre archive : envoyez le tableau lui-même."))
    return open_source(bench, sheet=sheet, separator=separator)


def _with_suffix(bench: Bench, suffix: str) -> Path:
    """GDAL knows a file by its name."""
    named = bench.folder / f"layer{suffix}"
    bench.file.rename(named)
    bench.file = named
    return named


def inspection_of(bench: Bench, source: Source) -> Inspection:
    """The guesses, from rows spread over the file."""
    try:
        rows = sample_of(bench, source)
    except duckdb.Error:
        if source.format != "csv" or source.text is None or source.text.name == "plain.csv":
            raise
        source = delimited.rewritten(bench, source)
        rows = sample_of(bench, source)
    names = named(source.labels)
    columns: list[Guess] = []
    for position, (label, given) in enumerate(zip(source.labels, names, strict=True), 1):
        native = source.native(position)
        values = [row[position - 1] for row in rows]
        if native == "geojson":
            native = "point" if all(POINT.match(each) for each in values if each) else "shape"
        columns.append(guess(position, label, given, values, native=native))
    remarks = [*source.remarks, *swapped(columns, rows)]
    return Inspection(
        format=source.format,
        columns=tuple(columns),
        encoding=source.encoding,
        damaged=source.damaged,
        separator=source.separator,
        sheet=source.sheet,
        sheets=tuple(source.sheets),
        seen=len(rows),
        remarks=tuple(remarks),
    )
