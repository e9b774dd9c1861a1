"""A workbook of the agenda: a sheet for each table, columns named for machines and for people, read back as told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from lacydon.capabilities.data.public import workbook_rows, workbook_sheets

from ..nouns import SHAPES, Object
from .fields import Field, fields_of
from .labels import label_of
from .leaves import number_told
from .tables import PLACE, Column, Table, empty, joined, put, rows_of, tables_of
from .typed import Tree
from .words import KINDS, choices_of

NUMBER = "etat"
"""The column that says which state of an object was exported: what was changed since is then seen."""
MOST_CELLS = 32_000
ROOM = 2_000
"""Rows in which a spreadsheet proposes the choices of a column."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read, as its reader sees it."""

    sheet: str
    line: int


@dataclass(kw_only=True)
class Typed:
    """An object as a workbook has it; `places`: by the path of a row, the sheet and the line it was read in."""

    kind: str
    id: str
    number: int | None
    tree: Tree
    places: dict[tuple[str | int, ...], Place]


def write(path: Path, objects: Mapping[str, Iterable[tuple[Object, int]]]) -> None:
    """`objects`: by kind, each with the number of its state."""
    import xlsxwriter  # heavy: only who exports pays for it

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        small = book.add_format({"italic": True, "font_size": 8, "font_color": "#4A5670"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        _introduce(book, bold, body)
        for kind, held in objects.items():
            pairs = list(held)
            numbers = {each.id: number for each, number in pairs}
            for table in tables_of(kind):
                columns = _columns(table)
                sheet = book.add_worksheet(_title(table))
                sheet.freeze_panes(2, 1)
                sheet.set_row(0, 30)
                for place, (column, label) in enumerate(columns):
                    sheet.write_string(0, place, label, bold)
                    sheet.write_string(1, place, column.name, small)
                    sheet.set_column(place, place, 34 if column.lang or not place else 18)
                    choices = choices_of(column.field) if column.field else {}
                    if choices and not (column.field and column.field.many):
                        proposed = {"validate": "list", "source": list(choices)}
                        sheet.data_validation(2, place, ROOM, place, proposed)
                for line, row in enumerate(rows_of(table, (each for each, _number in pairs)), 2):
                    for place, (column, _label) in enumerate(columns):
                        if column.name == NUMBER and not table.list:
                            sheet.write_number(line, place, numbers[row["id"]], body)
                        else:
                            _write(sheet, line, place, column, row.get(column.name), (body, day))


def read(path: Path) -> tuple[list[Typed], list[tuple[Place, str]]]:
    """What a workbook says, and what in it cannot be placed. Raises UnreadableTable."""
    found: dict[tuple[str, str], Typed] = {}
    faults: list[tuple[Place, str]] = []
    known = {_title(table): table for kind in SHAPES for table in tables_of(kind)}
    sheets = [each for each in workbook_sheets(path) if each in known]
    if not any(not known[each].list for each in sheets):
        expected = ", ".join(sorted(each for each, table in known.items() if not table.list))
        faults.append((Place("", 0), _("Aucune feuille de l’agenda dans ce classeur : attendues %s.") % expected))
    for name in sorted(sheets, key=lambda each: bool(known[each].list)):
        table = known[name]
        if table.list:
            for each in found.values():
                if each.kind == table.kind:
                    empty(each.tree, table.list)
        for line, cells in _lines(path, name, table, faults):
            place = Place(name, line)
            if not table.list:
                _own(table, cells, place, found, faults)
                continue
            holder = found.get((table.kind, cells.get(table.head, "")))
            if holder is None:
                sentence = _("« %(id)s » n’est pas dans la feuille « %(sheet)s ».")
                faults.append((place, sentence % {"id": cells.get(table.head, ""), "sheet": table.kind}))
                continue
            holder.places[(*table.list, _count(holder.tree, table.list))] = place
            put(holder.tree, table, cells)
    return list(found.values()), faults


def _own(
    table: Table, cells: Mapping[str, str], place: Place, found: dict[tuple[str, str], Typed],
    faults: list[tuple[Place, str]],
) -> None:  # fmt: skip
    id, number = cells.get("id", ""), cells.get(NUMBER, "")
    if (table.kind, id) in found:
        faults.append((place, _("« %s » est là deux fois.") % id))
        return
    tree: Tree = {}
    put(tree, table, cells)
    read = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None
    found[table.kind, id] = Typed(kind=table.kind, id=id, number=read, tree=tree, places={(): place})


def _lines(
    path: Path, name: str, table: Table, faults: list[tuple[Place, str]]
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line of the sheet, column → text) of each row that says something, after that of the names of machines."""
    wanted = {column.name for column, _label in _columns(table)}
    heads: list[str] | None = None
    first = table.head
    for line, cells in enumerate(workbook_rows(path, sheet=name), 1):
        said = [each.strip() for each in cells]
        if heads is None:
            if first in said:
                heads = said
                for each in heads:
                    if each and each not in wanted:
                        faults.append((Place(name, line), _("La colonne « %s » n’est pas de l’agenda.") % each[:60]))
                for each in sorted(wanted - {*heads, PLACE}) if table.list else ():
                    faults.append((Place(name, line), _("La colonne « %s » manque.") % each))
            elif line > 10:
                break
            continue
        if any(said):
            yield line, dict(zip(heads, said + [""] * (len(heads) - len(said)), strict=False))
    if heads is None:
        faults.append((Place(name, 1), _("La colonne « %s » manque : gardez la ligne des noms.") % first))


def _columns(table: Table) -> list[tuple[Column, str]]:
    labels = labels_of(table)
    columns = [(each, labels[each.name]) for each in table.columns]
    if not table.list:
        columns.insert(1, (Column(NUMBER, (), None), _("État lu (n’y touchez pas)")))
    return columns


def labels_of(table: Table) -> dict[str, str]:
    """What people call each column."""
    fields: tuple[Field, ...] = fields_of(table.kind)
    found = {"id": _("Identifiant"), f"{table.kind}.id": str(KINDS[table.kind][0]), PLACE: _("Rang")}
    for step in table.list:
        fields = next(each.inner for each in fields if each.name == step)
    for column in table.columns:
        if column.name in found and column.field is None and not column.lang:
            continue
        words, here = [], fields
        for step in column.path:
            each = next(one for one in here if one.name == step)
            words.append(str(label_of(each)))
            here = each.inner
        if column.lang and not words:
            words = [_("Texte")]
        found[column.name] = " › ".join(words) + (_(" (anglais)") if column.lang == "en" else "")
    return found


def _title(table: Table) -> str:
    """The name of its sheet: 31 signs at most."""
    return table.name[:31]


def _count(tree: Tree, path: tuple[str, ...]) -> int:
    here: Any = tree
    for step in path:
        here = here[step]
    return len(here)


def _write(sheet: Any, line: int, place: int, column: Column, value: Any, formats: tuple[Any, Any]) -> None:
    body, day = formats
    if value is None or value == "" or value == []:
        return
    field = column.field
    if field and field.many:
        sheet.write_string(line, place, joined(field, value)[:MOST_CELLS], body)
    elif field and field.kind == "date":
        sheet.write_datetime(line, place, date.fromisoformat(value), day)
    elif field and field.kind == "check":
        sheet.write_string(line, place, _("oui") if value else _("non"), body)
    elif field and field.kind == "number":
        amount = float(value)
        if abs(amount) < 10**12:
            sheet.write_number(line, place, amount, body)
        else:
            sheet.write_string(line, place, number_told(value), body)
    elif isinstance(value, int):
        sheet.write_number(line, place, value, body)
    else:
        sheet.write_string(line, place, str(value)[:MOST_CELLS], body)


def _introduce(book: Any, bold: Any, body: Any) -> None:
    sheet = book.add_worksheet(_("Lisez-moi"))
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, _("L’agenda numérique, à relire et à changer"), bold)
    for line, sentence in enumerate(
        (
            _("Chaque feuille est une table ; la deuxième ligne nomme les colonnes pour la machine : gardez-la."),
            _("Une ligne d’une liste (jalons, communes…) commence par l’identifiant de ce à quoi elle appartient."),
            _("Laissez « etat » comme il est : il dit ce que vous avez lu, et protège ce que d’autres changent."),
            _("Ce qui n’est pas dans le classeur reste tel quel. Retirer se fait sur la page de chaque objet."),
            _("À l’import, vous verrez chaque différence avant d’enregistrer. Une ligne fausse : rien n’est écrit."),
        ),
        1,
    ):
        sheet.write_string(line, 0, sentence, body)
