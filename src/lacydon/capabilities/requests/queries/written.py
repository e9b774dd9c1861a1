"""Answers in words: each question beside what was answered, as people read them."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from lacydon.kernel import texts


def in_words(content: Mapping[str, Any], answers: Mapping[str, Any], *, lang: str) -> Iterator[tuple[str, str]]:
    """(question, answer) for each answered field of a form's content, in its order; rows of a group are numbered."""
    with override(lang):
        told = list(_told(content, answers, lang=lang))
    yield from told


def _told(content: Mapping[str, Any], answers: Mapping[str, Any], *, lang: str) -> Iterator[tuple[str, str]]:
    for page in content.get("pages", ()):
        for field in page.get("fields", ()):
            value = answers.get(field["id"])
            if field["type"] == "info" or value in (None, "", []):
                continue
            if field["type"] != "group":
                yield said(field["label"], lang=lang), _word(field, value, lang=lang)
                continue
            for number, row in enumerate(value, 1):
                for inner in field.get("fields", ()):
                    if row.get(inner["id"]) not in (None, "", []):
                        question = f"{said(field['label'], lang=lang)} {number}, {said(inner['label'], lang=lang)}"
                        yield question, _word(inner, row[inner["id"]], lang=lang)
    for computed in content.get("computed", ()):
        if (value := answers.get(computed["id"])) not in (None, ""):
            yield said(computed["label"], lang=lang), _word(computed, value, lang=lang)


def _word(field: Mapping[str, Any], value: Any, *, lang: str) -> str:
    """One answer as a person reads it."""
    match field["type"]:
        case "choice" | "choices":
            labels = {each["value"]: said(each["label"], lang=lang) for each in field.get("options", ())}
            chosen = value if isinstance(value, list) else [value]
            return ", ".join(labels.get(each, str(each)) for each in chosen)
        case "yesno" | "consent":
            return _("oui") if value else _("non")
        case "date":
            try:
                return date_format(date.fromisoformat(value), "j F Y")
            except (TypeError, ValueError):
                return str(value)
        case "number" | "money":
            return _number(field, value)
        case "address" | "place":
            return str(value.get("label") or f"{value.get('lat')}, {value.get('lon')}")
        case "file":
            return _("%d document(s) joint(s)") % len(value)
        case "signature":
            return _("signé par %s") % value.get("name", "")
    return str(value)


def said(text: Any, *, lang: str) -> str:
    return text if isinstance(text, str) else texts.said(text, lang=lang)


def _number(field: Mapping[str, Any], value: Any) -> str:
    try:
        written = number_format(Decimal(str(value)), use_l10n=True)
    except InvalidOperation:
        return str(value)
    unit = "€" if field["type"] == "money" else str(field.get("unit") or "")
    return f"{written} {unit}".strip()
