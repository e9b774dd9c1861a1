"""`lacydon data validate`: a file against a Table Schema, before it is published."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from lacydon.capabilities.data.public import schema_at, validate
from lacydon.kernel.errors import BadInput, Refused

VALID, INVALID, CANNOT = 0, 1, 2


def data_validate(
    file: Path, *, schema: Path, as_json: bool = False, marked: Path | None = None, references: Sequence[str] = ()
) -> int:
    """Exit code 0: the file is valid; 1: it is not, and the report says why; 2: there is no verdict."""
    try:
        others = dict(_reference(each) for each in references)
        report = validate(file=file, schema=schema_at(schema), references=others, marked=marked)
    except Refused as refusal:
        print(refusal.sentence, file=sys.stderr)
        return CANNOT
    if as_json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        print(report.as_text())
        if marked is not None:
            print(_("La copie annotée est dans %s.") % marked)
    return VALID if report.valid else INVALID


def _reference(said: str) -> tuple[str, Path]:
    name, equals, path = said.partition("=")
    if not equals or not name or not path:
        raise BadInput(_("Une table de référence est donnée par NOM=FICHIER."))
    return name, Path(path)
