"""The shapes of the agenda as fields to fill, made from the pydantic types: a field added there is asked here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from inspect import get_annotations
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from lacydon.kernel.texts import Text

from ..nouns import SHAPES

Kind = Literal["line", "long", "text", "choice", "date", "whole", "number", "check", "ref", "group", "rows"]
LONG = frozenset(
    (
        "problem", "users", "description", "status_reason", "health_reason", "vision", "ambition", "definition",
        "method", "limits", "effect", "answer", "query", "reason", "text", "otherwise", "questions", "findings",
        "worked", "failed", "orientations", "steps", "prerequisites", "summary", "effects", "adaptations", "obstacles",
        "feedback",
    )
)  # fmt: skip
"""Texts of several sentences."""
TARGETS = {
    "agenda": "agenda", "axis": "axis", "levers": "lever", "plans": "plan", "policy": "policy", "decided_by": "act",
    "act": "act", "adopted_by": "act", "agreement": "act", "owner": "authority", "organisation": "authority",
    "citycode": "commune", "communes": "commune", "commune": "commune", "action": "action", "actions": "action",
    "services": "service", "datasets": "dataset", "dataset": "dataset", "outcomes": "indicator",
    "experiences": "experience", "kit": "kit",
}  # fmt: skip
"""What a name in a field is the name of; a `parent` is of the kind of what has it."""
LOOSE = frozenset(("services", "datasets", "dataset", "organisation", "agreement"))
"""Names that may be of something outside the agenda and its territory."""
NAMED_BY = ("id", "axis", "policy", "citycode", "organisation", "action", "year", "funder", "date", "decided", "kind")
"""What tells one row of a list from the others, when it has such a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to say. `many`: a list of such; `inner`: the fields of a group or of each row of a list.

    `shape` is the name of the type that has it: labels are found by it.
    """

    name: str
    shape: str
    kind: Kind
    many: bool = False
    required: bool = False
    long: bool = False
    choices: tuple[str, ...] = ()
    target: str = ""
    loose: bool = False
    inner: tuple["Field", ...] = field(default=())
    default: Any = None
    model: Any = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """Of a list of rows: the field that names each; empty when only their order does."""
        names = {each.name for each in self.inner}
        return next((name for name in NAMED_BY if name in names), "")


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """All that an object of this kind may say, but its id."""
    return tuple(each for each in _fields(SHAPES[kind], kind) if each.name != "id")


def field_of(kind: str, name: str) -> Field:
    return next(each for each in fields_of(kind) if each.name == name)


def leaves(fields: tuple[Field, ...], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Field]]:
    """Each field that holds a value, with the names that lead to it; lists are given as they are."""
    for each in fields:
        if each.kind == "group":
            yield from leaves(each.inner, (*path, each.name))
        else:
            yield (*path, each.name), each


def _fields(shape: Any, kind: str) -> Iterator[Field]:
    for name, info in shape.model_fields.items():
        yield _field(name, info, shape, kind)


def _field(name: str, info: FieldInfo, shape: Any, kind: str) -> Field:
    many, inside = _unwrapped(info.annotation)
    target = kind if name == "parent" else TARGETS.get(name, "")
    if name == "kind" or (name == "agenda" and shape.__name__ == "Agenda"):
        target = ""
    said: dict[str, Any] = {
        "name": name,
        "shape": _declaring(shape, name),
        "many": many,
        "required": info.is_required() or name == "axes",
        "long": name in LONG,
        "default": None if info.is_required() else info.default,
    }
    if get_origin(inside) is Literal:
        return Field(kind="choice", choices=tuple(str(each) for each in get_args(inside)), **said)
    if isinstance(inside, type) and issubclass(inside, Text):
        if many:
            row = Field(name="", shape=said["shape"], kind="text", required=True, long=said["long"])
            return Field(kind="rows", inner=(row,), **said)
        return Field(kind="text", **said)
    if isinstance(inside, type) and issubclass(inside, BaseModel):
        inner = tuple(_fields(inside, kind))
        return Field(kind="rows" if many else "group", inner=inner, model=inside, **said)
    simple: dict[Any, Kind] = {bool: "check", date: "date", int: "whole", Decimal: "number"}
    if inside in simple:
        return Field(kind=simple[inside], **said)
    if target:
        return Field(kind="ref", target=target, loose=name in LOOSE, **said)
    return Field(kind="long" if said["long"] else "line", **said)


def _unwrapped(annotation: Any) -> tuple[bool, Any]:
    """Whether it is a list, and the type of what it holds, without what is around it."""
    many = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, UnionType):
            annotation = next(each for each in get_args(annotation) if each is not NoneType)
        elif origin is tuple:
            many, annotation = True, get_args(annotation)[0]
        else:
            return many, annotation


def _declaring(shape: Any, name: str) -> str:
    """The name of the type that declares a field: `Object` for a title, `Action` for a status."""
    return next(each.__name__ for each in reversed(shape.__mro__) if name in get_annotations(each))
