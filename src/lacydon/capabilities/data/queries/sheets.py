"""A workbook of one sheet, written row after row: its memory does not grow with it."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

LONGEST_CELL = 32_767
LARGEST_WHOLE = 2**53
FIRST_YEAR = 1900


def write_sheet(path: Path, *, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Texts are written as texts, whatever they begin with: nothing is ever a formula or a link."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "tmpdir": str(path.parent),
        "in_memory": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        formats = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            time: book.add_format({"num_format": "hh:mm:ss"}),
        }
        sheet.freeze_panes(1, 0)
        for place, head in enumerate(heads):
            sheet.write_string(0, place, head[:LONGEST_CELL], bold)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                _write(sheet, number, place, value, formats)


def _write(sheet: Any, row: int, place: int, value: Any, formats: dict[type, Any]) -> None:
    kind = type(value)
    write: Callable[..., Any]
    if value is None:
        return
    if kind is bool:
        sheet.write_boolean(row, place, value)
    elif (kind is int and abs(value) < LARGEST_WHOLE) or (kind is float and math.isfinite(value)):
        sheet.write_number(row, place, value)
    elif kind in formats and (kind is time or value.year >= FIRST_YEAR):
        write = sheet.write_datetime
        write(row, place, value, formats[kind])
    elif kind in (date, datetime):
        sheet.write_string(row, place, value.isoformat())
    else:
        sheet.write_string(row, place, str(value)[:LONGEST_CELL])
