"""One value, from what somebody typed or a cell of a workbook, and back: numbers and dates as they are written here."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from lacydon.kernel.french import plain

from .fields import Field
from .names import Names
from .words import choices_of

YES, NO = frozenset(("oui", "true", "vrai", "1", "x", "yes")), frozenset(("non", "false", "faux", "0", "no"))
LONGEST = 20_000


class UnreadableError(ValueError):
    """What is typed is not that; the sentence says what to write."""


def read(field: Field, typed: str, names: Names) -> Any:
    """As JSON holds it; None when nothing is typed. Raises UnreadableError."""
    text = typed.strip()
    if not text:
        return None
    if len(text) > LONGEST:
        raise UnreadableError(_("C’est trop long : %d signes au plus.") % LONGEST)
    return _READERS.get(field.kind, _line)(field, text, names)


def told(field: Field, value: Any, names: Names) -> str:
    """As it is shown in a field or a cell."""
    if value is None or value == "":
        return ""
    if field.kind == "check":
        return _("oui") if value else _("non")
    if field.kind == "number":
        return number_told(Decimal(str(value)))
    if field.kind == "ref":
        return names.label(field.target, str(value))
    return str(value)


def number_told(value: Decimal) -> str:
    shown = f"{value:f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace(".", ",")


def _line(field: Field, text: str, names: Names) -> str:  # noqa: ARG001
    return text.replace("\r\n", "\n")


def _choice(field: Field, text: str, names: Names) -> str:  # noqa: ARG001
    if text in field.choices:
        return text
    wanted = plain(text)
    for value, label in choices_of(field).items():
        if wanted in (plain(value), plain(str(label))):
            return value
    shown = ", ".join(str(choices_of(field).get(each, each)) for each in field.choices)
    raise UnreadableError(
        _("« %(found)s » n’est pas l’un de ces choix : %(choices)s.") % {"found": text[:60], "choices": shown}
    )


def _date(field: Field, text: str, names: Names) -> str:  # noqa: ARG001
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", text):
            return date.fromisoformat(text[:10]).isoformat()
        return datetime.strptime(text, "%d/%m/%Y").date().isoformat()  # noqa: DTZ007 (a day has no hour)
    except ValueError:
        raise UnreadableError(
            _("« %s » n’est pas une date : écrivez-la comme 31/12/2026 ou 2026-12-31.") % text[:40]
        ) from None


def _decimal(text: str) -> Decimal:
    try:
        found = Decimal(re.sub(r"[\s\u00a0\u202f€%]", "", text).replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise UnreadableError(_("« %s » n’est pas un nombre : écrivez-le comme 1250,50.") % text[:40])
    return found


def _number(field: Field, text: str, names: Names) -> str:  # noqa: ARG001
    return str(_decimal(text))


def _whole(field: Field, text: str, names: Names) -> int:  # noqa: ARG001
    for value, label in choices_of(field).items():
        if plain(text) == plain(str(label)):
            return int(value)
    try:
        found = _decimal(text)
    except UnreadableError:
        found = Decimal("0.5")
    if found != found.to_integral_value() or abs(found) > 10**12:
        raise UnreadableError(_("« %s » n’est pas un nombre entier : écrivez-le comme 12.") % text[:40])
    return int(found)


def _check(field: Field, text: str, names: Names) -> bool:  # noqa: ARG001
    said = plain(text)
    if said in YES:
        return True
    if said in NO:
        return False
    raise UnreadableError(_("« %s » : répondez oui ou non.") % text[:40])


def _ref(field: Field, text: str, names: Names) -> str:
    found = names.id_of(field.target, text)
    if found is None and field.loose and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        return text
    if found is None:
        raise UnreadableError(names.unknown(field.target, text))
    return found


_READERS: dict[str, Callable[[Field, str, Names], Any]] = {
    "choice": _choice, "date": _date, "number": _number, "whole": _whole, "check": _check, "ref": _ref,
}  # fmt: skip
