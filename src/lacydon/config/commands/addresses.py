"""`lacydon addresses import`: the national address base, brought into the embedded index."""

import sys
import time
from pathlib import Path

from django.utils.translation import gettext as _

from lacydon.connectors.address_index.connector import FileImported, import_file
from lacydon.kernel.folder import FaultyFolder


def addresses_import(path: Path, *, skip_faults: bool) -> int:
    """Import the file, telling how far it is on the error output; exit code."""
    began = time.monotonic()
    try:
        imported = import_file(path, skip_faults=skip_faults, progress=_tell_progress)
    except FaultyFolder as refusal:
        _end_progress()
        for fault in refusal.faults:
            print(fault)
        print(refusal.sentence, _("Rien n’a été importé."))
        return 1
    _end_progress()
    _tell(imported, seconds=time.monotonic() - began)
    return 0


def _tell(imported: FileImported, *, seconds: float) -> None:
    done = imported.done
    for fault in imported.faults:
        print(fault)
    if imported.skipped:
        print(_("%d lignes laissées de côté.") % imported.skipped)
    if done.unchanged:
        print(_("Ce fichier est déjà importé : rien n’a changé."))
        return
    print(
        _("Importé en %(seconds).0f s : %(numbers)d numéros, %(streets)d voies et lieux-dits, %(places)d communes.")
        % {"seconds": seconds, "numbers": done.numbers, "streets": done.streets, "places": len(done.places)}
    )
    if done.outside:
        print(_("%d lignes d’autres territoires laissées de côté.") % done.outside)
    if done.duplicates:
        print(_("%d numéros donnés deux fois, gardés une fois.") % done.duplicates)


def _tell_progress(lines: int, share: float) -> None:
    """One line, rewritten on a terminal, added elsewhere."""
    told = _("%(lines)d lignes lues (%(percent)d %%)") % {"lines": lines, "percent": share * 100}
    print(f"\r{told}", end="", file=sys.stderr, flush=True) if sys.stderr.isatty() else print(told, file=sys.stderr)


def _end_progress() -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
