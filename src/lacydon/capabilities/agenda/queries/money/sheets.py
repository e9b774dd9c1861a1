"""A table sent as CSV, cell by cell: what is wrong in it is said with its line, its column, and how to mend it."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from lacydon.kernel.clock import today
from lacydon.kernel.errors import BadInput
from lacydon.kernel.french import plain

LARGEST = 20_000_000
"""Bytes."""
MOST = 200_000
"""Rows."""
SHOWN = 200
"""Refusals that are kept of one file: who sends it mends these first."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing to mend in a file. `line`: as a spreadsheet numbers it, the header being 1; 0: the whole file."""

    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        told = _("trouvé %(found)s ; attendu %(expected)s") % {"found": self.found, "expected": self.expected}
        return _("%(column)s : %(told)s") % {"column": self.column, "told": told} if self.column else told


class Unfit(Exception):  # noqa: N818 (one cell, not an error of ours)
    """A cell that cannot be taken: the refusal of it."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.expected)
        self.refusal = refusal


def day_of(typed: str) -> date:
    """The day that the figures of a file speak of, as it is typed beside it; nothing typed: today."""
    if not typed:
        return today()
    try:
        found = date.fromisoformat(typed[:10])
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2100:
        raise BadInput(_("Écrivez une date comme 2026-10-31."), field="as_of")
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. Its readers raise Unfit."""

    line: int
    cells: Mapping[str, str]

    def text(self, column: str, *, needed: bool = True) -> str:
        found = self.cells.get(column, "").strip()
        if needed and not found:
            raise self.unfit(column, _("une valeur"))
        return found

    def amount(self, column: str, *, signed: bool = False) -> Decimal | None:
        """Euros; None when nothing is written. « 1 234,50 » and « 1234.5 » are the same."""
        typed = self.cells.get(column, "").strip()
        if not typed:
            return None
        written = typed.translate(_SPACES).removesuffix("€").replace(",", ".")
        try:
            found = Decimal(written)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or abs(found) >= 10**12:
            raise self.unfit(column, _("un montant en euros, comme 12500,00"))
        if found.as_tuple().exponent < -2 and found != round(found, 2):  # type: ignore[operator]
            raise self.unfit(column, _("deux décimales au plus"))
        if found < 0 and not signed:
            raise self.unfit(column, _("un montant positif"))
        return round(found, 2)

    def number(self, column: str, *, least: int, most: int) -> int:
        typed = self.text(column)
        if not (typed.isascii() and typed.isdigit() and len(typed) < 9 and least <= int(typed) <= most):
            raise self.unfit(column, _("un nombre entier de %(least)d à %(most)d") % {"least": least, "most": most})
        return int(typed)

    def day(self, column: str) -> date:
        typed = self.text(column)
        try:
            return date.fromisoformat(typed)
        except ValueError:
            raise self.unfit(column, _("une date comme 2026-03-31")) from None

    def choice(self, column: str, among: Collection[str]) -> str:
        """One of these words, whatever its case and accents."""
        typed = self.text(column)
        found = next((each for each in among if plain(each) == plain(typed)), None)
        if found is None:
            raise self.unfit(column, _("l’un de : %s") % ", ".join(f"« {each} »" for each in among))
        return found

    def digits(self, column: str, many: int) -> str:
        typed = self.text(column).translate(_SPACES)
        if not (typed.isascii() and typed.isdigit() and len(typed) == many):
            raise self.unfit(column, _("%d chiffres") % many)
        return typed

    def unfit(self, column: str, expected: str) -> Unfit:
        typed = self.cells.get(column, "").strip()
        found = f"« {typed[:60]} »" if typed else _("rien")
        return Unfit(Refusal(self.line, column, found, expected))


_SPACES = {ord(each): None for each in " \u00a0\u202f\t"}


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(content: bytes, *, needed: Sequence[str], known: Sequence[str]) -> Sheet:
    """The table of a CSV file: comma or semicolon, UTF-8 or Windows-1252. Column names are matched whatever their case.

    Raises Unfit for what concerns the whole file: empty, too large, no text, a column that is missing or twice there.
    """
    if len(content) > LARGEST:
        raise _whole(_("un fichier trop lourd"), _("20 Mo au plus"))
    text = _decoded(content)
    lines = text.splitlines()
    header = next((line for line in lines if line.strip()), "")
    if not header:
        raise _whole(_("un fichier vide"), _("une ligne de titres, puis une ligne par crédit"))
    delimiter = max((";", ",", "\t"), key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return _sheet(reader, needed, known)
    except csv.Error as error:
        raise Unfit(Refusal(reader.line_num, "", _("une ligne illisible (%s)") % error, _("un fichier CSV"))) from None


def _sheet(reader: "csv._reader", needed: Sequence[str], known: Sequence[str]) -> Sheet:  # type: ignore[name-defined]
    by_plain = {plain(each): each for each in known}
    columns: tuple[str, ...] = ()
    rows: list[Row] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if not columns:
            columns = tuple(by_plain.get(plain(cell.strip()), cell.strip()) for cell in cells)
            twice = next((each for each in columns if each and columns.count(each) > 1), None)
            if twice:
                raise Unfit(Refusal(reader.line_num, twice, _("cette colonne deux fois"), _("une seule fois")))
            for each in needed:
                if each not in columns:
                    raise Unfit(Refusal(reader.line_num, each, _("aucune colonne de ce nom"), _("cette colonne")))
            continue
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            found = _("%d cellules") % len(cells)
            raise Unfit(Refusal(reader.line_num, "", found, _("%d cellules, comme les titres") % len(columns)))
        rows.append(Row(reader.line_num, dict(zip(columns, cells, strict=False))))
        if len(rows) > MOST:
            raise _whole(_("plus de %d lignes") % MOST, _("un fichier plus court"))
    if not rows:
        raise _whole(_("des titres, et aucune ligne"), _("une ligne par crédit"))
    return Sheet(columns, tuple(rows))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _whole(_("un fichier qui n’est pas du texte"), _("un fichier CSV (« Enregistrer sous », « CSV UTF-8 »)"))


def _whole(found: str, expected: str) -> Unfit:
    return Unfit(Refusal(0, "", found, expected))


def seen_twice(rows: Sequence[Row]) -> Iterator[Refusal]:
    """Lines that say exactly what another says: they would be counted twice."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(cell.strip() for cell in row.cells.values())
        first = seen.setdefault(key, row.line)
        if first != row.line:
            yield Refusal(row.line, "", _("la même ligne que la ligne %d") % first, _("chaque ligne une seule fois"))
