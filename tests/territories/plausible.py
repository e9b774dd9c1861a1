"""Answers somebody could give to a form, drawn at random: what tests and benches fill real forms with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from lacydon.kernel.forms.calculations import Known
from lacydon.kernel.forms.conditions import day, holds
from lacydon.kernel.forms.definition import Field, Form
from lacydon.kernel.forms.patterns import fits

TEXTS = ("Camille Durand", "AB12", "W131234567", "1234567", "B", "AB123")
"""Tried in turn where a form wants a pattern."""


@dataclass(frozen=True)
class Spot:
    """Where the answers are: a commune of the territory and a point in it."""

    citycode: str
    lon: float
    lat: float

    @property
    def label(self) -> str:
        return f"12 rue de l’Essai, {self.citycode}"


def answers_of(form: Form, *, spot: Spot, draw: Random) -> dict[str, Any]:
    """Cleaned answers to all that is asked, optional ones too one time out of two."""
    kept: dict[str, Any] = {}
    known = Known(form, kept)
    for page in form.pages:
        if holds(page.when, known):
            kept.update(_fields(page.fields, known, kept, spot, draw))
    return kept


def _fields(
    fields: tuple[Field, ...], known: Known, kept: dict[str, Any], spot: Spot, draw: Random
) -> Mapping[str, Any]:
    for each in fields:
        if not each.asks or not holds(each.when, known):
            continue
        if each.required or each.type == "consent" or draw.random() < 0.5:  # a box left alone is a no
            kept[each.id] = _group(each, known, spot, draw) if each.type == "group" else answer(each, spot, draw)
    return kept


def _group(field: Field, known: Known, spot: Spot, draw: Random) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for _row in range(draw.randint(max(field.least, 1), field.most)):
        row: dict[str, Any] = {}
        rows.append(dict(_fields(field.fields, known.in_row(row), row, spot, draw)))
    return rows


def answer(field: Field, spot: Spot, draw: Random) -> Any:
    """One answer that suits the field."""
    match field.type:
        case "text" | "longtext":
            fitting = [each for each in TEXTS if not field.pattern or fits(field.pattern, each)]
            return fitting[0][: field.max_length].strip().ljust(field.min_length, "a")
        case "email":
            return "camille@example.org"
        case "phone":
            return "+33612345678"
        case "number" | "money":
            return _number(field, draw)
        case "date":
            return _date(field, draw).isoformat()
        case "choice":
            return draw.choice(field.values)
        case "choices":
            most = min(field.most, len(field.values))
            chosen = draw.sample(field.values, draw.randint(max(field.least, 1), most))
            return [each for each in field.values if each in chosen]
        case "yesno":
            return draw.random() < 0.5
        case "consent":
            return field.required or draw.random() < 0.5
        case "iban":
            return "FR7630006000011234567890189"
        case "siret":
            return "73282932000074"
        case "address":
            return {"label": spot.label, "id": None, "citycode": spot.citycode, "lon": spot.lon, "lat": spot.lat}
        case "place":
            return {"lon": spot.lon, "lat": spot.lat, "label": spot.label}
        case "commune":
            return spot.citycode
        case "file":
            return [f"file-{number}" for number in range(draw.randint(1, field.most))]
        case "signature":
            return {"name": "Camille Durand", "at": "2026-03-02T09:00:00+00:00"}
    raise AssertionError(f"no answer to a field of type {field.type}")


def _number(field: Field, draw: Random) -> str:
    low, high = Decimal(field.min or "0"), Decimal(field.max or "1000")
    found = low + (high - low) * draw.choice([Decimal(0), Decimal(draw.randrange(1000)) / 1000, Decimal(1)])
    decimals = 2 if field.type == "money" else field.decimals or 0
    rounded = max(found.quantize(Decimal(1).scaleb(-decimals)), low)
    text = f"{rounded:f}"
    return text if field.type == "money" else text.rstrip("0").rstrip(".") if "." in text else text


def _date(field: Field, draw: Random) -> date:
    earliest = day(field.after) + timedelta(days=1) if field.after else day(field.before or "today") - timedelta(9000)
    latest = day(field.before) - timedelta(days=1) if field.before else earliest + timedelta(days=400)
    return earliest + timedelta(days=draw.randint(0, (latest - earliest).days))
