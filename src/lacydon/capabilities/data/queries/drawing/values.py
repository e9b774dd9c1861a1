"""Cells: what people type as values of a column, and how values are shown."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import clock
from lacydon.kernel.errors import OutsideTerritory
from lacydon.kernel.ui.charts import printed

from ...errors import WrongQuestion
from ..columns import Column

LONGEST = 140
"""Signs of a cell in a table; the page of the row has all of them."""
NOTHING = "–"
YES, NO = ("oui", "vrai", "true", "1"), ("non", "faux", "false", "0")
_FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def typed(column: Column, text: str) -> Any:
    """What somebody typed as a value of this column. Raises WrongQuestion, with an example."""
    said = text.strip()
    try:
        return _typed(column, said)
    except (ValueError, OverflowError):
        raise WrongQuestion(
            _("« %(typed)s » ne convient pas à la colonne « %(column)s » : écrivez par exemple %(example)s.")
            % {"typed": said[:60], "column": column.label, "example": example(column)}
        ) from None


def _typed(column: Column, said: str) -> Any:
    match column.type:
        case "integer":
            whole = int(_number(said))
            if not -(2**63) <= whole < 2**63:
                raise ValueError(said)
            return whole
        case "number":
            return float(_number(said))
        case "boolean":
            if said.lower() not in YES + NO:
                raise ValueError(said)
            return said.lower() in YES
        case "date" | "datetime":
            return _day(said)
        case "time":
            return time.fromisoformat(said)
    return said


def _number(said: str) -> float | int:
    plain = re.sub(r"[\s\u00a0\u202f]", "", said).replace(",", ".").replace("\u2212", "-")
    if not re.fullmatch(r"[-+]?\d{1,25}(\.\d{1,25})?", plain):
        raise ValueError(said)
    return float(plain) if "." in plain else int(plain)


def _day(said: str) -> date:
    if found := _FRENCH_DAY.fullmatch(said):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if re.fullmatch(r"\d{4}", said):
        return date(int(said), 1, 1)
    return date.fromisoformat(said[:10])


def example(column: Column) -> str:
    """A value as people write one."""
    return {
        "integer": "12", "number": "12,5", "boolean": _("oui"), "date": "31/12/2025",
        "datetime": "31/12/2025", "time": "14:05",
    }.get(column.type, _("un mot"))  # fmt: skip


def shown(column: Column, value: Any, *, longest: int = LONGEST) -> str:
    """A value as it is read."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, int | float):
        return str(value) if column.kind in ("year", "citycode", "departement", "postcode") else _number_shown(value)
    if isinstance(value, datetime):
        local = value.replace(tzinfo=value.tzinfo or UTC).astimezone(clock.LOCAL)
        return f"{local:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, bytes):
        return _("forme") if column.type == "shape" else _("point")
    text = str(value)
    if column.kind == "citycode":
        text = named(text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _number_shown(value: float) -> str:
    """All its figures: a table is no drawing. Degrees and amounts are not rounded."""
    if isinstance(value, int) or (abs(value) < 1e15 and float(value).is_integer()):
        return printed(value)
    text = f"{value:.10g}"
    if "e" in text or abs(value) < 1000:
        return text.replace(".", ",").replace("-", "\u2212")
    whole, _dot, rest = text.partition(".")
    return printed(int(whole)) + ("," + rest if rest else "")


def named(citycode: str) -> str:
    """« 49007 · Angers »: an INSEE code with the name of its commune, where it is one of the territory."""
    name = commune_name(citycode)
    return f"{citycode} · {name}" if name else citycode


def commune_name(citycode: str) -> str:
    """The name of a commune of the territory; nothing for any other."""
    try:
        return territory.commune(citycode).name
    except (territory.UnknownCommune, OutsideTerritory):
        return ""


def category(column: Column, value: Any) -> str:
    """A value as the label of what is drawn."""
    if value is None or value == "":
        return _("Sans valeur")
    if column.kind == "citycode":
        return commune_name(str(value)) or str(value)
    return shown(column, value, longest=120)


def written(value: Any) -> str:
    """A value as an address carries it; `typed` reads it back."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return repr(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def period(day: date, step: str) -> str:
    """« mars 2024 », « 2024 », « T2 2024 », « 2 mars 2024 »."""
    if step == "annee":
        return str(day.year)
    if step == "trimestre":
        return f"T{(day.month + 2) // 3} {day.year}"
    if step == "mois":
        return str(date_format(day, "F Y"))
    return str(date_format(day, "j F Y"))
