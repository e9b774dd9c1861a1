"""An object as it is typed, before anybody knows whether it holds: a tree of texts, in the shape of its fields.

    leaf: "31/12/2026"   list of leaves: ["…"]   text: {"fr": "…", "en": "…"}   group: {…}   rows: [{…}]

A form and a workbook both make one; it is read in one way, with a sentence beside each thing that cannot be read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from lacydon.kernel.folder import in_words
from lacydon.kernel.french import slug

from ..nouns import SHAPES, Object
from .fields import Field, fields_of
from .leaves import UnreadableError, number_told, read, told
from .names import Names

Path = tuple[str | int, ...]
Tree = dict[str, Any]
LONGEST_ID = 80
LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place; an empty path: in the whole."""

    path: Path
    sentence: str


def typed_of(kind: str, each: Object, names: Names) -> Tree:
    """An object as its form shows it."""
    return _typed(fields_of(kind), each.model_dump(mode="json"), names)


def blank(kind: str) -> Tree:
    """The form of a new object: what is taken for granted is filled in."""
    return _fresh(fields_of(kind))


def blank_row(field: Field) -> Any:
    """A row more of a list."""
    if _of_texts(field):
        return _text(None)
    return _fresh(field.inner)


def read_object(kind: str, id: str, tree: Tree, names: Names) -> tuple[Object | None, list[Fault]]:
    """The object that is typed, or all that is wrong with it."""
    faults: list[Fault] = []
    content = _read(fields_of(kind), tree, names, (), faults)
    try:
        made = SHAPES[kind].model_validate({"id": id, **content})
    except ValidationError as error:
        known = {each.path for each in faults}
        for wrong in error.errors(include_url=False):
            path = tuple(wrong["loc"])
            if not any(path[: len(other)] == other for other in known):
                faults.append(Fault(path, _sentence(wrong)))
        return None, faults
    return (None if faults else made), faults


def new_id(title: str, taken: Iterable[str]) -> str:
    """An id made of a title, that nothing has yet."""
    base = slug(title)[: LONGEST_ID - 4].strip("-") or "sans-titre"
    known, number, id = frozenset(taken), 2, base
    while id in known:
        id, number = f"{base}-{number}", number + 1
    return id


def _typed(fields: Sequence[Field], content: Mapping[str, Any] | None, names: Names) -> Tree:
    return {each.name: _typed_field(each, (content or {}).get(each.name), names) for each in fields}


def _typed_field(field: Field, value: Any, names: Names) -> Any:
    if field.kind == "rows":
        inner = field.inner
        return [_text(row) if _of_texts(field) else _typed(inner, row, names) for row in value or ()]
    if field.kind == "group":
        return _typed(field.inner, value, names)
    if field.kind == "text":
        return _text(value)
    if field.many:
        return [told(field, each, names) for each in value or ()]
    return told(field, value, names)


def _text(value: Any) -> dict[str, str]:
    return {lang: (value or {}).get(lang) or "" for lang in LANGUAGES}


def _fresh(fields: Sequence[Field]) -> Tree:
    tree: Tree = {}
    for each in fields:
        if each.kind == "group":
            # What a group takes for granted is left out: nothing typed, the whole group is not there.
            tree[each.name] = {name: _emptied(value) for name, value in _fresh(each.inner).items()}
        elif each.kind == "text":
            tree[each.name] = _text(None)
        elif each.kind == "rows" or each.many:
            tree[each.name] = []
        else:
            tree[each.name] = _default(each)
    return tree


def _emptied(value: Any) -> Any:
    return "" if isinstance(value, str) else value


def _default(field: Field) -> str:
    if field.default in (None, "") or field.kind in ("check", "line", "long", "ref"):
        return ""
    return number_told(field.default) if field.kind == "number" else str(field.default)


def _of_texts(field: Field) -> bool:
    """Whether it is a list of texts, and no list of rows."""
    return field.kind == "rows" and len(field.inner) == 1 and not field.inner[0].name


def _read(fields: Sequence[Field], tree: Mapping[str, Any], names: Names, at: Path, faults: list[Fault]) -> Tree:
    content: Tree = {}
    for each in fields:
        value = _read_field(each, tree.get(each.name), names, (*at, each.name), faults)
        if value is not None:
            content[each.name] = value
    return content


def _read_field(field: Field, typed: Any, names: Names, at: Path, faults: list[Fault]) -> Any:
    if field.kind == "rows":
        return _read_rows(field, typed or [], names, at, faults)
    if field.kind == "group":
        if not typed or _nothing(field.inner, typed, given=False):
            return {} if field.required else None
        return _read(field.inner, typed, names, at, faults)
    if field.kind == "text":
        return _read_text(typed, at, faults)
    if not field.many:
        return _leaf(field, typed or "", names, at, faults)
    found = [_leaf(field, each, names, (*at, n), faults) for n, each in enumerate(typed or ())]
    return list(dict.fromkeys(each for each in found if each is not None))


def _read_rows(field: Field, rows: Sequence[Any], names: Names, at: Path, faults: list[Fault]) -> list[Any]:
    """Rows where nothing is typed are none; the others keep their place, by which faults are told."""
    made: list[Any] = []
    taken: list[str] = []
    for n, row in enumerate(rows):
        here = (*at, n)
        if _of_texts(field):
            made.append(_read_text(row, here, faults))
            continue
        if _nothing(field.inner, row, given=True):
            made.append(None)
            continue
        content = _read(field.inner, row, names, here, faults)
        if any(each.name == "id" for each in field.inner):
            title = next((content[name]["fr"] for name in ("title", "text") if content.get(name)), "")
            content["id"] = content.get("id") or new_id(title, taken)
            taken.append(content["id"])
        made.append(content)
    return [each for each in made if each is not None]


def without_empty_rows(fields: Sequence[Field], tree: Tree) -> Tree:
    """The same with no row that nothing was typed in: what is read then has the places that are shown."""
    kept = dict(tree)
    for each in fields:
        if each.kind == "rows":
            rows = tree.get(each.name) or []
            kept[each.name] = [row for row in rows if not _empty_row(each, row)]
        elif each.kind == "group":
            kept[each.name] = without_empty_rows(each.inner, tree.get(each.name) or {})
    return kept


def _empty_row(field: Field, row: Any) -> bool:
    if _of_texts(field):
        return not any(str(said).strip() for said in row.values())
    return _nothing(field.inner, row, given=True)


def _nothing(fields: Sequence[Field], tree: Mapping[str, Any], *, given: bool) -> bool:
    """Whether nothing was typed; `given`: what a new row has from the start counts for nothing."""
    for each in fields:
        value = tree.get(each.name)
        if each.kind == "group":
            if not _nothing(each.inner, value or {}, given=given):
                return False
        elif each.kind == "text":
            if any(str(said).strip() for said in (value or {}).values()):
                return False
        elif each.kind == "rows" or each.many:
            if value:
                return False
        elif each.kind == "check":
            if value and value != _("non"):
                return False
        elif given and (each.kind == "choice" or value == _default(each)):
            continue
        elif str(value or "").strip():
            return False
    return True


def _read_text(typed: Any, at: Path, faults: list[Fault]) -> dict[str, str] | None:
    said = {lang: str((typed or {}).get(lang) or "").replace("\r\n", "\n").strip() for lang in LANGUAGES}
    if not any(said.values()):
        return None
    if not said["fr"]:
        faults.append(Fault(at, _("Écrivez d’abord le français.")))
    return {lang: text for lang, text in said.items() if text}


def _leaf(field: Field, typed: Any, names: Names, at: Path, faults: list[Fault]) -> Any:
    try:
        return read(field, str(typed), names)
    except UnreadableError as wrong:
        faults.append(Fault(at, str(wrong)))
        return None


def _sentence(wrong: Any) -> str:
    """What pydantic found, for who fills a form."""
    context = wrong.get("ctx", {})
    match wrong["type"]:
        case "missing" | "too_short" | "string_too_short":
            return _("À remplir.")
        case "string_too_long":
            return _("C’est trop long : %s signes au plus.") % context["max_length"]
        case "greater_than_equal" | "greater_than":
            return _("C’est trop petit : au moins %s.") % context.get("ge", context.get("gt"))
        case "less_than_equal":
            return _("C’est trop grand : au plus %s.") % context["le"]
        case "decimal_max_places":
            return _("Trop de décimales : %s au plus.") % context["decimal_places"]
        case "decimal_max_digits" | "decimal_whole_digits":
            return _("Ce nombre est trop grand.")
    found, expected = in_words(wrong)
    return _("Trouvé %(found)s ; attendu %(expected)s.") % {"found": found, "expected": expected}
