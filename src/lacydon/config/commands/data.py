"""`lacydon data`: validate a file against a Table Schema before it is published; harvest other catalogues."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.data.public import (
    CATALOGUE,
    harvest,
    harvest_sources,
    schema_at,
    shelved,
    shelved_schema,
    update_schemas,
    validate,
)
from lacydon.kernel.errors import BadInput, Refused

VALID, INVALID, CANNOT = 0, 1, 2


def data_validate(
    file: Path, *, schema: str, as_json: bool = False, marked: Path | None = None, references: Sequence[str] = ()
) -> int:
    """Exit code 0: the file is valid; 1: it is not, and the report says why; 2: there is no verdict."""
    try:
        others = dict(_reference(each) for each in references)
        path = Path(schema)
        asked = schema_at(path) if path.suffix or path.exists() else shelved_schema(schema)[1]
        report = validate(file=file, schema=asked, references=others, marked=marked)
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


def list_schemas() -> int:
    """One line for each: id, version, source, title."""
    for each in shelved():
        print("\t".join((each.id, each.version or "–", each.source, each.title)))
    return 0


def schemas_update(*, url: str | None = None) -> int:
    """Exit code 1 when some could not be had: they stay as they were; 2 when the catalogue could not."""
    try:
        own = (urlsplit(url).hostname or "",) if url else ()
        kept, missed = update_schemas(url=url or CATALOGUE, allowed=own)
    except Refused as refusal:
        print(refusal.sentence, file=sys.stderr)
        return CANNOT
    print(ngettext("%d schéma.", "%d schémas.", len(kept)) % len(kept))
    for each in missed:
        print(each, file=sys.stderr)
    return int(bool(missed))


def _reference(said: str) -> tuple[str, Path]:
    name, equals, path = said.partition("=")
    if not equals or not name or not path:
        raise BadInput(_("Une table de référence est donnée par NOM=FICHIER."))
    return name, Path(path)


# -- harvest


def data_harvest(*, source: str = "") -> int:
    """Visit a source now, or all that are active. Exit code 0: each visit ended well; 1: one did not; 2: no source."""
    ids = [each.id for each in harvest_sources() if each.active or each.id == source]
    chosen = [source] if source else ids
    if source and source not in ids:
        print(_("Aucune source ne s’appelle « %s ».") % source, file=sys.stderr)
        return CANNOT
    failed = False
    for id in chosen:
        run = harvest(source=id)
        if run is None:
            print(f"{id} : " + _("une visite est déjà en cours."))
            continue
        told = _("%(found)d lus, %(added)d nouveaux, %(changed)d changés, %(removed)d retirés, %(faults)d fautes")
        figures = {name: getattr(run, name) for name in ("found", "added", "changed", "removed")}
        print(f"{id} : " + told % (figures | {"faults": len(run.faults)}))
        for each in run.faults:
            print(f"    {each['id'] or each['title']} : {each['sentence']}")
        if run.failure:
            print(f"    {run.failure}")
            failed = True
    return INVALID if failed else VALID
