"""How an object changed from one state to the next, in words: field by field, item by item."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.texts import said
from lacydon.kernel.ui.charts import printed
from lacydon.kernel.ui.templatetags.ui import day

from ..chart import Chart
from .fields import EUROS, FIELDS, KEYS, PARTS
from .twin import FIELDS as WITHHELD
from .words import (
    ACTION_KINDS,
    CALLS,
    COMMUNE_ROLES,
    DEPENDENCIES,
    FUNDERS,
    HEALTHS,
    MILESTONE_KINDS,
    PARTICIPATION,
    PARTY_ROLES,
    SCALES,
    SECTIONS,
    STAGES,
    STATUSES,
)

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CODES: Mapping[str, Any] = {
    "status": STATUSES, "health": HEALTHS, "scale": SCALES, "section": SECTIONS, "funder": FUNDERS,
    "level": PARTICIPATION, "role": {**PARTY_ROLES, **COMMUNE_ROLES},
    "kind": {**ACTION_KINDS, **MILESTONE_KINDS, **DEPENDENCIES, **CALLS}, "stage": STAGES,
}  # fmt: skip
_NAMED = {
    "axis": "axis", "axes": "axis", "policy": "policy", "policies": "policy", "levers": "lever", "plans": "plan",
    "act": "act", "decided_by": "act", "adopted_by": "act", "action": "action", "actions": "action",
    "parent": "action", "dependencies": "action", "outcomes": "indicator", "agenda": "agenda",
}  # fmt: skip
"""field → the kind of what it names."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`before`, `after`: in words; empty when there was or is nothing."""

    what: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any], *, kind: str, among: Chart) -> list[Difference]:
    """Between two contents, as stored. `among`: where names are looked up. Withheld fields are left out."""
    withheld = WITHHELD.get(kind, ())
    names = [name for name in (*FIELDS, *after, *before) if name in after or name in before]
    found: list[Difference] = []
    for name in dict.fromkeys(names):
        if name not in withheld and name != "id" and before.get(name) != after.get(name):
            found += _field(name, before.get(name), after.get(name), among)
    return found


def _field(name: str, before: Any, after: Any, among: Chart) -> Iterator[Difference]:
    label = str(FIELDS.get(name, name))
    if _items(before) or _items(after):
        yield from _list(label, name, before or [], after or [], among)
    elif _parts(before) or _parts(after):
        yield from _dict(label, before or {}, after or {}, among)
    else:
        yield Difference(label, _words(name, before, among), _words(name, after, among))


def _items(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and _parts(value[0])


def _parts(value: Any) -> bool:
    return isinstance(value, dict) and "fr" not in value


def _list(label: str, name: str, before: list[Any], after: list[Any], among: Chart) -> Iterator[Difference]:
    old, new = _keyed(before), _keyed(after)
    for key in dict.fromkeys((*old, *new)):
        was, is_ = old.get(key), new.get(key)
        if was == is_:
            continue
        head = f"{label}, {_named(name, is_ or was or {}, key, among)}"
        if was is None or is_ is None:
            yield Difference(head, _in_one_line(was, among), _in_one_line(is_, among))
        else:
            yield from _dict(head, was, is_, among)


def _keyed(items: list[Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for n, each in enumerate(items):
        key = next((str(each[name]) for name in KEYS if name in each), str(n))
        found[key if key not in found else f"{key}/{n}"] = each
    return found


def _named(name: str, item: Mapping[str, Any], key: str, among: Chart) -> str:
    if isinstance(item.get("title"), Mapping):
        return _("« %s »") % said(item["title"])
    for field in KEYS:
        if field in item and field != "id":
            return _words(field, item[field], among)
    return _words(name, key, among)


def _dict(label: str, before: Mapping[str, Any], after: Mapping[str, Any], among: Chart) -> Iterator[Difference]:
    for part in dict.fromkeys((*before, *after)):
        was, is_ = before.get(part), after.get(part)
        if was != is_:
            head = f"{label}, {PARTS.get(part, part)}"
            if _items(was) or _items(is_):
                yield from _list(head, part, was or [], is_ or [], among)
            else:
                yield Difference(head, _words(part, was, among), _words(part, is_, among))


def _in_one_line(item: Mapping[str, Any] | None, among: Chart) -> str:
    if item is None:
        return ""
    told = [
        f"{PARTS.get(name, name)} : {_words(name, value, among)}"
        for name, value in item.items()
        if name not in ("id", "title") and not isinstance(value, list)
    ]  # fmt: skip
    return " ; ".join(told) or _("présent")


def _words(name: str, value: Any, among: Chart) -> str:
    """One value as people read it."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, list):
        return " ; ".join(_words(name, each, among) for each in value)
    if isinstance(value, Mapping):
        return said(value) if "fr" in value else _in_one_line(value, among)
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    text = str(value)
    if name in EUROS:
        return printed(float(text), unit="€")
    if text in _CODES.get(name, ()):
        return str(_CODES[name][text])
    if name == "visibility":
        return _("publique") if text == "public" else _("interne")
    if _DAY.fullmatch(text):
        return str(day(date.fromisoformat(text)))
    return _name(name, text, among)


def _name(name: str, text: str, among: Chart) -> str:
    """The title of what is named, when it is known and public."""
    target = among.objects.get((_NAMED.get(name, ""), text))
    if target is not None:
        return said(target.title)
    if name in ("citycode", "commune", "communes"):
        return next((each.name for each in territory.communes() if each.code == text), text)
    if name in ("owner", "organisation"):
        return owner_name(text)
    return text


def owner_name(id: str) -> str:
    """What an authority is called; its id when the territory does not know it any more."""
    try:
        return said(territory.authority(id).name)
    except territory.UnknownAuthority:
        return id
