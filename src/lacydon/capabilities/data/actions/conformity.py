"""A file that arrived, held against the Table Schema that its dataset names, before anything of it is published."""

import shutil
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..errors import UnreadableSchema, UnreadableTable
from ..models import Arrival
from ..queries import shelf
from ..queries.arrivals import folder_of, path_of
from .checking import Check, check_in, write_check

FORMATS = ("csv", "xlsx")
"""What a Table Schema is about: a table of cells as people write them."""


def check_arrival(*, arrival: Arrival) -> None:
    """Notes the verdict in `report["check"]`: {schema, lang, valid, faults}, or {…, trouble} when there is none.

    Done twice for the same schema, it does no more than once.
    """
    named = arrival.dataset.schema
    if arrival.report.get("check", {}).get("named", "") == named:
        return
    shutil.rmtree(_folder(arrival), ignore_errors=True)
    report = {name: value for name, value in arrival.report.items() if name != "check"}
    if named:
        report["check"] = {"named": named, "lang": get_language() or "fr", **_verdict(arrival, named)}
    arrival.report = report
    arrival.save(update_fields=["report"])


def _verdict(arrival: Arrival, named: str) -> dict[str, Any]:
    if arrival.guessed.get("format") not in FORMATS:
        return {"schema": named, "trouble": _("Ce format n’est pas comparé à un schéma : envoyez un CSV ou un XLSX.")}
    try:
        found = shelf.schema_named(named)
        if found is None:
            said = _("Le schéma de ce jeu de données n’est pas installé ici : le fichier n’est pas vérifié.")
            return {"schema": named, "trouble": said}
        described, schema = found
        folder = _folder(arrival)
        folder.mkdir(mode=0o700)
        about = write_check(
            file=path_of(arrival), folder=folder, name=arrival.name, schema=schema, title=described.title
        )
    except (UnreadableSchema, UnreadableTable) as error:
        return {"schema": named, "trouble": str(error.sentence)}
    except OSError:
        return {"schema": named, "trouble": _("Le fichier n’a pas pu être vérifié : il n’y a plus assez de place.")}
    return {"schema": about["schema"], "valid": about["valid"], "faults": about["errors"]}


def _folder(arrival: Arrival) -> Path:
    return folder_of(arrival) / "check"


def check_of_arrival(arrival: Arrival) -> Check:
    """The whole report. Raises UnknownCheck."""
    return check_in(_folder(arrival))


def checks_of(arrival: Arrival) -> dict[str, Any]:
    """What a version keeps of the verdict: {schema, valid, faults}; nothing when there was none."""
    found = arrival.report.get("check", {})
    return {name: found[name] for name in ("schema", "valid", "faults")} if "valid" in found else {}


def is_faulty(arrival: Arrival) -> bool:
    return arrival.report.get("check", {}).get("valid") is False
