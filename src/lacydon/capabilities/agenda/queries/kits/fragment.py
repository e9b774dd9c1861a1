"""A kit's fragment: a folder of text held in memory, read as the territory's own, checked with the same shapes.

    services.yaml        add: services of the commune; override: what it says otherwise of others
    forms/<id>.yaml      datasets/<id>.yaml      indicators.yaml      documents/*.md

Where the commune is named, it says {commune}, {de_commune} or {a_commune}. Filled in for a commune, what is its own
gets its INSEE code behind its id, so that two communes never share a row.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

import orjson
import yaml
from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from lacydon.capabilities.services.public import LocalText, ServiceText
from lacydon.kernel import french
from lacydon.kernel.folder import Document, Fault, Folder
from lacydon.kernel.forms import Form, as_text, read_in
from lacydon.kernel.texts import Bilingual, French, Line, Written

from ..nouns import Indicator, stored

LARGEST, MOST = 200_000, 100
"""Characters of a file, files of a kit."""
LONGEST_ID = 50
"""An INSEE code is put behind it."""
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=LONGEST_ID)]


class CommunePart(Written):
    """As services/communes/<code>.yaml."""

    override: dict[str, LocalText] = {}
    add: list[ServiceText] = []


class ColumnPart(Written):
    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    label: French
    type: str = "text"
    kind: str = ""
    description: French = ""
    required: bool = False


class DatasetPart(Written):
    """A dataset to be filled: what it is and its columns, never the rows of another commune."""

    title: Bilingual
    description: Bilingual
    keywords: list[Line] = []
    themes: Annotated[list[str], Field(min_length=1)]
    licence: str
    frequency: str = "UNKNOWN"
    schema_: Annotated[str, Field(alias="schema")] = ""
    columns: list[ColumnPart] = []


@dataclass
class Fragment:
    """What a kit carries, by id."""

    services: dict[str, ServiceText] = field(default_factory=dict)
    local: dict[str, LocalText] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    datasets: dict[str, DatasetPart] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


class _Held(Folder):
    """A folder whose files are in memory."""

    def __init__(self, files: Mapping[str, str]) -> None:
        super().__init__(Path())
        self.files = files

    def names(self, pattern: str) -> list[str]:
        return sorted(name for name in self.files if fnmatchcase(name, pattern))

    def text(self, name: str) -> str | None:
        return self.files.get(name)


def content_of(files: Mapping[str, str]) -> str:
    """SHA-256 of the canonical JSON of a fragment's files."""
    return hashlib.sha256(orjson.dumps(dict(files), option=orjson.OPT_SORT_KEYS)).hexdigest()


def dumped(data: Any) -> str:
    """Data as the YAML people read."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)


def read(files: Mapping[str, str], *, name: str = "", code: str = "") -> Fragment:
    """A fragment; with the name and the INSEE code of a commune, as it is there. `faults`: what there is to mend."""
    folder, found = _Held(files), Fragment()
    filled = _filling(name) if name else (lambda told: told)
    documents = {path: folder.document(path) for path in sorted(files) if path.endswith(".yaml")}
    held = {path: replace(each, data=_walked(each.data, filled)) for path, each in documents.items() if each}
    _services(folder, held, found)
    _forms(folder, held, found)
    for path, each in held.items():
        if path.startswith("datasets/"):
            part = folder.shaped(each, DatasetPart)
            if part is not None:
                found.datasets[path.removeprefix("datasets/").removesuffix(".yaml")] = part
    if "indicators.yaml" in held:
        for one in folder.shaped(held["indicators.yaml"], list[Indicator]) or ():
            found.indicators[one.id] = one
    found.documents = {path: filled(files[path]) for path in folder.names("documents/*")}
    _strange(folder, found)
    found.faults = tuple(sorted(set(folder.faults)))
    return _at(found, code) if code and not found.faults else found


def _services(folder: Folder, held: Mapping[str, Document], found: Fragment) -> None:
    if "services.yaml" not in held:
        return
    part: CommunePart | None = folder.shaped(held["services.yaml"], CommunePart)
    if part is not None:
        found.services = {each.id: each for each in part.add}
        found.local = dict(part.override)


def _forms(folder: Folder, held: Mapping[str, Document], found: Fragment) -> None:
    for path, each in held.items():
        if not path.startswith("forms/"):
            continue
        form = read_in(folder, each)
        if form is None:
            continue
        found.forms[form.id] = form
        if path != f"forms/{form.id}.yaml":
            folder.fault(file=path, found=f"« {form.id} »", expected=_("« %s », comme le nom du fichier") % form.id)


def _strange(folder: _Held, found: Fragment) -> None:
    """Files of no place, ids that could not travel."""
    known = ("forms/*.yaml", "datasets/*.yaml", "documents/*.md", "documents/*.txt", "services.yaml", "indicators.yaml")
    for path, text in folder.files.items():
        if not any(fnmatchcase(path, each) for each in known) or path.count("/") > 1:
            folder.fault(file=path, found=_("ce fichier"), expected=", ".join(known))
        if len(text) > LARGEST:
            folder.fault(file=path, found=_("%d signes") % len(text), expected=_("%d signes au plus") % LARGEST)
    if len(folder.files) > MOST:
        folder.fault(file=".", found=_("%d fichiers") % len(folder.files), expected=_("%d au plus") % MOST)
    for id in (*found.services, *found.forms, *found.datasets, *found.indicators):
        if len(id) > LONGEST_ID:
            folder.fault(file=".", found=f"« {id} »", expected=_("un id de %d signes au plus") % LONGEST_ID)


def local_id(id: str, code: str) -> str:
    """The id, in a commune, of what is the commune's own."""
    return f"{id}-{code}"


def _at(found: Fragment, code: str) -> Fragment:
    def own(id: str, among: Mapping[str, Any]) -> str:
        return local_id(id, code) if id in among else id

    services = {id: each.model_copy(update={"id": own(id, found.services)}) for id, each in found.services.items()}
    forms = {}
    for id, form in found.forms.items():
        told = {**form.source, "id": local_id(id, code), "service": own(form.service, found.services)}
        made = read_in(Folder(Path()), Document(name=id, data={**told, "communes": [code]}, lines={}))
        assert made is not None  # it was read just before
        forms[id] = made
    indicators = {}
    for id, each in found.indicators.items():
        said = stored(each) | {"id": local_id(id, code), "owner": f"commune-{code}", "actions": []}
        if each.source is not None and each.source.dataset:
            said["source"] = said["source"] | {"dataset": own(each.source.dataset, found.datasets)}
        indicators[id] = Indicator.model_validate(said)
    return replace(found, services=services, forms=forms, indicators=indicators)


def form_text(form: Form) -> str:
    """The YAML of a form."""
    return as_text(form)


# The name of the commune


def _filling(name: str) -> Callable[[str], str]:
    words = {"{commune}": name, "{de_commune}": french.of(name), "{a_commune}": french.at(name)}

    def filled(told: str) -> str:
        for hole, word in words.items():
            told = told.replace(hole, word)
        return told

    return filled


def emptied(data: Any, name: str) -> Any:
    """The same, with holes where the commune is named."""
    words = [(french.of(name), "{de_commune}"), (french.at(name), "{a_commune}"), (name, "{commune}")]

    def holed(told: str) -> str:
        for word, hole in words:
            told = told.replace(word, hole)
        return told

    return _walked(data, holed)


def _walked(data: Any, change: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, Mapping):
        return {key: _walked(each, change) for key, each in data.items()}
    if isinstance(data, list | tuple):
        return [_walked(each, change) for each in data]
    return data


def counted(found: Fragment) -> Iterator[tuple[str, int]]:
    """How many of each part, by its name."""
    for part in ("services", "local", "forms", "datasets", "indicators", "documents"):
        if number := len(getattr(found, part)):
            yield part, number
