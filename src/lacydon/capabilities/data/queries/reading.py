"""From a file as people send it to a table in the engine, with every row at its number.

Two ways lead to the same table. A file in plain order is read by the engine itself, in parallel; whatever that reader
would mend silently (a blank line, a cell too many, a space before a quote) is looked for beforehand, and a count of
separators and line ends proves afterwards that nothing was lost. Any other file is first written again in plain order
by Python's reader of CSV, with the number of cells of each row, so that ragged rows are told and not guessed.
"""

import csv
import errno
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from django.utils.translation import gettext as _

from ..errors import UnreadableTable
from . import encodings, workbooks
from .encodings import Encoding
from .engine import LONGEST_LINE, NEVER, Engine, literal
from .scanning import Scan, scan

SEPARATORS = ",;\t|"
SAMPLE = 1 << 16
MOST_LOADED = 500
"""Columns beyond which only those of the schema are loaded."""
MOST_LABELS = 20_000
WHOLE = "COLUMNS('^(n|blank|extra|c[0-9]+)$')"
PROBED = 4_000
"""Rows."""
HELD = {10: "\ufdd0", 13: "\ufdd1"}
"""Line ends inside cells while a file is written again: code points that no text may hold (Unicode, 23.7)."""
LONGEST_CELL = 4_000_000
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


@dataclass
class Table:
    """The table `cells` of the engine: c1…cN as text, and for a file written again `n` (cells of the row) and `extra`.

    `rowid` 0 is row 2 of the file. `loaded` are the positions (from 1) of the columns that are there.
    """

    labels: tuple[str, ...]
    separator: str
    encoding: Encoding
    loaded: tuple[int, ...]
    rewritten: bool
    name: str = "cells"
    rows: int = 0
    workbook: bool = False
    lean: bool = False
    """Only the cells of doubtful rows are there, as the list `kept`; `lines` finds the others in the file."""
    lines: Scan | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return len(self.loaded) == len(self.labels)


@dataclass(frozen=True)
class Sieve:
    """SQL over the cells of one row, computed while they are read.

    `sure`: true only for a row that breaks no rule of its own; `hashes`: (name, what two rows that may be the same have
    in common); `inner`: columns that both may speak of.
    """

    sure: str
    hashes: tuple[tuple[str, str], ...] = ()
    inner: tuple[str, ...] = ()
    lean: bool = False

    def select(self, kept: str, source: str, *, beside: str = ", sure") -> str:
        """`kept` of the rows of a source, then what is `beside`, then the hashes."""
        inner = "".join(f", {each}" for each in self.inner)
        hashes = "".join(f", {each} AS {name}" for name, each in self.hashes)
        named = "".join(f", {name}" for name, _each in self.hashes)
        return (
            f"SELECT {kept}{beside}{named} FROM (SELECT *{hashes}, coalesce({self.sure}, false) AS sure "  # noqa: S608
            f"FROM (SELECT *{inner} FROM {source}))"
        )


Sifting = Callable[[Table], Sieve]


def load(
    engine: Engine, file: Path, *, names: Sequence[str], into: str = "cells", sieve: "Sifting | None" = None
) -> Table:
    """Fills the table `into`; `names` are the columns a schema expects. Raises UnreadableTable.

    With a `sieve`, its columns are beside the cells; a lean one leaves the cells of sure rows out.
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            head = opened.read(8)
    except OSError as error:
        raise UnreadableTable(_("Le fichier %s ne peut pas être lu.") % file) from error
    if not size:
        raise UnreadableTable(_("Ce fichier est vide."))
    if head.startswith(OLD_WORKBOOK):
        raise UnreadableTable(_("Ce fichier est un ancien classeur (.xls) : enregistrez-le au format CSV ou XLSX."))
    if head.startswith(b"PK"):
        rows = iter(workbooks.rows_of(file))
        labels = tuple(next(rows, []))
        return _load_rewritten(
            engine,
            rows,
            labels,
            names,
            separator=",",
            encoding=Encoding("utf-8"),
            workbook=True,
            into=into,
            sieve=sieve,
        )
    encoding = encodings.encoding_of(file)
    text = file if encoding.is_utf8 else encodings.as_utf8(file, encoding, engine.folder / "text.csv")
    separator, labels = _header(text, names)
    if 2 <= len(labels) <= MOST_LOADED and not any("\n" in label or "\r" in label for label in labels):
        counted = scan(text, separator)
        table = Table(labels, separator, encoding, tuple(range(1, len(labels) + 1)), rewritten=False, name=into)
        if counted.plain and _load_directly(engine, counted, table, sieve):
            return table
    with text.open("r", encoding="utf-8-sig", newline="") as lines:
        rows = _records(lines, separator)
        next(rows, None)
        return _load_rewritten(
            engine, rows, labels, names, separator=separator, encoding=encoding, into=into, sieve=sieve
        )


def _records(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, delimiter=separator)
    try:
        yield from reader
    except csv.Error as error:
        raise UnreadableTable(
            _("La ligne %d ne peut pas être lue : un guillemet y est sans doute ouvert et jamais fermé.")
            % reader.line_num
        ) from error


def _header(text: Path, names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The separator whose first row has the most expected names, then the most columns that hold together."""
    with text.open("r", encoding="utf-8-sig", newline="") as file:
        sample = file.read(SAMPLE)
        whole = sample + file.read(LONGEST_CELL - SAMPLE) if len(sample) == SAMPLE else sample
    if "\0" in sample:
        raise UnreadableTable(_("Ce fichier n’est pas du texte : enregistrez votre tableau au format CSV (UTF-8)."))
    wanted = set(names)
    best = max(SEPARATORS, key=lambda separator: _likeness(sample, separator, wanted))
    labels = tuple(next(_records(io.StringIO(whole, newline=""), best), []))
    if len(labels) > MOST_LABELS:
        raise UnreadableTable(_("Ce fichier a plus de %d colonnes.") % MOST_LABELS)
    if not any(label.strip() for label in labels):
        raise UnreadableTable(_("La première ligne est vide : elle doit porter le nom des colonnes."))
    return best, labels


def _likeness(sample: str, separator: str, wanted: set[str]) -> tuple[int, int, int]:
    widths: list[int] = []
    known = 0
    try:
        for position, row in enumerate(_records(io.StringIO(sample, newline=""), separator)):
            if position == 0:
                known = len(wanted & set(row))
            if position == 50:
                break
            widths.append(len(row))
    except UnreadableTable:
        return known, 0, 0
    if not widths or widths[0] < 2:
        return known, 0, 0
    return known, sum(1 for width in widths if width == widths[0]), widths[0]


def _load_directly(engine: Engine, counted: Scan, table: Table, sieve: "Sifting | None") -> bool:
    """False when the engine's reader stumbles, or when what it read does not add up."""
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in table.loaded)
    source = (
        f"read_csv({literal(str(counted.path.resolve()))}, auto_detect = false, header = false, skip = 1, "
        f"quote = '\"', escape = '\"', delim = {literal(table.separator)}, columns = {{{columns}}}, "
        f"nullstr = {literal(NEVER)}, strict_mode = true, null_padding = false, max_line_size = {LONGEST_LINE})"
    )
    made = None if sieve is None else sieve(table)
    try:
        if made is None:
            engine.run(f"CREATE OR REPLACE TABLE {table.name} AS FROM {source}")
        else:
            table.lean = made.lean and not counted.quoted and _mostly_sure(engine, source, made)
            kept, beside = "COLUMNS('^c[0-9]+$')", ", sure"
            if table.lean:
                table.lines = counted
                cells = ", ".join(f"c{position}" for position in table.loaded)
                kept, beside = f"CASE WHEN sure THEN NULL ELSE [{cells}] END AS kept", ""
            asked = made.select(kept, source, beside=beside)
            if "JOIN" in str(engine.rows(f"EXPLAIN {asked}")):  # rows would lose their order
                raise AssertionError(asked)
            engine.run(f"CREATE OR REPLACE TABLE {table.name} AS {asked}")
    except duckdb.Error:
        return False
    table.rows = engine.row(f"SELECT count(*) FROM {table.name}")[0]  # noqa: S608
    separators, inside = counted.separators, (0, 0)
    if counted.quoted:
        separators -= sum(label.count(table.separator) for label in table.labels)
        inside = _inside(engine, table)
    records = table.rows + 1
    lines = counted.ends + (not counted.ended) - inside[1]
    return separators - inside[0] == records * (len(table.labels) - 1) and lines == records


def _mostly_sure(engine: Engine, source: str, made: "Sieve") -> bool:
    """Whether it is worth leaving cells out, by the first rows."""
    sample = f"(FROM {source} LIMIT {PROBED})"
    asked = made.select("sure", sample, beside="")
    sure, rows = engine.row(f"SELECT count(*) FILTER (WHERE sure), count(*) FROM ({asked})")  # noqa: S608
    return bool(sure * 4 >= rows * 3)


def _inside(engine: Engine, table: Table) -> tuple[int, int]:
    """How many separators and line ends are inside cells."""
    if not table.rows:
        return 0, 0
    counted = []
    for mark in (literal(table.separator), "chr(10)"):
        held = (
            f"sum(CASE WHEN contains(c{n}, {mark}) THEN length(c{n}) - length(replace(c{n}, {mark}, '')) ELSE 0 END)"
            for n in table.loaded
        )
        counted.append(" + ".join(held))
    separators, ends = engine.row(f"SELECT {counted[0]}, {counted[1]} FROM {table.name}")  # noqa: S608
    return int(separators), int(ends)


@contextmanager
def no_room() -> Iterator[None]:
    """A full disk is told in a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise UnreadableTable(_("Ce fichier ne peut pas être lu : la place manque sur le serveur.")) from error


def _ended(rows: Iterable[list[str]], *, workbook: bool) -> Iterator[list[str]]:
    """Without the empty lines (in a workbook, the empty rows) after the last row: they are the end of the file."""
    held = 0
    for row in rows:
        if any(row) if workbook else row:
            for _each in range(held):
                yield []
            held = 0
            yield row
        else:
            held += 1


def _load_rewritten(
    engine: Engine,
    rows: Iterable[list[str]],
    labels: tuple[str, ...],
    names: Sequence[str],
    *,
    separator: str,
    encoding: Encoding,
    into: str,
    workbook: bool = False,
    sieve: "Sifting | None" = None,
) -> Table:
    width = len(labels)
    wanted = set(names)
    loaded = tuple(n for n, label in enumerate(labels, 1) if width <= MOST_LOADED or label in wanted)
    table = Table(labels, separator, encoding, loaded, rewritten=True, name=into, workbook=workbook)
    target = engine.folder / "plain.csv"
    whole = len(loaded) == width
    count = 0
    broken = False
    with no_room(), target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row in _ended(rows, workbook=workbook):
            count += 1
            cells = max(len(row), width) if workbook else len(row)
            blank = "" if any(row) else "1"
            extra = "" if cells <= width else next((cell for cell in row[width:] if cell), "")
            padded = row[:width] + [""] * (width - len(row))
            if any("\n" in cell or "\r" in cell for cell in row):
                broken = True
                padded = [cell.translate(HELD) for cell in padded]
                extra = extra.translate(HELD)
            writer.writerow([cells, blank, extra, *(padded if whole else (padded[n - 1] for n in loaded))])
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in loaded)
    path = literal(str(target))
    read = f"COLUMNS({literal('extra|c[0-9]+')})"
    if broken:
        read = f"replace(replace({read}, chr({0xFDD0}), chr(10)), chr({0xFDD1}), chr(13))"
    source = (
        f"(SELECT n::INTEGER AS n, blank = '1' AS blank, {read} FROM "  # noqa: S608
        f"read_csv({path}, auto_detect = false, header = false, quote = '\"', escape = '\"', delim = ',', "
        f"columns = {{'n': 'VARCHAR', 'blank': 'VARCHAR', 'extra': 'VARCHAR', {columns}}}, nullstr = {literal(NEVER)}, "
        f"strict_mode = true, parallel = false, max_line_size = {LONGEST_LINE * 2}))"
    )
    made = None if sieve is None else sieve(table)
    engine.run(f"CREATE OR REPLACE TABLE {into} AS {made.select(WHOLE, source) if made else f'FROM {source}'}")
    table.rows = engine.row(f"SELECT count(*) FROM {table.name}")[0]  # noqa: S608
    if table.rows != count:
        raise UnreadableTable(_("Ce fichier ne peut pas être lu jusqu’au bout."))
    return table
