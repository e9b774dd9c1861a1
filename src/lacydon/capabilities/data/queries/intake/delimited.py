"""CSV as people send it: any encoding, any separator, lines of a title above the header, rows too short or too long.

A file in plain order is read by the engine itself. When its reader stumbles, the file is written again by Python's,
with what rows have too many in a column of its own, so that nothing is lost.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import duckdb
from django.utils.translation import gettext as _

from ...errors import UnreadableTable
from .. import encodings
from ..engine import LONGEST_LINE, literal
from .bench import Bench
from .inspection import labelled
from .sources import Source

SEPARATORS = ",;\t|"
SAMPLE = 1 << 17
HEADED = 30
"""Rows among which the header is looked for."""
LONGEST_CELL = 8_000_000
EXTRA = "cellules en trop"
LAST = "\ufdd2end"
HELD = {10: "\ufdd0", 13: "\ufdd1"}
"""Line ends inside cells while a file is written again: code points that no text may hold (Unicode, 23.7)."""


def delimited(bench: Bench, *, separator: str = "") -> Source:
    """The relation of a CSV file. Raises UnreadableTable for what is no text, or holds no table."""
    encoding = encodings.encoding_of(bench.file)
    text = bench.file if encoding.is_utf8 else encodings.as_utf8(bench.file, encoding, bench.folder / "text.csv")
    with text.open("r", encoding="utf-8-sig", newline="") as file:
        sample = file.read(SAMPLE)
    separator = separator if separator and separator in SEPARATORS else _separator(sample)
    rows = _complete(sample, separator)
    header = header_of(rows)
    labels = _trimmed(rows[header], rows[header + 1 :])
    source = Source(
        format="csv",
        relation="",
        labels=labelled(labels),
        encoding=encoding.name.removesuffix("-sig"),
        damaged=encoding.damaged,
        separator=separator,
    )
    if header:
        source.remarks.append(_("%d lignes au-dessus des titres des colonnes sont laissées de côté.") % header)
    if encoding.damaged:
        source.remarks.append(_("Des lettres de ce fichier sont abîmées : elles sont remplacées par « � »."))
    source.checked()
    plain = not any("\n" in cell or "\r" in cell for row in rows[: header + 1] for cell in row)
    if plain and _even_ends(text) and _directly(bench, source, text, skipped=header + 1):
        return source
    with text.open("r", encoding="utf-8-sig", newline="") as lines:
        records = islice(_records(lines, separator), header + 1, None)
        return written_again(bench, source, records)


def _separator(sample: str) -> str:
    """The one that cuts the most rows into as many cells, then into the most cells; a line feed when none does."""
    if "\0" in sample:
        raise UnreadableTable(_("Ce fichier n’est pas du texte : enregistrez votre tableau au format CSV (UTF-8)."))
    best, most = ",", (0, 0)
    for separator in SEPARATORS:
        widths = [len(row) for row in _complete(sample, separator)[:200] if row]
        common = max(set(widths), key=widths.count) if widths else 0
        if common > 1 and (widths.count(common), common) > most:
            best, most = separator, (widths.count(common), common)
    return best


def _complete(sample: str, separator: str) -> list[list[str]]:
    """The rows of the beginning of a file; the last one may be cut, and is left out unless it is alone."""
    rows: list[list[str]] = []
    try:
        for row in _records(io.StringIO(sample, newline=""), separator, whole=False):
            rows.append(row)
            if len(rows) > 400:
                break
    except UnreadableTable:
        if not rows:
            raise
    if len(sample) >= SAMPLE and 1 < len(rows) <= 400:
        rows.pop()
    if not rows:
        raise UnreadableTable(_("Ce fichier est vide."))
    return rows


def _records(lines: Iterable[str], separator: str, *, whole: bool = True) -> Iterator[list[str]]:
    """The rows; a last line of our own, when `whole`, tells a quote that was opened and never closed."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(chain(lines, [LAST]) if whole else lines, delimiter=separator)
    start = 0
    try:
        for row in reader:
            if whole and row == [LAST]:
                return
            if whole and row and row[-1].endswith(LAST):
                raise _unclosed(start + 1)
            start = reader.line_num
            yield row
    except csv.Error as error:
        raise _unclosed(start + 1) from error


def _unclosed(line: int) -> UnreadableTable:
    return UnreadableTable(
        _("La ligne %d ne peut pas être lue : un guillemet y est sans doute ouvert et jamais fermé.") % line
    )


def header_of(rows: Sequence[Sequence[str]]) -> int:
    """Which row names the columns: the first that is about as wide as the table. Raises UnreadableTable."""
    filled = [sum(1 for cell in row if cell.strip()) for row in rows[: HEADED * 4]]
    wide = [each for each in filled if each > 1]
    common = max(set(wide), key=wide.count) if wide else 1
    for number, count in enumerate(filled[:HEADED]):
        if count and count >= common * 0.6:
            return number
    raise UnreadableTable(_("Les titres des colonnes n’ont pas été trouvés : mettez-les sur la première ligne."))


def _trimmed(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Without the empty titles at the end, which separators in excess make; rows that have cells there keep them."""
    width = len(labels)
    filled = max((n for row in rows for n, cell in enumerate(row, 1) if cell.strip()), default=0)
    while width > 1 and not labels[width - 1].strip() and width > filled:
        width -= 1
    return list(labels[:width])


def _even_ends(text: Path) -> bool:
    """Lines all end the same way, and there is no NUL: what the engine's reader would mend in its own manner."""
    alone = pairs = feeds = 0
    held, bare = b"", False
    with text.open("rb") as file:
        while chunk := file.read(encodings.CHUNK):
            if b"\0" in chunk:
                return False
            if not alone and b"\r" not in chunk:  # nearly always: to look costs a tenth of counting
                bare = bare or b"\n" in chunk
                continue
            whole = held + chunk
            pairs += whole.count(b"\r\n")
            held = b"\r" if chunk.endswith(b"\r") else b""
            alone += chunk.count(b"\r")
            feeds += chunk.count(b"\n")
    return alone == 0 or (not bare and alone == pairs == feeds)


def _directly(bench: Bench, source: Source, text: Path, *, skipped: int) -> bool:
    """False when the engine's reader stumbles on the whole of it."""
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(1, len(source.labels) + 1))
    reading = (
        f"FROM read_csv({{path}}, auto_detect = false, header = false, skip = {skipped}, quote = '\"', escape = '\"', "
        f"delim = {literal(source.separator)}, columns = {{{{{columns}}}}}, strict_mode = true, null_padding = false)"
    )
    relation = reading.format(path=literal(str(text)))
    if text.stat().st_size < SAMPLE * 64:  # a large file tells when it is converted, and is written again then
        try:
            bench.run(f"SELECT count(*) FROM ({relation})")  # noqa: S608
        except duckdb.Error:
            return False
    source.relation, source.reading, source.text, source.skipped = relation, reading, text, skipped
    return True


def rewritten(bench: Bench, source: Source) -> Source:
    """The same source when the engine stumbled on it."""
    assert source.text is not None
    text, skipped = source.text, source.skipped
    with text.open("r", encoding="utf-8-sig", newline="") as lines:
        return written_again(bench, source, islice(_records(lines, source.separator), skipped, None))


def written_again(bench: Bench, source: Source, rows: Iterable[Sequence[str]]) -> Source:
    """The relation of rows that Python reads: short rows are filled up, what is too much has a column of its own."""
    width = len(source.labels)
    target = bench.folder / "plain.csv"
    short = long = 0
    try:
        with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
            for row in rows:
                if not any(row):
                    continue
                cells = list(row[:width])
                extra = [cell for cell in row[width:] if cell.strip()]
                short += len(cells) < width
                long += bool(extra)
                cells += [""] * (width - len(cells))
                cells.append(source.separator.join(extra) if extra else "")
                writer.writerow([cell.translate(HELD) if "\n" in cell or "\r" in cell else cell for cell in cells])
    except OSError as error:
        raise UnreadableTable(_("Il n’y a plus assez de place sur le disque pour préparer ce fichier.")) from error
    if short and source.format == "csv":
        source.remarks.append(
            _("%d lignes sont plus courtes que les titres : leurs dernières cellules sont vides.") % short
        )
    if long:
        source.labels = [*source.labels, EXTRA]
        sentence = _("%d lignes ont trop de cellules : ce qui dépasse est gardé dans une colonne de plus.")
        source.remarks.append(sentence % long)
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(1, width + 2))
    back = f"replace(replace({{0}}, chr({0xFDD0}), chr(10)), chr({0xFDD1}), chr(13))"
    shown = ", ".join(f"{back.format(f'c{n}')} AS c{n}" for n in range(1, len(source.labels) + 1))
    source.reading = (
        f"SELECT {shown} FROM read_csv({{path}}, auto_detect = false, header = false, quote = '\"', escape = '\"', "  # noqa: S608
        f"delim = ',', columns = {{{{{columns}}}}}, strict_mode = true, max_line_size = {LONGEST_LINE * 2})"
    )
    source.relation = source.reading.format(path=literal(str(target)))
    source.text, source.skipped = target, 0
    return source.checked()


def from_rows(bench: Bench, source: Source, rows: Iterator[Sequence[str]]) -> Source:
    """The relation of a sheet, whose header is found among its first rows."""
    first = [list(row) for row in islice(rows, HEADED * 4)]
    if not any(any(row) for row in first):
        raise UnreadableTable(_("Cette feuille est vide."))
    header = header_of(first)
    width = max(len(row) for row in first[header:])
    labels = first[header] + [""] * (width - len(first[header]))
    source.labels = labelled(_trimmed(labels, first[header + 1 :]))
    if header:
        source.remarks.append(_("%d lignes au-dessus des titres des colonnes sont laissées de côté.") % header)
    return written_again(bench, source, chain(first[header + 1 :], rows))
