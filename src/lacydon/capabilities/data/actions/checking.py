"""Checking a file that somebody sends, and keeping what was found for an hour: nothing of it is kept longer."""

import contextlib
import csv
import json
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lacydon.kernel.uploads import clean_name

from ..errors import UnknownCheck, UnreadableTable
from ..queries.encodings import spoken
from ..queries.reports import Report, letter, message
from ..queries.schemas import Schema
from ..queries.validation import validate

KEPT = 3600
"""Seconds."""
TOLD = 2_000
LONGEST_CELL = 32_767
"""Letters: a workbook holds no more in a cell."""


@dataclass(frozen=True)
class Check:
    """What is kept of one check: the page, the report as JSON, the marked copy when there is something to mend."""

    token: str
    folder: Path
    about: dict[str, Any]

    @property
    def copy(self) -> Path | None:
        found = self.folder / str(self.about["copy"]) if self.about.get("copy") else None
        return found if found and found.exists() else None

    def finding(self, number: str) -> dict[str, Any] | None:
        """One kind of fault by its place in the report, as an address writes it."""
        findings = self.about["findings"]
        found = findings[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(findings) else None
        return dict(found) if found else None


def home() -> Path:
    return Path(settings.HOME) / "checks"


def check_file(*, name: str, pieces: Iterable[bytes], schema: Schema, title: str) -> str:
    """Checks a file of this name; the token under which the report is found. Raises UnreadableTable."""
    sweep()
    token = secrets.token_urlsafe(16)
    folder = home() / token
    home().mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    try:
        file = folder / "sent"
        with file.open("wb") as written:
            for piece in pieces:
                written.write(piece)
        write_check(file=file, folder=folder, name=name, schema=schema, title=title)
        file.unlink()
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UnreadableTable(_("Ce fichier ne peut pas être vérifié pour l’instant : réessayez plus tard.")) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return token


def write_check(*, file: Path, folder: Path, name: str, schema: Schema, title: str) -> dict[str, Any]:
    """Checks a file, and puts the report and the marked copy in a folder. Raises UnreadableTable."""
    shown = _named(name)
    marked = folder / "copy.csv"
    report = validate(file=file, schema=schema, limit=TOLD, marked=marked)
    about = _about(report, name=shown, schema=schema, title=title)
    if report.valid:
        marked.unlink(missing_ok=True)
    else:
        if report.encoding == "xlsx":
            _as_workbook(marked, folder / "copy.xlsx", separator=report.separator)
            marked.unlink()
        about["copy"] = "copy.xlsx" if report.encoding == "xlsx" else "copy.csv"
    told = report.as_json()
    told["tasks"][0] |= {"name": Path(shown).stem.lower() or "table", "place": shown}
    (folder / "report.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    (folder / "about.json").write_text(json.dumps(about, ensure_ascii=False), "utf-8")
    return about


def check_of(token: str) -> Check:
    """Raises UnknownCheck after an hour."""
    folder = home() / token
    if token.startswith(".") or "/" in token or not folder.is_dir() or _age(folder) > KEPT:
        raise UnknownCheck(_("Ce rapport n’est plus là : il n’est gardé qu’une heure. Vérifiez le fichier de nouveau."))
    return check_in(folder)


def check_in(folder: Path) -> Check:
    """What `write_check` put there. Raises UnknownCheck."""
    try:
        return Check(folder.name, folder, json.loads((folder / "about.json").read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise UnknownCheck(_("Ce rapport n’est plus là : vérifiez le fichier de nouveau.")) from error


def sweep() -> int:
    """Removes what is older than an hour; how many."""
    swept = 0
    for folder in home().glob("*"):
        if _age(folder) > KEPT:
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


def _age(folder: Path) -> float:
    with contextlib.suppress(OSError):
        return time.time() - folder.stat().st_mtime
    return 0.0


def _named(name: str) -> str:
    ending = Path(name).suffix.lower().removeprefix(".") or "csv"
    return clean_name(name, extension=ending if ending in ("csv", "tsv", "txt", "xlsx") else "csv")


def _about(report: Report, *, name: str, schema: Schema, title: str) -> dict[str, Any]:
    by_finding: dict[int, list[tuple[int | None, str]]] = {}
    places = {id(each): number for number, each in enumerate(report.findings)}
    for fault in report.faults:
        by_finding.setdefault(places[id(fault.finding)], []).append((fault.row, message(fault)))
    return {
        "name": name,
        "lang": get_language() or "fr",
        "schema": title or schema.title or schema.name,
        "version": schema.version,
        "valid": report.valid,
        "errors": report.errors,
        "rows": report.rows,
        "columns": len(report.labels),
        "encoding": spoken(report.encoding),
        "warnings": [[each.where, each.sentence] for each in report.warnings],
        "findings": [
            {
                "title": each.title,
                "column": each.column,
                "letter": letter(each.position) if each.position else "",
                "count": each.count,
                "expected": each.expected,
                "mend": each.mend,
                "examples": [[row, "" if cell is None else str(cell)[:200]] for row, cell in each.examples],
                "places": [[row, said] for row, said in by_finding.get(number, [])],
            }
            for number, each in enumerate(report.findings)
        ],
    }


def _as_workbook(source: Path, target: Path, *, separator: str) -> None:
    """The marked copy as the clerk's own spreadsheet has it; every cell is a text, so that nothing is run."""
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": str(target.parent)})
    sheet = book.add_worksheet()
    with source.open("r", encoding="utf-8-sig", newline="") as file:
        for y, row in enumerate(csv.reader(file, delimiter=separator)):
            for x, cell in enumerate(row):
                sheet.write_string(y, x, cell[:LONGEST_CELL])
    book.close()
