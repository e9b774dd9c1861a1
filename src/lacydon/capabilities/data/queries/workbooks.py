"""The first sheet of an XLSX workbook, as rows of texts written as a CSV would have them."""

import datetime
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse, parse
from django.utils.translation import gettext as _

from ..errors import UnreadableTable

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
LARGEST = 1_000_000_000
"""Bytes of a sheet once unpacked."""
DATES = set(range(14, 18)) | {22}
"""Formats of numbers that are dates by the standard (ECMA-376, 18.8.30)."""
TIMES = set(range(18, 22)) | set(range(45, 48))
MOST_COLUMNS = 16_384


WRONG = (
    BadZipFile, KeyError, ParseError, DefusedXmlException, IndexError, ValueError, zipfile.error, OSError,
    RuntimeError, NotImplementedError, StopIteration,
)  # fmt: skip


def sheets_of(path: Path) -> list[str]:
    """The names of the sheets, in their order. Raises UnreadableTable."""
    try:
        with ZipFile(path) as book, book.open("xl/workbook.xml") as content:
            return [str(each.get("name", "")) for each in parse(content).getroot().iter(f"{MAIN}sheet")]
    except WRONG as error:
        raise _unreadable() from error


def rows_of(path: Path, *, sheet: str = "") -> Iterator[list[str]]:
    """The rows of a sheet, else of the first one, from the first row on. Raises UnreadableTable."""
    try:
        with ZipFile(path) as book:
            place, since_1904 = _sheet(book, sheet)
            if any(each.file_size > LARGEST for each in book.infolist()):
                raise UnreadableTable(_("Ce classeur est trop grand : enregistrez-le au format CSV."))
            shared, styles = _shared(book), _styles(book)
            with book.open(place) as content:
                yield from _rows(content, shared, styles, 1462 if since_1904 else 0)
    except WRONG as error:
        raise _unreadable() from error


def _unreadable() -> UnreadableTable:
    return UnreadableTable(_("Ce classeur ne peut pas être lu : enregistrez-le au format CSV (UTF-8)."))


def _sheet(book: ZipFile, name: str) -> tuple[str, bool]:
    with book.open("xl/workbook.xml") as content:
        root = parse(content).getroot()
    sheet = next(each for each in root.iter(f"{MAIN}sheet") if name in ("", each.get("name", "")))
    properties = root.find(f"{MAIN}workbookPr")
    with book.open("xl/_rels/workbook.xml.rels") as content:
        targets = {each.get("Id"): each.get("Target", "") for each in parse(content).getroot()}
    target = str(targets[sheet.get(RELATION)])
    name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return name, properties is not None and properties.get("date1904") in ("1", "true")


def _shared(book: ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    with book.open("xl/sharedStrings.xml") as content:
        made = []
        for _event, each in iterparse(content):
            if each.tag == f"{MAIN}si":
                made.append(_text(each))
                each.clear()
        return made


def _text(element: Any) -> str:
    """All its runs, without the phonetic guides of Asian scripts."""
    texts = [each.text or "" for each in element.findall(f"{MAIN}t")]
    return "".join(texts + [each.text or "" for each in element.findall(f"{MAIN}r/{MAIN}t")])


def _styles(book: ZipFile) -> list[str]:
    """For each style of cell: `date`, `time`, `datetime` or nothing."""
    if "xl/styles.xml" not in book.namelist():
        return []
    with book.open("xl/styles.xml") as content:
        root = parse(content).getroot()
    own = {int(each.get("numFmtId", 0)): each.get("formatCode", "") for each in root.iter(f"{MAIN}numFmt")}
    formats = root.find(f"{MAIN}cellXfs")
    return [_kind(int(each.get("numFmtId", 0)), own) for each in (formats if formats is not None else ())]


def _kind(number: int, own: dict[int, str]) -> str:
    if number in own:
        code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", own[number].lower())
        day, hour = re.search(r"[dy]", code), re.search(r"[hs]", code)
        return "datetime" if day and hour else "date" if day else "time" if hour else ""
    return "datetime" if number == 22 else "date" if number in DATES else "time" if number in TIMES else ""


def _rows(content: Any, shared: list[str], styles: list[str], shift: int) -> Iterator[list[str]]:
    expected = 1
    for _event, each in iterparse(content):
        if each.tag != f"{MAIN}row":
            continue
        number = int(each.get("r", expected))
        if not expected <= number <= 1_048_576:
            raise ValueError("rows out of order")
        for _missing in range(expected, number):
            yield []
        yield _cells(each, shared, styles, shift)
        expected = number + 1
        each.clear()


def _cells(row: Any, shared: list[str], styles: list[str], shift: int) -> list[str]:
    cells: list[str] = []
    for each in row.findall(f"{MAIN}c"):
        letters = re.match("[A-Z]{1,3}", each.get("r", ""))
        column = len(cells)
        if letters:
            column = 0
            for letter in letters[0]:
                column = column * 26 + ord(letter) - 64
            column -= 1
        if column > MOST_COLUMNS or column < len(cells):
            raise ValueError("columns out of order")
        cells += [""] * (column - len(cells))
        cells.append(_value(each, shared, styles, shift))
    while cells and not cells[-1]:  # an empty cell that has only a colour is no cell
        cells.pop()
    return cells


def _value(cell: Any, shared: list[str], styles: list[str], shift: int) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inside = cell.find(f"{MAIN}is")
        return "" if inside is None else _text(inside)
    raw = cell.findtext(f"{MAIN}v") or ""
    if kind == "s" and raw:
        return shared[int(raw)]
    if kind == "b":
        return "true" if raw == "1" else "false"
    if kind != "n" or not raw:
        return raw
    style = int(cell.get("s", 0))
    meaning = styles[style] if style < len(styles) else ""
    return _moment(float(raw) + shift, meaning) if meaning else _number(raw)


def _moment(days: float, meaning: str) -> str:
    """Days since 30 December 1899, as the CSV would have them."""
    try:
        moment = datetime.datetime(1899, 12, 30) + datetime.timedelta(seconds=round(days * 86_400))  # noqa: DTZ001
    except OverflowError:
        return str(days)
    if meaning == "time":
        return moment.strftime("%H:%M:%S")
    whole = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.date().isoformat() if meaning == "date" or whole else moment.isoformat()


def _number(raw: str) -> str:
    """`12.0` and `1.2E1` are 12, as on the sheet."""
    value = float(raw)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if "e" in raw.lower() or len(raw) > 16 else raw
