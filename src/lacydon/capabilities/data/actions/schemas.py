"""Fetching the schemas of the national catalogue (the `schemas.json` of schema.data.gouv.fr), to be checked against."""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel.errors import Refused
from lacydon.kernel.http import HttpClient

from ..errors import UnreadableSchema
from ..queries import shelf
from ..queries.schemas import read_schema
from ..queries.shelf import NATIONAL, TERRITORY, Shelved

CATALOGUE = "https://schema.data.gouv.fr/schemas.json"
MOST = 500
LARGEST = 5_000_000


def update_schemas(*, url: str = CATALOGUE, allowed: Iterable[str] = ()) -> tuple[list[Shelved], list[str]]:
    """Fetches every Table Schema of a catalogue; those kept, and a sentence for each that was not.

    One that cannot be had any more stays as it was fetched last. Raises Unavailable when the catalogue itself cannot
    be had, UnreadableSchema when it is none; nothing has changed then.
    """
    client = HttpClient(name="schemas", largest=LARGEST, allowed=allowed)
    try:
        answer = client.get(url)
        listed = _listed(answer.json() if answer.status == 200 else None)
        home = shelf.folder() / NATIONAL
        home.mkdir(parents=True, exist_ok=True)
        before = {each.id: each for each in shelf.index()}
        kept: dict[str, Shelved] = {}
        missed = []
        for each in listed[:MOST]:
            name = str(each["name"])
            try:
                made = _fetched(client, each, home)
                kept[made.id] = made
            except (Refused, ValueError) as error:
                missed.append(f"{name} : {getattr(error, 'sentence', None) or _('ce n’est pas du JSON')}")
                if (id := shelf.id_of(name)) in before:
                    kept[id] = before[id]
        _write(home / "index.json", shelf.index_text(list(kept.values())))
        for path in home.glob("*.json"):
            if path.stem not in kept and path.name != "index.json":
                path.unlink(missing_ok=True)
        return list(kept.values()), missed
    finally:
        client.close()


def keep_schemas_of_territory(texts: Mapping[str, str]) -> int:
    """Make these (name of the file → its text) the schemas of the territory; how many changed.

    They are files: nothing takes them back. In a transaction, they are written once it is over, if it is.
    """
    home = shelf.folder() / TERRITORY
    before = {path.name: path.read_text("utf-8") for path in home.glob("*.json")}
    changed = {name: text for name, text in texts.items() if before.get(name) != text}
    gone = before.keys() - texts.keys()

    def keep() -> None:
        home.mkdir(parents=True, exist_ok=True)
        for name, text in changed.items():
            _write(home / name, text)
        for name in gone:
            (home / name).unlink(missing_ok=True)

    transaction.on_commit(keep)
    return len(changed) + len(gone)


def _listed(data: Any) -> list[Mapping[str, Any]]:
    listed = data.get("schemas") if isinstance(data, Mapping) else None
    if not isinstance(listed, list):
        raise UnreadableSchema(_("Ce n’est pas un catalogue de schémas : il y manque « schemas »."))
    return [
        each
        for each in listed
        if isinstance(each, Mapping)
        and each.get("schema_type") == "tableschema"
        and isinstance(each.get("schema_url"), str)
        and shelf.id_of(str(each.get("name") or ""))
    ]


def _fetched(client: HttpClient, described: Mapping[str, Any], home: Path) -> Shelved:
    id = shelf.id_of(str(described["name"]))
    answer = client.get(str(described["schema_url"]))
    if answer.status != 200:
        raise UnreadableSchema(_("le serveur a répondu %d") % answer.status)
    data = answer.json()
    schema = read_schema(data)
    _write(home / f"{id}.json", json.dumps(data, ensure_ascii=False))
    versions = described.get("versions")
    last = versions[-1] if isinstance(versions, list) and versions else {}
    named = str(last.get("version_name") or "") if isinstance(last, Mapping) else ""
    return Shelved(
        id=id,
        title=str(described.get("title") or schema.title or described["name"])[:200],
        version=(schema.version or named.removeprefix("v"))[:40],
        source="schema.data.gouv.fr",
        file=f"{NATIONAL}/{id}.json",
        address=str(described["schema_url"]),
        description=str(described.get("description") or "")[:500],
    )


def _write(target: Path, text: str) -> None:
    """Whole or not at all."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
