"""The queue as a file, as it is filtered: what steers the work, nothing of what residents wrote.

A cell that a spreadsheet would take for a formula is text, whoever wrote it.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.errors import BadInput
from lacydon.kernel.texts import said

from ..models import Request
from ..queries import desk, queue
from ..queries.filters import Filters
from ..queries.words import OUTCOMES, STATES
from .moving import PURPOSE

CSV, XLSX = "csv", "xlsx"
MOST_XLSX = 1_000_000
"""Rows of a sheet: a spreadsheet has 1,048,576."""
CHUNK = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell must not begin with (OWASP, CSV injection)."""


def export(*, actor: Actor, asked: Filters, form: str, numbers: Sequence[str] = ()) -> Iterator[bytes]:
    """The file, piece by piece; of `numbers` only, when some are given. In the journal before its first byte.

    Raises BadInput, what the policy refuses.
    """
    if form not in (CSV, XLSX):
        raise BadInput(_("Choisissez CSV ou tableur."), field="form")
    with trust.acting(
        actor=actor, action="request.export", named=f"export:{form}", purpose=PURPOSE, subject="", about=str(asked)
    ):
        rows = queue.rows_of(actor, asked)
        if numbers:
            rows = queue.rows_of(actor, Filters(shown="toutes")).filter(number__in=list(numbers))
        names = desk.colleagues(actor)
    lines = _lines(rows.only(*queue.COLUMNS, "skill").order_by("-opened_at", "-id").iterator(CHUNK), names)
    return _as_csv(lines) if form == CSV else _as_xlsx(lines)


def cell(value: Any) -> str:
    """A text no spreadsheet runs."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def heads() -> list[str]:
    return [
        _("Numéro"), _("Nature"), _("Démarche"), _("Service"), _("Compétence"), _("Commune"), _("État"), _("Issue"),
        _("Source"), _("Déposée le"), _("Échéance"), _("En retard"), _("Close le"), _("Délai (jours)"),
        _("Confiée à"), _("Note sur 5"),
    ]  # fmt: skip


def _lines(rows: Iterable[Request], names: Any) -> Iterator[list[str]]:
    kinds = {"request": _("Demande"), "report": _("Signalement")}
    communes = {each.code: each.name for each in territory.communes()}
    catalogue = {each.id: said(each.title) for each in services.services()}
    forms: dict[int, str] = {}
    yield heads()
    for row in rows:
        if row.form_id not in forms:
            forms |= {pk: said(title) for pk, title in desk.titles([row.form_id]).items()}
        days = (row.closed_at - row.opened_at).days if row.closed_at else ""
        yield [
            row.number, kinds[row.kind], forms.get(row.form_id, ""), catalogue.get(row.service_id, row.service_id),
            row.skill, communes.get(row.citycode, row.citycode), str(STATES[row.state]),
            str(OUTCOMES[row.outcome]) if row.outcome else "", row.source, _moment(row.opened_at), _moment(row.due_at),
            _("oui") if queue.late(row) else "", _moment(row.closed_at), str(days),
            names.get(str(row.assignee_id), str(row.assignee_id)[:8]) if row.assignee_id else "", str(row.rating or ""),
        ]  # fmt: skip


def _moment(when: Any) -> str:
    return localtime(when).strftime("%Y-%m-%d %H:%M") if when else ""


def _as_csv(lines: Iterable[list[str]]) -> Iterator[bytes]:
    """With the mark by which spreadsheets know UTF-8, and the semicolons they expect here."""
    held = io.StringIO()
    writer = csv.writer(held, delimiter=";", quoting=csv.QUOTE_ALL)
    held.write("\ufeff")
    for number, line in enumerate(lines):
        writer.writerow([cell(each) for each in line])
        if number % CHUNK == 0:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()


def _as_xlsx(lines: Iterable[list[str]]) -> Iterator[bytes]:
    """Row after row in a temporary file, whatever the number: little memory is taken."""
    import xlsxwriter  # heavy: only who exports pays for it

    with tempfile.TemporaryFile() as file:
        book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        sheet = book.add_worksheet(_("Demandes"))
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for number, line in enumerate(lines):
            if number > MOST_XLSX:
                break
            for column, value in enumerate(line):
                sheet.write_string(number, column, cell(value), bold if number == 0 else None)
        book.close()
        file.seek(0)
        yield from _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(65_536):
        yield piece
