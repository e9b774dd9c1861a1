"""Answers as a page of HTML names them, both ways.

`field` · `field-id`, `field-citycode`, `field-lon`, `field-lat` for an address · `field-lon`, `field-lat` for a place
`field-certified`, `field-drawn` for a signature · `group-0-field` in the rows of a group. A box that is ticked, a yes,
is "yes"; a no is "no". A date may be `field`, or `field-day`, `field-month`, `field-year`.
"""

import re
from collections.abc import Mapping
from typing import Any

from .definition import Field

Raw = Mapping[str, list[str]]
PARTS = {
    "address": ("id", "citycode", "lon", "lat"),
    "place": ("lon", "lat"),
    "signature": ("certified", "drawn"),
    "date": ("day", "month", "year"),
}
MOST_ROWS = 200
"""Rows read of what is posted; a form allows fewer."""


def given(field: Field, raw: Raw, name: str) -> Any:
    """What was posted for a field under this name, not cleaned yet; None when nothing was."""
    match field.type:
        case "choices" | "file":
            return list(raw.get(name, ()))
        case "group":
            return [
                {each.id: given(each, raw, f"{name}-{row}-{each.id}") for each in field.fields if each.asks}
                for row in rows_of(raw, name)
            ]
        case "consent":
            return _first(raw, name) or "no"
        case "address" | "place":
            parts = {part: _first(raw, f"{name}-{part}") for part in PARTS[field.type]}
            return {"label": _first(raw, name), **parts}
        case "signature":
            parts = {part: _first(raw, f"{name}-{part}") for part in PARTS["signature"]}
            return {"name": _first(raw, name), **parts}
        case "date":
            if not (whole := _first(raw, name)):
                told = [_first(raw, f"{name}-{part}").strip() for part in PARTS["date"]]
                whole = "/".join(told) if any(told) else ""
            return whole
    return _first(raw, name)


def rows_of(raw: Raw, name: str) -> list[int]:
    """The numbers of the rows posted for a group, in order."""
    row = re.compile(rf"{re.escape(name)}-([0-9]{{1,3}})-.+", re.DOTALL)
    return sorted({int(told[1]) for each in raw if (told := row.fullmatch(each))})[:MOST_ROWS]


def posted(field: Field, answer: Any, name: str) -> dict[str, list[str]]:
    """A cleaned answer under the names a page gives it: what to show again. Nothing for no answer."""
    if answer is None:
        return {}
    match field.type:
        case "choices" | "file":
            return {name: list(answer)}
        case "group":
            shown: dict[str, list[str]] = {}
            for row, answers in enumerate(answer):
                for each in field.fields:
                    shown.update(posted(each, answers.get(each.id), f"{name}-{row}-{each.id}"))
            return shown
        case "yesno" | "consent":
            return {name: ["yes" if answer else "no"]}
        case "address" | "place":
            parts = {f"{name}-{part}": [_text(answer[part])] for part in PARTS[field.type]}
            return {name: [answer["label"]], **parts}
        case "signature":
            drawn = {f"{name}-drawn": [answer["drawn"]]} if "drawn" in answer else {}
            return {name: [answer["name"]], f"{name}-certified": ["yes"], **drawn}
    return {name: [str(answer)]}


def _first(raw: Raw, name: str) -> str:
    told = raw.get(name)
    return told[0] if told else ""


def _text(part: Any) -> str:
    return "" if part is None else str(part)
