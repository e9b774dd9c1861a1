"""Answers in words: what a person reads again before sending, on the receipt, and what an agent reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import phonenumbers
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import forms
from lacydon.kernel.forms import Answers, Field, Form
from lacydon.kernel.texts import Localised, said


@dataclass(frozen=True, slots=True)
class Line:
    """A question and what was answered, one text a line; `name`: of the field, to lead back to it.

    `ids`: of the files whose names are the values.
    """

    label: str
    values: tuple[str, ...]
    name: str = ""
    files: bool = False
    ids: tuple[str, ...] = ()

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """(id, name) of each file."""
        return tuple(zip(self.ids, self.values, strict=True)) if self.ids else ()


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the form; the rows of a group are parts of it."""

    id: str
    title: str
    lines: tuple[Line, ...]


def in_words(form: Form, answers: Answers, *, files: Mapping[str, str] | None = None) -> list[Section]:
    """What was asked and answered, page by page. `files`: the names of attachments by id."""
    return [
        Section(each.page.id, said(each.page.title), tuple(_lines(each.fields, answers, files or {})))
        for each in forms.asked(form, answers)
    ]


def computed_in_words(form: Form, answers: Answers) -> list[Line]:
    """What the form worked out; nothing for what is not known."""
    found = forms.computed(form, answers)
    return [
        Line(said(each.label), (amount_in_words(found[each.id], money=each.type == "money"),), each.id)
        for each in form.computed
        if found.get(each.id) is not None
    ]


def _lines(fields: tuple[Field, ...], answers: Mapping[str, Any], files: Mapping[str, str]) -> Iterator[Line]:
    for field in fields:
        answer = answers.get(field.id)
        if not field.asks:
            continue
        if field.type != "group":
            yield _line(said(field.label), field, answer, files, name=field.id)
            continue
        for number, row in enumerate(answer or ()):
            for each in field.fields:
                if each.asks and (each.id in row or each.required):
                    label = _("%(what)s, n° %(number)d : %(label)s") % {
                        "what": said(field.label), "number": number + 1, "label": said(each.label),
                    }  # fmt: skip
                    yield _line(label, each, row.get(each.id), files, name=field.id)
        if not answer:
            yield Line(said(field.label), (_("Non renseigné"),), field.id)


def _line(label: str, field: Field, answer: Any, files: Mapping[str, str], *, name: str) -> Line:
    is_file = field.type == "file"
    ids = tuple(str(each) for each in answer or ()) if is_file else ()
    return Line(label, value(field, answer, files), name, is_file, ids if all(each in files for each in ids) else ())


def value(field: Field, answer: Any, files: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """An answer in words, a text a line."""
    if answer is None or answer == []:
        return (_("Non renseigné"),)
    match field.type:
        case "yesno":
            return (_("Oui") if answer else _("Non"),)
        case "consent":
            return (_("Oui, je suis d’accord") if answer else _("Non"),)
        case "choice":
            return (_option(field, answer),)
        case "choices":
            return tuple(_option(field, each) for each in answer)
        case "date":
            return (date_format(date.fromisoformat(answer), "j F Y"),)
        case "number" | "money":
            return (amount_in_words(Decimal(answer), money=field.type == "money", unit=field.unit),)
        case "phone":
            return (phone(answer),)
        case "iban":
            return (" ".join(answer[at : at + 4] for at in range(0, len(answer), 4)),)
        case "address" | "place":
            return (answer.get("label") or f"{answer['lat']:.5f}, {answer['lon']:.5f}",)
        case "commune":
            return (_commune(answer),)
        case "file":
            return tuple((files or {}).get(str(each), _("un fichier")) for each in answer)
        case "signature":
            moment = localtime(datetime.fromisoformat(answer["at"]))
            return (_("%(name)s, le %(day)s") % {"name": answer["name"], "day": date_format(moment, "j F Y")},)
        case "longtext":
            return tuple(answer.split("\n"))
    return (str(answer),)


def phone(number: str) -> str:
    """« 06 12 34 56 78 » for a number of this country, with its prefix for another."""
    try:
        read = phonenumbers.parse(number, "FR")
    except phonenumbers.NumberParseException:
        return number
    local = read.country_code == 33
    form = phonenumbers.PhoneNumberFormat.NATIONAL if local else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(read, form)


def amount_in_words(number: Any, *, money: bool, unit: str = "") -> str:
    number = Decimal(number)
    places = 2 if money else max(0, -int(number.normalize().as_tuple().exponent))
    shown = number_format(number, decimal_pos=places, use_l10n=True, force_grouping=True)
    sign = unit or ("€" if money else "")
    if sign == "€" and (get_language() or "fr").startswith("en"):
        return f"€{shown}"
    return f"{shown}\u00a0{sign}" if sign else shown


def _option(field: Field, chosen: str) -> str:
    labels: Mapping[str, Localised] = {each.value: each.label for each in field.options}
    return said(labels[chosen]) if chosen in labels else chosen


def _commune(citycode: str) -> str:
    try:
        return territory.place_of(citycode).label
    except territory.UnknownCommune:
        return citycode
