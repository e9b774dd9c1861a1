"""The verdict on a file: for a person, and as JSON in the shape of frictionless reports (its version 5)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import sentences
from .encodings import spoken
from .schemas import SchemaWarning

EXAMPLES = 5
LONGEST = 80


@dataclass(frozen=True)
class Finding:
    """All the places where one rule is broken; `examples` are the first ones: row of the file and what is there."""

    code: str
    count: int
    expected: str
    mend: str
    column: str = ""
    position: int = 0
    name: str = ""
    note: str = ""
    examples: tuple[tuple[int, str | None], ...] = ()

    @property
    def title(self) -> str:
        return sentences.title(self.code)


@dataclass(frozen=True)
class Fault:
    """One place where a rule is broken. Rows are numbered as a spreadsheet does: the header is row 1."""

    finding: Finding
    row: int | None
    cell: str | None
    cells: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Report:
    """What was found in a file. `faults` holds the first ones by row; `errors` counts them all."""

    file: str
    labels: tuple[str, ...]
    rows: int
    encoding: str
    separator: str
    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[SchemaWarning, ...]
    seconds: float
    size: int

    @property
    def valid(self) -> bool:
        return not self.findings

    @property
    def errors(self) -> int:
        return sum(each.count for each in self.findings)

    def as_text(self) -> str:
        """For somebody who has the file open beside: where, found, expected, how to mend it."""
        rows = ngettext("%d ligne", "%d lignes", self.rows) % self.rows
        width = ngettext("%d colonne", "%d colonnes", len(self.labels)) % len(self.labels)
        lines = [f"{self.file} : {rows}, {width}, {spoken(self.encoding)}"]
        if self.valid:
            lines.append(_("Ce fichier est conforme au schéma."))
        else:
            count = ngettext("%d erreur à corriger.", "%d erreurs à corriger.", self.errors) % self.errors
            lines.append(_("Ce fichier n’est pas conforme au schéma : %s") % count)
        for each in self.findings:
            lines += ["", self._heading(each)]
            for row, cell in each.examples[:EXAMPLES]:
                found = _("trouvé : rien") if cell in (None, "") else _("trouvé : « %s »") % shortened(str(cell))
                lines.append("  " + _("ligne %(row)d : %(found)s") % {"row": row, "found": found})
            if each.count > len(each.examples[:EXAMPLES]) and each.examples:
                lines.append("  " + _("… et %d autres") % (each.count - len(each.examples[:EXAMPLES])))
            lines.append("  " + _("attendu : %s") % each.expected)
            lines.append("  " + _("pour corriger : %s") % each.mend)
        if self.warnings:
            lines += ["", _("À savoir (rien à corriger dans le fichier) :")]
            lines += [f"  {each.where} : {each.sentence}" for each in self.warnings]
        return "\n".join(lines)

    def _heading(self, finding: Finding) -> str:
        places = ngettext("%d fois", "%d fois", finding.count) % finding.count
        if not finding.column:
            return f"{finding.title} ({places})"
        if not finding.position:
            return _("%(title)s : « %(column)s »") % {"title": finding.title, "column": finding.column}
        return _("%(title)s, colonne %(letter)s « %(column)s » (%(places)s)") % {
            "title": finding.title,
            "letter": letter(finding.position),
            "column": finding.column,
            "places": places,
        }

    def as_json(self) -> dict[str, Any]:
        """The shape of frictionless 5, with `found`, `expected` and `mend` beside."""
        stats = {"errors": self.errors, "warnings": len(self.warnings), "seconds": round(self.seconds, 3)}
        warnings = [f"{each.where} : {each.sentence}" for each in self.warnings]
        task = {
            "name": self.file.rpartition("/")[2].rpartition(".")[0].lower() or "table",
            "type": "table",
            "valid": self.valid,
            "place": self.file,
            "labels": list(self.labels),
            "stats": {**stats, "bytes": self.size, "fields": len(self.labels), "rows": self.rows},
            "warnings": warnings,
            "errors": [_error(each) for each in self.faults],
        }
        return {
            "valid": self.valid,
            "stats": {"tasks": 1, **stats},
            "warnings": [],
            "errors": [],
            "tasks": [task],
        }


def _error(fault: Fault) -> dict[str, Any]:
    finding = fault.finding
    tags = ["#table"]
    if finding.code.endswith("-label"):
        tags += ["#header", "#label"]
    elif fault.row is not None:
        tags += ["#row", "#cell"] if finding.position else ["#row"]
    made: dict[str, Any] = {
        "type": finding.code,
        "title": finding.title,
        "description": finding.expected,
        "message": message(fault),
        "tags": tags,
        "note": fault.note or finding.note,
        "expected": finding.expected,
        "mend": finding.mend,
    }
    if finding.code.endswith("-label"):
        return made | {"label": finding.column, "fieldName": finding.column, "fieldNumber": finding.position}
    made |= {"cells": list(fault.cells), "rowNumber": fault.row}
    if finding.position:
        made |= {"cell": fault.cell or "", "fieldName": finding.column, "fieldNumber": finding.position}
    return made


def message(fault: Fault) -> str:
    """One sentence that says it all."""
    finding = fault.finding
    found = _("rien") if fault.cell in (None, "") else _("« %s »") % shortened(str(fault.cell))
    said = {"title": finding.title, "row": fault.row, "found": found, "expected": finding.expected}
    if not finding.position or fault.row is None:
        if fault.row is None:
            return _("%(title)s : attendu %(expected)s.") % said
        return _("Ligne %(row)d : %(title)s ; attendu : %(expected)s.") % said
    said["column"] = finding.column
    return _("Ligne %(row)d, colonne « %(column)s » : trouvé %(found)s ; attendu : %(expected)s.") % said


def shortened(text: str) -> str:
    """A long cell is shown by its beginning, on one line."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def letter(position: int) -> str:
    """The column's letter in a spreadsheet: 1 → A, 27 → AA."""
    made = ""
    while position:
        position, rest = divmod(position - 1, 26)
        made = chr(65 + rest) + made
    return made
