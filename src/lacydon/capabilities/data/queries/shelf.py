"""The schemas at hand: those of this installation, those of the territory, those of the national catalogue.

HOME/schemas/*.json               put there by whoever runs the installation: the name of the file is the id
HOME/schemas/territory/*.json     those of the folder of the territory, put there when it is loaded
HOME/schemas/national/index.json  what `lacydon data schemas update` fetched, one file a schema beside it
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ..errors import UnknownSchema, UnreadableSchema
from .schemas import Schema, read_schema, schema_at

NATIONAL = "national"
TERRITORY = "territory"
LARGEST = 5_000_000
WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]{1,290}")


@dataclass(frozen=True)
class Shelved:
    """A schema by its id. `source`: where it comes from, in words; `address`: the one it was fetched from.

    `page`: where it says that it is described.
    """

    id: str
    title: str
    version: str
    source: str
    file: str
    address: str = ""
    description: str = ""
    page: str = ""


def folder() -> Path:
    return Path(settings.HOME) / "schemas"


def shelved() -> list[Shelved]:
    """All of them: those of the installation first, then by title."""
    own = list(_of(folder(), source=_("cette installation")))
    for others in (_of(folder() / TERRITORY, source=_("ce territoire")), index()):
        ids = {each.id for each in own}
        own += sorted((each for each in others if each.id not in ids), key=lambda each: each.title.casefold())
    return own


def index() -> list[Shelved]:
    """What was fetched of the national catalogue; nothing when it was not."""
    try:
        listed = json.loads((folder() / NATIONAL / "index.json").read_text("utf-8"))
        return [Shelved(**each) for each in listed]
    except (OSError, ValueError, TypeError):
        return []


def index_text(schemas: list[Shelved]) -> str:
    return json.dumps([asdict(each) for each in schemas], ensure_ascii=False, indent=1)


def _of(where: Path, *, source: str) -> Iterator[Shelved]:
    for path in sorted(where.glob("*.json")):
        try:
            said = _said(path, path.stat().st_mtime_ns)
        except OSError:
            continue
        if said is not None:
            yield Shelved(id=path.stem, source=source, file=path.relative_to(folder()).as_posix(), **said)


@lru_cache(maxsize=500)
def _said(path: Path, _written: int) -> dict[str, str] | None:
    """What a file says of itself; None when it is no Table Schema."""
    try:
        data: Any = json.loads(path.read_bytes()[:LARGEST])
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("fields"), list):
        return None
    addresses = (str(data.get(each) or "") for each in ("path", "homepage"))
    return {
        "title": str(data.get("title") or data.get("name") or path.stem)[:200],
        "version": str(data.get("version") or "")[:40],
        "description": str(data.get("description") or "")[:500],
        "page": next((each for each in addresses if WEB.fullmatch(each)), ""),
    }


def shelved_schema(id: str) -> tuple[Shelved, Schema]:
    """Raises UnknownSchema, UnreadableSchema."""
    for each in shelved():
        if each.id == id:
            return each, schema_at(folder() / each.file)
    raise UnknownSchema(_("Aucun schéma ne s’appelle « %s ».") % id[:80])


ADDRESS = re.compile(r"/schemas/([^/]+/[^/]+)/[^/]+/[^/]+\.json$")
"""The address of a schema in the national catalogue, whichever its version."""


def shelved_named(name: str) -> Shelved | None:
    """The schema that a dataset names, by its id, its title, its name in the national catalogue or its address there.

    None when it is not at hand.
    """
    address = ADDRESS.search(name)
    wanted = {name, id_of(address[1] if address else name)}
    return next((each for each in shelved() if wanted & {each.id, each.title, each.address}), None)


def schema_named(name: str) -> tuple[Shelved, Schema] | None:
    """The same, read. Raises UnreadableSchema."""
    found = shelved_named(name)
    return (found, schema_at(folder() / found.file)) if found else None


def web_address(name: str) -> str:
    """Where the schema that a dataset names is described on the web; empty when nothing says it."""
    found = shelved_named(name)
    known = (found.address or found.page) if found else ""
    return known or (name if WEB.fullmatch(name) else "")


def schema_given(text: str) -> Schema:
    """By its id, or written out as JSON. Raises UnknownSchema, UnreadableSchema."""
    if text.lstrip().startswith("{"):
        if len(text) > LARGEST:
            raise UnreadableSchema(_("Ce schéma est trop grand pour être un Table Schema."))
        return read_schema(text)
    return shelved_schema(text)[1]


def id_of(name: str) -> str:
    """`etalab/schema-irve` → `etalab-schema-irve`: a name of file everywhere."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:100]
