"""The public agenda as flat tables: the same for CSV and for the datasets of the harbour."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from lacydon.capabilities.data.public import Column
from lacydon.kernel.french import slug
from lacydon.kernel.texts import in_every_language

from ..chart import Chart
from ..nouns import SHAPES
from ..writing.fields import Field, fields_of
from ..writing.labels import label_of
from ..writing.tables import Column as Cell
from ..writing.tables import Table, joined, rows_of, tables_of
from ..writing.words import ADDRESS_OF, KINDS
from ..writing.workbook import labels_of

TYPES: dict[str, Any] = {"date": "date", "number": "number", "whole": "integer", "check": "boolean"}
CODES = {"commune": "citycode"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with (OWASP, CSV injection)."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A table that is open: `id` is that of its dataset and of its CSV file."""

    id: str
    table: Table

    @property
    def title(self) -> dict[str, str]:
        return in_every_language(lambda: _("Agenda numérique : %s") % self.words())

    def words(self) -> str:
        several = str(KINDS[self.table.kind][1]).lower()
        field = _list_of(self.table)
        return f"{several}, {str(label_of(field)).lower()}" if field else several

    def columns(self) -> tuple[Column, ...]:
        labels = labels_of(self.table)
        return tuple(
            Column(name=name_of(each), label=labels[each.name], type=_type(each), kind=_kind(each))
            for each in self.table.columns
        )

    def rows(self, public: Chart) -> Iterator[dict[str, Any]]:
        """Values as JSON has them, lists joined; by name of column."""
        for row in rows_of(self.table, sorted(public.all(SHAPES[self.table.kind]), key=lambda each: each.id)):
            yield {name_of(each): _value(each, row[each.name]) for each in self.table.columns}


@cache
def shelves() -> tuple[Shelf, ...]:
    """Every table of every kind, with French addresses: `agenda-actions`, `agenda-actions-jalons`."""
    made = []
    for kind in SHAPES:
        for table in tables_of(kind):
            field = _list_of(table)
            end = f"-{slug(_french(field))}" if field else ""
            made.append(Shelf(f"agenda-{ADDRESS_OF[kind]}{end}", table))
    return tuple(made)


def shelf(id: str) -> Shelf | None:
    return next((each for each in shelves() if each.id == id), None)


def as_csv(of: Shelf, public: Chart) -> str:
    """UTF-8, commas, a head (RFC 4180); a cell that a spreadsheet would run begins with an apostrophe."""
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow([name_of(each) for each in of.table.columns])
    for row in of.rows(public):
        writer.writerow([_cell(each) for each in row.values()])
    return held.getvalue()


def name_of(cell: Cell) -> str:
    """Of a column of a dataset: no dots."""
    return cell.name.replace(".", "_")


def _french(field: Field) -> str:
    with override("fr"):
        return str(label_of(field))


def _list_of(table: Table) -> Field | None:
    fields, found = fields_of(table.kind), None
    for step in table.list:
        found = next(each for each in fields if each.name == step)
        fields = found.inner
    return found


def _type(cell: Cell) -> Any:
    if cell.name == "rang":
        return "integer"
    if cell.field is None or cell.field.many:
        return "text"
    return TYPES.get(cell.field.kind, "text")


def _kind(cell: Cell) -> str:
    return CODES.get(cell.field.target, "") if cell.field and not cell.field.many else ""


def _value(cell: Cell, value: Any) -> Any:
    if cell.field and cell.field.many:
        return joined(cell.field, value) if value else None
    if cell.field and cell.field.kind == "number" and value is not None:
        return float(value)
    return None if value == "" else value


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
