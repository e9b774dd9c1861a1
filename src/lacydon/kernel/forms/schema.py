"""A form as JSON Schema 2020-12: the shape of its cleaned answers, for whoever gets or sends them by programme.

Numbers are strings of a decimal, so that no figure is lost. What the standard has no word for (a number's bounds, a
condition on an amount or on today) is left to the server, and told under `x-` keys, which a validator does not look at.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lacydon.kernel.texts import said

from .cleaning import LONGEST_EMAIL, LONGEST_LABEL
from .definition import Condition, Field, Form

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
_PATTERNS = {
    "phone": r"^\+[0-9]{5,18}$",
    "number": r"^-?[0-9]{1,15}(\.[0-9]{1,10})?$",
    "money": r"^-?[0-9]{1,15}\.[0-9]{2}$",
    "iban": r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$",
    "siret": r"^[0-9]{14}$",
    "commune": r"^(2[AB]|[0-9]{2})[0-9]{3}$",
}
_TOLD = ("unit", "min", "max", "before", "after", "datum")


def json_schema(form: Form, *, lang: str | None = None, address: str = "") -> Schema:
    """The schema of the whole set of answers; `address` is where it is published."""
    conditioned = [(each, (page.when, each.when)) for page in form.pages for each in page.fields if each.asks]
    said_about = {"description": said(form.intro, lang=lang)} if form.intro else {}
    return {
        "$schema": DIALECT,
        **({"$id": address} if address else {}),
        "title": said(form.title, lang=lang),
        **said_about,
        **_object(conditioned, lang),
    }


def _object(fields: Sequence[tuple[Field, tuple[Condition | None, ...]]], lang: str | None) -> Schema:
    ids = {field.id: field for field, _whens in fields}
    rules: list[Schema] = []
    required: list[str] = []
    properties: Schema = {}
    for field, whens in fields:
        conditions = [when for when in whens if when is not None]
        properties[field.id] = _property(field, lang)
        if not conditions:
            required += [field.id] if field.compulsory else []
            continue
        properties[field.id]["x-when"] = conditions[0] if len(conditions) == 1 else {"all": conditions}
        told = [_condition(each, ids) for each in conditions]
        if None not in told:
            rule: Schema = {"if": {"allOf": told}, "else": {"properties": {field.id: False}}}
            rules.append(rule | ({"then": {"required": [field.id]}} if field.compulsory else {}))
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **({"allOf": rules} if rules else {}),
    }


def _property(field: Field, lang: str | None) -> Schema:
    told: Schema = {"title": said(field.label, lang=lang)}
    if field.help:
        told["description"] = said(field.help, lang=lang)
    for key in _TOLD:
        if field.type not in ("group", "choices") and getattr(field, key):
            told[f"x-{key}"] = getattr(field, key)
    return told | _shape(field, lang)


def _shape(field: Field, lang: str | None) -> Schema:
    match field.type:
        case "text" | "longtext":
            shape: Schema = {"type": "string", "minLength": max(1, field.min_length), "maxLength": field.max_length}
            return shape | ({"pattern": f"^(?:{field.pattern})$"} if field.pattern else {})
        case "email":
            return {"type": "string", "format": "email", "maxLength": LONGEST_EMAIL}
        case "date":
            return {"type": "string", "format": "date"}
        case "choice":
            return {"oneOf": _options(field, lang)}
        case "choices":
            items = {"oneOf": _options(field, lang)}
            return _array(items, max(1, field.least), field.most) | {"uniqueItems": True}
        case "yesno":
            return {"type": "boolean"}
        case "consent":
            return {"type": "boolean"} | ({"const": True} if field.required else {})
        case "file":
            return _array({"type": "string", "maxLength": 64}, 1, field.most) | {"uniqueItems": True}
        case "group":
            return _array(
                _object([(each, (each.when,)) for each in field.fields if each.asks], lang), 1, field.most
            ) | {"minItems": max(1, field.least)}
        case "address":
            return _parts(label=_text(), id=_maybe("string"), citycode=_maybe("string"), **_coordinates())
        case "place":
            return _parts(label=_text(least=0), **_coordinates())
        case "signature":
            shape = _parts(name=_text(), at={"type": "string", "format": "date-time"})
            shape["properties"] |= {"drawn": {"type": "string", "maxLength": 20_000}} if field.drawn else {}
            return shape
    return {"type": "string", "pattern": _PATTERNS[field.type]}


def _options(field: Field, lang: str | None) -> list[Schema]:
    return [{"const": each.value, "title": said(each.label, lang=lang)} for each in field.options]


def _array(items: Schema, least: int, most: int) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def _text(*, least: int = 1) -> Schema:
    return {"type": "string", "minLength": least, "maxLength": LONGEST_LABEL}


def _maybe(type: str) -> Schema:
    return {"type": [type, "null"]}


def _coordinates() -> Schema:
    return {
        each: {"type": ["number", "null"], "minimum": -bound, "maximum": bound}
        for each, bound in (("lon", 180), ("lat", 90))
    }


def _parts(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


# Conditions


def _condition(told: Condition, ids: Mapping[str, Field]) -> Schema | None:
    """The condition in the words of JSON Schema, or None when it has none for it."""
    parts = list(_conditions(told, ids))
    return None if None in parts else {"allOf": parts}


def _conditions(told: Condition, ids: Mapping[str, Field]) -> Iterator[Schema | None]:
    for key, expected in told.items():
        if key in ("all", "any"):
            inner = [_condition(each, ids) for each in expected]
            yield None if None in inner else {"allOf" if key == "all" else "anyOf": inner}
        elif key == "not":
            denied = _condition(expected, ids)
            yield None if denied is None else {"not": denied}
        elif isinstance(expected, Mapping):
            for operator, operand in expected.items():
                yield _compared(key, operator, operand, ids)
        else:
            yield _equal(key, expected, ids)


def _compared(id: str, operator: str, operand: Any, ids: Mapping[str, Field]) -> Schema | None:
    if id not in ids:
        return None
    if operator == "filled":
        there = {"required": [id]}
        return there if operand else {"not": there}
    if operator == "not" and (same := _equal(id, operand, ids)) is not None:
        return {"required": [id], "not": same}
    return None


def _equal(id: str, expected: Any, ids: Mapping[str, Field]) -> Schema | None:
    if id not in ids or ids[id].type in ("number", "money", "date"):
        return None
    values = expected if isinstance(expected, list) else [expected]
    one: Schema = {"enum": values}
    return {"required": [id], "properties": {id: {"contains": one} if ids[id].type == "choices" else one}}
