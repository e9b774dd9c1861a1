"""`lacydon check` and `lacydon load`: a territory folder, read whole, then loaded in one transaction."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.errors import NotFound
from lacydon.kernel.folder import FaultyFolder, Folder, Reader
from lacydon.kernel.plugs import folder_readers


def read(path: Path, *, strict: bool = False) -> dict[str, tuple[Reader, Any]]:
    """Every capability's part of the folder, in the order of the floors. Raises NotFound, FaultyFolder."""
    if not path.is_dir():
        raise NotFound(_("Le dossier %s n’existe pas.") % path)
    folder = Folder(path, strict=strict)
    parts: dict[str, tuple[Reader, Any]] = {}
    earlier: dict[str, Any] = {}
    for name, make in folder_readers.items():
        reader: Reader = make()
        earlier[name] = reader.read(folder=folder, earlier=earlier)
        parts[name] = (reader, earlier[name])
    folder.refuse_if_faulty()
    return parts


def check(path: Path) -> int:
    """Say what is wrong, or what was proven; exit code."""
    began = time.monotonic()
    try:
        parts = read(path, strict=True)
    except FaultyFolder as refusal:
        return _tell(refusal)
    territory, services = parts["territory"][1], parts["services"][1]
    print(
        _(
            "Aucune faute : %(communes)d communes, %(authorities)d autorités, %(themes)d thèmes, %(rules)d règles, "
            "%(services)d services.\nChaque question a une réponse et une seule : %(proven)d situations prouvées "
            "en %(seconds).1f s."
        )
        % {
            "communes": len(territory.communes),
            "authorities": len(territory.authorities),
            "themes": len(territory.themes),
            "rules": len(territory.rules),
            "services": len(services.services),
            "proven": territory.proven,
            "seconds": time.monotonic() - began,
        }
    )
    return 0


def load(path: Path) -> int:
    """Read the whole, then load it in one transaction; nothing is loaded when anything is wrong."""
    began = time.monotonic()
    try:
        parts = read(path)
    except FaultyFolder as refusal:
        return _tell(refusal)
    changed: dict[str, int] = {}
    with transaction.atomic():
        for reader, part in parts.values():
            changed |= reader.load(part)
    _tell_changes(changed, seconds=time.monotonic() - began)
    return 0


WORDS = {
    "live_sources": _l("sources de temps réel"),
    "schemas": _l("schémas"),
    "motives": _l("motifs de rendez-vous"),
    "counters": _l("guichets"),
    "agenda_annexes": _l("documents annexés"),
}
"""What a reader of the folder calls in the code's words, in the operator's."""


def _tell_changes(changed: Mapping[str, int], *, seconds: float) -> None:
    some = ", ".join(f"{WORDS.get(name, name)} {count}" for name, count in changed.items() if count)
    print(_("Chargé en %(seconds).1f s ; %(changes)s.") % {"seconds": seconds, "changes": some or _("rien n’a changé")})


def _tell(refusal: FaultyFolder) -> int:
    for fault in refusal.faults:
        print(fault)
    print(refusal)
    return 1
