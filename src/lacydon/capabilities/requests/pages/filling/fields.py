"""The fields of a page as HTML. What a form says is rendered once a version, language and state, then only filled in.

A rendered field is kept as text between holes; what somebody answered is escaped and joined to it. Rendering templates
for each visitor would cost twenty times more.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import forms
from lacydon.kernel.forms import Field, Form
from lacydon.kernel.forms.calculations import Known
from lacydon.kernel.forms.cleaning import Unfit, clean
from lacydon.kernel.french import plain
from lacydon.kernel.texts import said

from ...queries.attachments import Piece
from ...queries.companies import register
from ...queries.drafts import Where
from ...queries.published import Held
from .plans import plan_of

Raw = Mapping[str, list[str]]
MARK = "\u2063"
FEW = 8
"""Choices that are shown at once; more are in a list to unfold."""
MOST_KEPT = 5_000
_kept: dict[tuple[Any, ...], list[str]] = {}

HOLES = (
    "name error source value from action day month year on drawn id citycode lon lat known choices plan files rows "
    "room options"
)
"""What is put in a rendered field for each visitor."""
AUTOCOMPLETE = {
    "identity.given_name": "given-name",
    "identity.family_name": "family-name",
    "contact.email": "email",
    "contact.phone": "tel",
    "contact.postal": "street-address",
    "company.name": "organization",
    "person.given-name": "given-name",
    "person.family-name": "family-name",
    "person.email": "email",
    "person.phone": "tel",
    "person.address": "street-address",
}
"""WCAG 1.3.5: what browsers know of the person who types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page being shown: what stands in its fields and what is said beside them.

    `sources`: where a proposed answer comes from, by name; `choices`: places to choose from, by name; `rows`: how many
    rows a group has when that is not what was answered; `proofs`: documents given earlier, by name of field.
    """

    held: Held
    raw: Raw
    errors: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Piece] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Iterable[Mapping[str, str]]] = field(default_factory=dict)
    rows: Mapping[str, list[int]] = field(default_factory=dict)
    proofs: Mapping[str, str] = field(default_factory=dict)
    uploads: str = ""
    where: Where = field(default_factory=lambda: Where(""))
    answers: Mapping[str, Any] = field(default_factory=dict)
    action: str = ""

    def first(self, name: str) -> str:
        told = self.raw.get(name)
        return told[0] if told else ""


def fields_html(shown: Shown, fields: Iterable[Field], visible: Container[str]) -> SafeString:
    """The fields of a page; those that are not asked now wait in templates, for the script that asks them at once."""
    return SafeString("".join([_asked_or_waiting(shown, each, each.id, each.id in visible) for each in fields]))


def _asked_or_waiting(shown: Shown, asked: Field, name: str, visible: bool) -> str:
    html = field_html(shown, asked, name)
    if not asked.when:
        return html
    mark = f'<input type="hidden" name="{name}-shown" value="">'
    html = re.sub(r"</(div|fieldset|p)>\s*$", rf"{mark}</\1>", html)
    return html if visible else f'<template data-question="{name}">{html}</template>'


def field_html(shown: Shown, asked: Field, name: str) -> str:
    """One field under this HTML name, filled in."""
    error = shown.errors.get(name, "")
    source = shown.sources.get(name, "")
    holes = {"name": name, "error": escape(error), "source": escape(source)}
    fill = _FILLERS.get(asked.type, _value)
    fill(shown, asked, name, holes)
    in_row = name != asked.id
    parts = _parts(shown.held, asked, wrong=bool(error), sourced=bool(source), in_row=in_row)
    return "".join([holes.get(part, "") if at % 2 else part for at, part in enumerate(parts)])


def anchor(asked: Field | None, name: str) -> str:
    """What a link of the summary of errors leads to: the first thing to type in."""
    return f"{name}-day" if asked is not None and asked.type == "date" else name


def field_named(form: Form, name: str) -> Field | None:
    """The field an HTML name is about, inside groups too."""
    return form.by_id.get(name.rpartition("-")[2]) or form.by_id.get(name.partition("-")[0])


# What is put in the holes


def _value(shown: Shown, _asked: Field, name: str, holes: dict[str, str]) -> None:
    holes["value"] = escape(shown.first(name))
    holes["from"] = escape(shown.first(f"{name}-from"))


def _siret(shown: Shown, asked: Field, name: str, holes: dict[str, str]) -> None:
    _value(shown, asked, name, holes)
    holes["action"] = escape(shown.action)
    _offered(shown, name, holes, _("Laquelle de ces entreprises ?"))


def _date(shown: Shown, _asked: Field, name: str, holes: dict[str, str]) -> None:
    for part in ("day", "month", "year"):
        holes[part] = escape(shown.first(f"{name}-{part}"))


def _choice(shown: Shown, asked: Field, name: str, holes: dict[str, str]) -> None:
    chosen = shown.raw.get(name, ())
    if asked.type == "commune" or (asked.type == "choice" and len(asked.options) > FEW):
        holes["options"] = _selected(_options(shown.held, asked), chosen)
        return
    for value in ("yes", "no") if asked.type == "yesno" else asked.values:
        holes[f"on.{value}"] = " checked" if value in chosen else ""


def _consent(shown: Shown, _asked: Field, name: str, holes: dict[str, str]) -> None:
    holes["on"] = " checked" if "yes" in shown.raw.get(name, ()) else ""


def _signature(shown: Shown, asked: Field, name: str, holes: dict[str, str]) -> None:
    _value(shown, asked, name, holes)
    holes["on"] = " checked" if "yes" in shown.raw.get(f"{name}-certified", ()) else ""
    holes["drawn"] = escape(shown.first(f"{name}-drawn"))


def _place(shown: Shown, asked: Field, name: str, holes: dict[str, str]) -> None:
    _value(shown, asked, name, holes)
    for part in ("id", "citycode", "lon", "lat"):
        holes[part] = escape(shown.first(f"{name}-{part}"))
    known = shown.first(f"{name}-known") or (holes["value"] and shown.first(f"{name}-lon") and shown.first(name))
    holes["known"] = escape(known)
    if asked.type == "place":
        raw = {part: shown.first(f"{name}-{part}") for part in ("vue", "lon", "lat")}
        holes["plan"] = plan_of(name, raw=raw, action=shown.action, held=shown.held, where=shown.where)
    _offered(shown, name, holes, _("Lequel de ces lieux ?"))


def _offered(shown: Shown, name: str, holes: dict[str, str], question: str) -> None:
    offered = shown.choices.get(name)
    if offered:
        context = {"name": name, "question": question, "choices": list(enumerate(offered, 1))}
        holes["choices"] = get_template("requests/filling/choices.html").render(context)


def _files(shown: Shown, asked: Field, name: str, holes: dict[str, str]) -> None:
    here = [shown.files[id] for id in shown.raw.get(name, ()) if id in shown.files]
    context = {
        "f": asked,
        "name": name,
        "files": here,
        "room": len(here) < asked.most,
        "uploads": shown.uploads,
        "proof": shown.proofs.get(name),
        "error": shown.errors.get(name),
        "accept": ",".join(f".{'jpg,.jpeg' if each == 'jpeg' else each}" for each in asked.accept),
        "photo": {"jpeg", "png", "heic"} & set(asked.accept),
    }
    holes["files"] = get_template("requests/filling/files.html").render(context)


def _group(shown: Shown, asked: Field, name: str, holes: dict[str, str]) -> None:
    numbers = shown.rows.get(name) or rows_of(shown.raw, name) or list(range(max(asked.least, 1)))
    numbers = numbers[: asked.most]
    rows = []
    for place, number in enumerate(numbers):
        asked_here = _asked_in_row(shown, asked, name, number)
        inner = [
            _asked_or_waiting(shown, each, f"{name}-{number}-{each.id}", each.id in asked_here) for each in asked.fields
        ]
        title = _("%(what)s, n° %(number)d") % {"what": said(asked.label), "number": place + 1}
        context = {
            "title": title, "number": number, "name": name, "inner": SafeString("".join(inner)),
            "removable": len(numbers) > max(asked.least, 1) or (len(numbers) == 1 and not asked.least),
        }  # fmt: skip
        rows.append(get_template("requests/filling/row.html").render(context))
    holes["rows"] = "".join(rows)
    holes["room"] = "" if len(numbers) < asked.most else " hidden"


_FILLERS: Mapping[str, Callable[[Shown, Field, str, dict[str, str]], None]] = {
    "date": _date, "choice": _choice, "choices": _choice, "yesno": _choice, "commune": _choice, "consent": _consent,
    "signature": _signature, "address": _place, "place": _place, "siret": _siret, "file": _files, "group": _group,
    "info": lambda *_all: None,
}  # fmt: skip


def _asked_in_row(shown: Shown, group: Field, name: str, number: int) -> set[str]:
    """The fields of a row that are asked, with what stands in it."""
    if not any(each.when for each in group.fields):
        return {each.id for each in group.fields}
    row: dict[str, Any] = {}
    known = Known(shown.held.form, shown.answers).in_row(row)
    found = set()
    for each in group.fields:
        if forms.holds(each.when, known):
            found.add(each.id)
            with suppress(Unfit):
                answer = clean(each, forms.given(each, shown.raw, f"{name}-{number}-{each.id}")) if each.asks else None
                if answer is not None:
                    row[each.id] = answer
    return found


def rows_of(raw: Raw, name: str) -> list[int]:
    """The numbers of the rows that were posted."""
    start = f"{name}-"
    found = {each[len(start) :].partition("-")[0] for each in raw if each.startswith(start)}
    return sorted(int(each) for each in found if each.isascii() and each.isdecimal() and len(each) < 4)


# What is rendered once


def _parts(held: Held, asked: Field, *, wrong: bool, sourced: bool, in_row: bool) -> list[str]:
    """A field as text (even places) and names of holes (odd places)."""
    lang = get_language() or "fr"
    searched = asked.type == "siret" and not in_row and register() is not None
    key = (held.version.pk, held.version.digest, asked.id, lang, wrong, sourced, in_row, searched)
    found = _kept.get(key)
    if found is None:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        html = _rendered(asked, wrong=wrong, sourced=sourced, in_row=in_row, searched=searched)
        found = _kept[key] = html.split(MARK)
    return found


def _rendered(asked: Field, *, wrong: bool, sourced: bool, in_row: bool, searched: bool) -> str:
    options = [
        (value, label, SafeString(f"{MARK}on.{value}{MARK}"), "" if at == 0 else f"-{at + 1}")
        for at, (value, label) in enumerate(_choices(asked))
    ]
    context = {
        "f": asked,
        "h": {each: SafeString(f"{MARK}{each}{MARK}") for each in HOLES.split()},
        "options": options,
        "wrong": wrong,
        "sourced": sourced,
        "in_row": in_row,
        "few": len(asked.options) <= FEW,
        "autocomplete": "" if in_row else _autocomplete(asked),
        "birth": asked.prefill == "identity.birthdate",
        "described": _described(asked, wrong=wrong, sourced=sourced, searched=searched),
        "searched": searched,
        "from_register": asked.prefill.startswith("company.") and asked.type != "siret" and not in_row,
        "kind": _KINDS.get(asked.type, "text"),
        "inputmode": "" if searched else _MODES.get(asked.type, ""),
        "most": asked.max_length,
        "bounded": asked.type == "longtext" and asked.max_length < 4_000,
    }
    return get_template("requests/filling/field.html").render(context)


_KINDS = {"email": "email", "phone": "tel"}
_MODES = {"number": "decimal", "money": "decimal", "siret": "numeric", "email": "email", "phone": "tel"}


def _described(asked: Field, *, wrong: bool, sourced: bool, searched: bool) -> SafeString:
    name = f"{MARK}name{MARK}"
    said_by = [f"{name}-trouble"] if wrong else []
    said_by += [f"{name}-source"] if sourced else []
    said_by += [f"{name}-hint"] if asked.help or asked.type in ("date", "file", "iban", "siret") else []
    said_by += [f"{name}-search"] if searched else []
    return SafeString(f' aria-describedby="{" ".join(said_by)}"' if said_by else "")


def _choices(asked: Field) -> list[tuple[str, str]]:
    if asked.type == "yesno":
        return [("yes", _("Oui")), ("no", _("Non"))]
    return [(each.value, said(each.label)) for each in asked.options]


def _autocomplete(asked: Field) -> str:
    known = AUTOCOMPLETE.get(asked.prefill) or AUTOCOMPLETE.get(asked.datum)
    return known or {"email": "email", "phone": "tel"}.get(asked.type, "")


def _options(held: Held, asked: Field) -> str:
    """The lines of a list to unfold, none chosen yet."""
    lang = get_language() or "fr"
    key = (held.version.pk, held.version.digest, asked.id, lang, "options", territory.version())
    if key not in _kept:
        lines = (
            sorted(((each.code, each.name) for each in territory.communes()), key=lambda each: plain(each[1]))
            if asked.type == "commune"
            else _choices(asked)
        )
        _kept[key] = ["".join(f'<option value="{escape(v)}">{escape(label)}</option>' for v, label in lines)]
    return _kept[key][0]


def _selected(options: str, chosen: Iterable[str]) -> str:
    for each in chosen:
        options = options.replace(f'<option value="{escape(each)}">', f'<option value="{escape(each)}" selected>', 1)
    return options
