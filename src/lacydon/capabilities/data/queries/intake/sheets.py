"""A workbook: the sheet asked for, or the first one that holds a table."""

from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from ...errors import UnreadableTable
from .. import workbooks
from .bench import Bench
from .delimited import from_rows
from .sources import Source


def sheet(bench: Bench, *, name: str = "") -> Source:
    """The relation of a sheet. Raises UnreadableTable."""
    names = workbooks.sheets_of(bench.file)
    if name and name not in names:
        raise UnreadableTable(_("Ce classeur n’a pas de feuille « %s ».") % name[:80])
    if not name:
        name = next((each for each in names if any(any(row) for row in workbooks.rows_of(bench.file, sheet=each))), "")
    if not name:
        raise UnreadableTable(_("Ce classeur est vide."))
    source = Source(format="xlsx", relation="", labels=(), separator=",", sheet=name, sheets=tuple(names))
    return from_rows(bench, source, workbooks.rows_of(bench.file, sheet=name))


def is_workbook(names: list[str]) -> bool:
    return "xl/workbook.xml" in names


def entries_of(bench: Bench) -> list[str]:
    try:
        with ZipFile(bench.file) as archive:
            return archive.namelist()
    except (BadZipFile, OSError, ValueError) as error:
        raise UnreadableTable(_("Cette archive est abîmée : enregistrez-la à nouveau.")) from error
