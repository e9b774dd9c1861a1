"""The copy of a file with a column of remarks, to be opened in a spreadsheet and mended there.

What a spreadsheet would take for a formula is shown instead of run (CWE-1236): an apostrophe is put before it,
unless it is a plain number.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from ..errors import UnreadableTable
from .engine import Engine, literal
from .lexical import matches
from .reading import Table
from .reports import Finding

LONGEST = 300
HARMLESS = r"[+-]?[0-9][0-9 .]*([.,][0-9]+)?([eE][+-]?[0-9]+)?%?"


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs, as SQL."""
    first = f"left(ltrim({cell}, ' '), 1) IN ('=', '+', '-', '@', chr(9), chr(13), '＝', '＋', '－', '＠')"
    return f"CASE WHEN {first} AND NOT {matches(cell, HARMLESS)} THEN '''' || {cell} ELSE {cell} END"


def write_marked(engine: Engine, table: Table, findings: Mapping[int, Finding], target: Path) -> None:
    """Writes `target`: UTF-8 with a mark, which spreadsheets ask for, and the separator of the file."""
    if not table.whole:
        raise UnreadableTable(_("Ce fichier a trop de colonnes pour en faire une copie annotée."))
    engine.run("CREATE TABLE remarks (rule INTEGER, text VARCHAR)")
    for number, each in findings.items():
        engine.run(f"INSERT INTO remarks VALUES ({number}, {literal(_remark(each))})")  # noqa: S608
    label = _("REMARQUES")
    while label in table.labels:
        label += "_"
    cells = ", ".join(f"{harmless(f'c{n}')} AS c{n}" for n in table.loaded)
    header = ", ".join(harmless(literal(each)) for each in (*table.labels, label))
    remark = f"replace(text, '{{}}', left(coalesce(cell, ''), {LONGEST}))"
    said = harmless("coalesce(said, '')")
    path = engine.folder / "marked.csv"
    engine.run(
        f"COPY (SELECT * EXCLUDE (o) FROM (SELECT -1 AS o, {header} UNION ALL "  # noqa: S608
        f"SELECT cells.rowid, {cells}, {said} FROM cells LEFT JOIN "
        f"(SELECT r, string_agg({remark}, ' | ' ORDER BY rule) AS said "
        f"FROM faults JOIN remarks USING (rule) GROUP BY r) "
        f"AS told ON told.r = cells.rowid) ORDER BY o) TO {literal(str(path))} "
        f"(HEADER false, DELIMITER {literal(table.separator)}, QUOTE '\"', ESCAPE '\"')"
    )
    fresh = target.with_name(f".{target.name}.new")
    try:
        with path.open("rb") as source, fresh.open("wb") as copy:
            copy.write(b"\xef\xbb\xbf")
            shutil.copyfileobj(source, copy)
        fresh.replace(target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise UnreadableTable(_("La copie %s ne peut pas être écrite.") % target) from error


def _remark(finding: Finding) -> str:
    where = f"{finding.column} : " if finding.column else ""
    found = _("trouvé « %s », ") % "{}" if finding.code not in ("blank-row",) else ""
    expected = _("attendu : %s") % finding.expected
    return f"{where}{finding.title} ; {found}{expected}"
