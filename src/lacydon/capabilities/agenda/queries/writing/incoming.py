"""A file that comes in: what it would change, object by object, and all that is wrong in it, place by place.

What the file does not say stays. What somebody else changed since the file was made stays too, when the file has not
changed the same field; when both did, the line says so and nothing of the file is written.
"""

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext as _
from pydantic import ValidationError

from lacydon.kernel.access import Actor

from ..chart import Chart
from ..coherence import Surroundings, incoherences
from ..nouns import SHAPES, Action, Object, stored
from . import past, workbook
from .differences import Difference, differences
from .fields import fields_of
from .labels import label_of
from .names import Names
from .rights import steers, writes
from .typed import Fault, Tree, blank, read_object, typed_of
from .workbook import Place

FORMAT = "lacydon-agenda/1"
LARGEST = 10_000_000
"""Bytes of a file."""
LARGEST_UNPACKED = 150_000_000
MOST_FAULTS = 200


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one object; `number`: the state it has now, 0 for a new one."""

    kind: str
    id: str
    number: int
    before: Object | None
    after: Object
    differences: list[Difference]


@dataclass(kw_only=True)
class Incoming:
    changes: list[Change] = field(default_factory=list)
    faults: list[tuple[Place, str]] = field(default_factory=list)
    same: int = 0
    """Objects of the file that are already so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """An object as a file says it, `number` being the state it was exported from."""

    kind: str
    id: str
    number: int | None
    object: Object
    places: Mapping[tuple[str | int, ...], Place]


def exported(objects: Iterable[tuple[str, Object, int]]) -> bytes:
    """JSON that `incoming` reads back: every object with the number of its state."""
    rows = [{"kind": kind, "number": number, "object": stored(each)} for kind, each, number in objects]
    return orjson.dumps({"format": FORMAT, "objects": rows}, option=orjson.OPT_INDENT_2)


def incoming(path: Path, *, now: Chart, actor: Actor, around: Surroundings) -> Incoming:
    """What this file (JSON or XLSX, told by its content) would do. Raises UnreadableTable for a broken workbook."""
    names, found = Names(now), Incoming()
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(b"PK"):
        said = _of_workbook(path, names, found)
    else:
        said = _of_json(path, found)
    keep = steers(actor, now)
    for each in said:
        _take(each, now, names, found, actor, steering=keep)
    if not found.faults:
        _check_coherence(said, now, around, found)
    if found.faults:
        found.changes = []
    del found.faults[MOST_FAULTS:]
    return found


def _of_workbook(path: Path, names: Names, found: Incoming) -> list[_Said]:
    try:
        with zipfile.ZipFile(path) as book:
            if sum(each.file_size for each in book.infolist()) > LARGEST_UNPACKED:
                found.faults.append((Place("", 0), _("Ce classeur est trop grand.")))
                return []
    except (zipfile.BadZipFile, OSError):
        found.faults.append((Place("", 0), _("Ce fichier n’est ni un classeur ni du JSON de l’agenda.")))
        return []
    typed, faults = workbook.read(path)
    found.faults += faults
    made = []
    for each in typed:
        before = names.chart.get(SHAPES[each.kind], each.id)
        tree = _over(typed_of(each.kind, before, names) if before else blank(each.kind), each.tree)
        object, wrong = read_object(each.kind, each.id, tree, names)
        found.faults += [(_place(each.places, fault), _with_label(each.kind, fault)) for fault in wrong]
        if object is not None:
            made.append(
                _Said(kind=each.kind, id=each.id, number=each.number, object=object, places=each.places)
            )  # fmt: skip
    return made


def _of_json(path: Path, found: Incoming) -> list[_Said]:
    try:
        read = orjson.loads(path.read_bytes())
        rows = read["objects"] if read["format"] == FORMAT else None
    except (orjson.JSONDecodeError, KeyError, TypeError):
        rows = None
    if not isinstance(rows, list):
        sentence = _("Ce fichier n’est ni un classeur ni du JSON de l’agenda (%s).") % FORMAT
        found.faults.append((Place("", 0), sentence))
        return []
    made: dict[tuple[str, str], _Said] = {}
    for n, row in enumerate(rows, 1):
        place = Place("objects", n)
        kind = row.get("kind") if isinstance(row, dict) else None
        if not isinstance(kind, str) or kind not in SHAPES:
            found.faults.append((place, _("« kind » doit être l’un de : %s.") % ", ".join(SHAPES)))
            continue
        try:
            object = SHAPES[kind].model_validate(row.get("object"))
        except ValidationError as error:
            for wrong in error.errors(include_url=False):
                where = ".".join(str(step) for step in wrong["loc"])
                found.faults.append((place, f"{where} : {wrong['msg']}"))
            continue
        if (kind, object.id) in made:
            found.faults.append((place, _("« %s » est là deux fois.") % object.id))
            continue
        number = row.get("number")
        made[kind, object.id] = _Said(
            kind=kind, id=object.id, number=number if isinstance(number, int) else None, object=object,
            places={(): place},
        )  # fmt: skip
    return list(made.values())


def _take(each: _Said, now: Chart, names: Names, found: Incoming, actor: Actor, *, steering: bool) -> None:
    current = now.get(SHAPES[each.kind], each.id)
    number = now.numbers.get((each.kind, each.id), 0)
    after, place = each.object, each.places[()]
    if current is not None and each.number is not None and each.number != number:
        base = past.was(each.kind, each.id, each.number)
        if base is not None:
            after, both = _three(base, current, after)
            if both:
                labels = ", ".join(str(label_of(f)) for f in fields_of(each.kind) if f.name in both)
                sentence = _("« %(id)s » a été changé ici depuis l’export : %(fields)s. Exportez à nouveau.")
                found.faults.append((place, sentence % {"id": each.id, "fields": labels}))
                return
    said = differences(each.kind, current, after, names)
    if current is not None and not said:
        found.same += 1
        return
    if not steering and not _may(actor, current, after, now):
        sentence = _("« %s » n’est pas conduite par votre organisme : vous ne pouvez pas la changer.")
        found.faults.append((place, sentence % each.id))
        return
    found.changes.append(Change(each.kind, each.id, number, current, after, said))


def _may(actor: Actor, current: Object | None, after: Object, now: Chart) -> bool:
    both = [each for each in (current, after) if each is not None]
    return all(isinstance(each, Action) and writes(actor, each, now) for each in both)


def _three(base: Object, theirs: Object, mine: Object) -> tuple[Object, list[str]]:
    """Theirs with what the file alone changed; and the fields that both changed."""
    content, both = theirs.model_dump(), []
    for name, said in mine.model_dump().items():
        was, current = getattr(base, name), getattr(theirs, name)
        if getattr(mine, name) in (was, current):
            continue
        if was != current:
            both.append(name)
        content[name] = said
    return type(theirs).model_validate(content), both


def _check_coherence(said: Iterable[_Said], now: Chart, around: Surroundings, found: Incoming) -> None:
    after = {(each.kind, each.id): each.after for each in found.changes}
    places = {(each.kind, each.id): each for each in said}
    for wrong in incoherences(Chart(objects=dict(now.objects) | after, numbers={}), around):
        each = places.get((wrong.kind, wrong.object))
        sentence = _("%(id)s : trouvé %(found)s ; attendu %(expected)s.") % {
            "id": wrong.object, "found": wrong.found, "expected": wrong.expected,
        }  # fmt: skip
        fault = Fault(wrong.path, sentence)
        place = _place(each.places, fault) if each else Place(wrong.kind, 0)
        found.faults.append((place, _with_label(wrong.kind, fault)))


def _over(under: Tree, given: Tree) -> Tree:
    """What is given, over what there is; lists are taken whole."""
    made = dict(under)
    for name, value in given.items():
        below = under.get(name)
        made[name] = _over(below, value) if isinstance(value, dict) and isinstance(below, dict) else value
    return made


def _place(places: Mapping[tuple[str | int, ...], Place], fault: Fault) -> Place:
    path = fault.path
    while path:
        if path in places:
            return places[path]
        path = path[:-1]
    return places[()]


def _with_label(kind: str, fault: Fault) -> str:
    names = [str(each) for each in fault.path if not isinstance(each, int)]
    if not names:
        return fault.sentence
    label = next((str(label_of(each)) for each in fields_of(kind) if each.name == names[0]), names[0])
    rest = ".".join(names[1:])
    return f"{label}{f' ({rest})' if rest else ''} : {fault.sentence}"


def packed(changes: Iterable[Change]) -> list[Any]:
    """What a preview keeps of the changes until they are confirmed."""
    return [[each.kind, each.id, each.number, stored(each.after)] for each in changes]
