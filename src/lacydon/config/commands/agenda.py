"""`lacydon agenda`: the money of the agenda from files: each is taken whole, or refused line by line."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.agenda import public as agenda
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import Refused

TAKEN, REFUSED, CANNOT = 0, 1, 2
"""Exit codes: every file is taken; a file is refused, and its lines are told; a file or an option is not readable."""


def budget(files: Sequence[Path], *, as_of: str = "", source: str = "", dry_run: bool = False) -> int:
    """Take the credits of SCDL budgets, one file after the other, until one is refused."""
    try:
        day = agenda.day_of(as_of)
    except Refused as refusal:
        print(refusal.sentence, file=sys.stderr)
        return CANNOT

    def take(name: str, content: bytes) -> str:
        read = agenda.load_budget(content=content, name=name, actor=MACHINE, as_of=day, source=source, dry=dry_run)
        return read.sentence(dry=dry_run)

    return _each(files, take)


def grants(files: Sequence[Path], *, funder: str, dry_run: bool = False) -> int:
    """Take the grants of SCDL files of one funder, until one is refused."""

    def take(name: str, content: bytes) -> str:
        read = agenda.load_grants(content=content, name=name, funder=funder, actor=MACHINE, dry=dry_run)
        return read.sentence(dry=dry_run)

    return _each(files, take)


def annex(files: Sequence[Path], *, act: str) -> int:
    """Keep the document annexed to a vote; the last file takes the place of the others."""

    def take(name: str, content: bytes) -> str:
        many = len(agenda.annex(act=act, content=content, name=name, actor=MACHINE).lines)
        return ngettext("%d ligne gardée.", "%d lignes gardées.", many) % many

    return _each(files, take)


def _each(files: Sequence[Path], take: Callable[[str, bytes], str]) -> int:
    for path in files:
        try:
            print(f"{path} : {take(path.name, path.read_bytes())}")
        except OSError as error:
            print(_("%(file)s ne se lit pas : %(why)s.") % {"file": path, "why": error.strerror}, file=sys.stderr)
            return CANNOT
        except agenda.RefusedLines as refusal:
            for each in refusal.facts["lines"]:
                print(f"{path}:{each.line} : {each}" if each.line else f"{path} : {each}")
            print(f"{path} : {refusal.sentence}", file=sys.stderr)
            return REFUSED
        except Refused as refusal:
            print(f"{path} : {refusal.sentence}", file=sys.stderr)
            return CANNOT
    return TAKEN
