"""What the schema that a dataset names says of its file: told by `lacydon check`, cell by cell with its line."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from lacydon.kernel.folder import Folder

from ..errors import UnreadableSchema, UnreadableTable
from ..queries.shelf import schema_named
from ..queries.validation import validate

MOST = 20
"""Cells told of one file: what they have in common shows by then."""


def check_conformity(folder: Folder, *, name: str, text: str, schema: str) -> None:
    """Tell the folder what the schema finds in this file. A schema that is not on this machine checks nothing."""
    try:
        held = schema_named(schema)
        if held is None:
            return
        with TemporaryDirectory() as there:
            file = Path(there, Path(name).name)
            file.write_text(text, encoding="utf-8")
            report = validate(file=file, schema=held[1], limit=MOST)
    except (UnreadableSchema, UnreadableTable) as refusal:
        folder.fault(file=name, found=str(refusal.sentence), expected=schema)
        return
    lines = _lines(text)
    for fault in report.faults:
        finding = fault.finding
        where = f"{finding.column} : " if finding.column else ""
        said = fault.cell if fault.cell is not None else finding.title
        folder.fault(
            file=name,
            line=lines[min(fault.row or 1, len(lines)) - 1],
            found=f"{where}« {said} »",
            expected=_("%(expected)s (schéma « %(schema)s »)")
            % {"expected": finding.expected, "schema": held[0].title},
        )


def _lines(text: str) -> list[int]:
    """The line of the file where each row begins: a quoted cell may have several lines."""
    found, quoted = [1], False
    for number, line in enumerate(text.splitlines(), 1):
        quoted ^= line.count('"') % 2 == 1
        if not quoted:
            found.append(number + 1)
    return found
