"""What differs between two states of an object, field by field, in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..nouns import Object
from .fields import Field, fields_of
from .labels import label_of
from .leaves import told
from .names import Names
from .words import choice_said, choices_of

LONGEST = 400


@dataclass(frozen=True, slots=True)
class Difference:
    """`field`: the one at the top that it is in; `label`: the names that lead to it; empty: not there."""

    field: str
    label: str
    before: str
    after: str


def differences(kind: str, before: Object | None, after: Object | None, names: Names) -> list[Difference]:
    """In the order of the fields; nothing when they say the same."""
    found: list[Difference] = []
    one = before.model_dump(mode="json") if before else {}
    other = after.model_dump(mode="json") if after else {}
    for each in fields_of(kind):
        was, will = dict(_said(each, one.get(each.name), names)), dict(_said(each, other.get(each.name), names))
        for label in dict.fromkeys((*was, *will)):
            if was.get(label, "") != will.get(label, ""):
                found.append(Difference(each.name, label, was.get(label, ""), will.get(label, "")))
    return found


def in_words(field: Field, value: Any, names: Names) -> list[tuple[str, str]]:
    """A field whole, as pairs of what it is and what it says."""
    return list(_said(field, value, names))


def _said(field: Field, value: Any, names: Names, before: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    here = (*before, str(label_of(field)))
    if value is None or value == []:
        return
    if field.kind == "group":
        for each in field.inner:
            yield from _said(each, value.get(each.name), names, here)
    elif field.kind == "rows":
        yield from _rows(field, value, names, here)
    elif field.kind == "text":
        yield " › ".join(here), value["fr"]
        if value.get("en"):
            yield " › ".join((*here, _("en anglais"))), value["en"]
    elif field.many:
        yield " › ".join(here), ", ".join(value_said(field, each, names) for each in value)
    elif value != "":
        yield " › ".join(here), value_said(field, value, names)


def _rows(
    field: Field, rows: Sequence[Mapping[str, Any]], names: Names, here: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    times: dict[str, int] = {}
    for row in rows:
        if not field.inner[0].name:
            name = str(len(times) + 1)
            times[name] = 1
            yield " › ".join((*here, name)), row["fr"]
            continue
        name = _name_of(field, row, names)
        times[name] = times.get(name, 0) + 1
        name = name if times[name] == 1 else f"{name} ({times[name]})"
        for each in field.inner:
            if each.name not in ("id", field.key if field.key != "kind" else ""):
                yield from _said(each, row.get(each.name), names, (*here, name))
        if all(each.name == field.key for each in field.inner):
            yield " › ".join((*here, name)), name


def _name_of(field: Field, row: Mapping[str, Any], names: Names) -> str:
    title = row.get("title") or row.get("text")
    if title:
        return str(title["fr"])
    key = next((each for each in field.inner if each.name == field.key), None)
    return value_said(key, row[key.name], names) if key else ""


def value_said(field: Field, value: Any, names: Names) -> str:
    """One value as people read it."""
    if choices_of(field):
        return choice_said(field, value)
    if field.kind == "date":
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if field.kind == "ref" and field.target in ("service", "dataset"):
        return names.of(field.target).get(value, str(value))
    return told(field, value, names)
