"""The contours of the communes: **fetch** a file or an address, **parse** its JSON, **deliver** through the door.

The source is GeoJSON in the shape of the national commune API (`/communes?…&format=geojson&geometry=contour`): each
feature has the properties `nom` and `code`. The territory checks the shapes themselves.
"""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.territory.public import ContoursImported, communes, import_contours, shapes
from lacydon.connectors import Check
from lacydon.kernel.errors import NotFound
from lacydon.kernel.folder import Fault, FaultyFolder
from lacydon.kernel.http import HttpClient, OutsideUnavailable, Timeout

LARGEST: Final = 200_000_000
"""Bytes: the contours of all of France at 5 m are smaller."""
SOURCES: Final = ("http://", "https://")

client = HttpClient(name="commune-contours", timeout=Timeout(connect=5, read=30, total=180), largest=LARGEST)


def import_source(source: str) -> ContoursImported:
    """Import the contours of a file (`.geojson`, `.json`, or the same in `.gz`) or of an http(s) address.

    Raises NotFound (no such file, or no territory loaded yet), OutsideUnavailable, AddressRefused, and FaultyFolder
    when what was read is not what was expected; nothing is imported then.
    """
    if not communes():
        raise NotFound(_("Aucun territoire n’est chargé : commencez par « lacydon load DOSSIER »."))
    if source.startswith(SOURCES):
        content, name = fetch(source), source
    else:
        content, name = _read(Path(source)), Path(source).name
    return import_contours(parse(content, source=name), source=name)


def fetch(url: str) -> bytes:
    """What this address answers. Raises OutsideUnavailable, AddressRefused."""
    answer = client.get(url, headers={"Accept": "application/geo+json, application/json"})
    if answer.status != 200:
        raise OutsideUnavailable(
            _("« %(url)s » a répondu %(status)d.") % {"url": url[:200], "status": answer.status},
        )
    return answer.content


def parse(content: bytes, *, source: str) -> Any:
    """The JSON of a source. Raises FaultyFolder, with the line, when it is none."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _faulty(source, line=line, found=_("des octets illisibles"), expected=_("un texte en UTF-8")) from error
    except json.JSONDecodeError as error:
        raise _faulty(source, line=error.lineno, found=error.msg, expected=_("du JSON")) from error
    except (ValueError, RecursionError) as error:
        raise _faulty(source, line=0, found=str(error)[:80], expected=_("du JSON")) from error


def check() -> Check:
    """Whether every commune has its contour."""
    every = len(communes())
    drawn = shapes()
    if not drawn.schematic and every:
        return Check(
            ok=True, sentence=ngettext("%d commune a son contour.", "%d communes ont leur contour.", every) % every
        )
    sentence = _("Des communes n’ont pas de contour : un point y est rattaché au centre le plus proche.")
    return Check(ok=False, sentence=sentence)


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise NotFound(_("Le fichier %s n’existe pas.") % path)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise _faulty(path.name, line=0, found=str(error), expected=_("un fichier complet")) from error
    if len(content) > LARGEST:
        raise _faulty(path.name, line=0, found=_("plus de 200 Mo"), expected=_("les contours des communes"))
    return content


def _no_constant(name: str) -> Any:
    raise ValueError(_("%s n’est pas un nombre") % name)


def _faulty(source: str, *, line: int, found: str, expected: str) -> FaultyFolder:
    return FaultyFolder([Fault(file=source, line=line, found=found, expected=expected)])
