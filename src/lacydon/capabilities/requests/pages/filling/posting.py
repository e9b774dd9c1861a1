"""What a page posted, read: answers by their HTML names, files, places found, rows added and taken away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import attempts, forms
from lacydon.kernel.errors import Refused
from lacydon.kernel.forms import Field, Page
from lacydon.kernel.middleware.clients import accountable, client_address

from ...actions import attachments
from ...actions.attachments import MOST
from ...queries.answers import phone
from ...queries.attachments import of_draft
from ...queries.drafts import Opened
from .fields import rows_of

FILES_AN_HOUR = 400
"""From one network: a family's, a library's."""


@dataclass(slots=True)
class Posted:
    """`raw`: by HTML name, as the engine reads it; `errors`: wrong already; `choices`: places or companies to choose
    from; `sources`: what is said beside a question, without being wrong."""

    raw: dict[str, list[str]]
    errors: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)


def read(request: HttpRequest) -> Posted:
    """The form as it was sent; nothing of it is believed yet."""
    raw = {name: list(map(str, values)) for name, values in request.POST.lists() if name != "faire"}
    for name in request.FILES:
        raw.setdefault(name.removesuffix("-file"), [])
    return Posted(raw)


def fields_of(page: Page, raw: Mapping[str, list[str]]) -> Iterator[tuple[Field, str]]:
    """Every field of a page with its HTML name, those of the rows that are there too."""
    for each in page.fields:
        if each.type != "group":
            yield each, each.id
            continue
        for row in rows_of(raw, each.id):
            for inner in each.fields:
                yield inner, f"{each.id}-{row}-{inner.id}"


def change_rows(told: Posted, page: Page, act: str) -> None:
    """« Ajouter » and « Retirer »: one row more, or one less."""
    verb, _colon, what = act.partition(":")
    if verb == "ajouter":
        group = next((each for each in page.fields if each.type == "group" and each.id == what), None)
        if group is not None:
            numbers = rows_of(told.raw, what)
            told.rows[what] = [*numbers, max(numbers, default=-1) + 1][: group.most]
    elif verb == "retirer":
        name, _dash, number = what.rpartition("-")
        group = next((each for each in page.fields if each.type == "group" and each.id == name), None)
        if group is not None and number.isdecimal():
            for each in [each for each in told.raw if each.startswith(f"{name}-{int(number)}-")]:
                del told.raw[each]


def find_places(told: Posted, page: Page) -> None:
    """An address or a place that was typed is looked for, once: what was chosen before is believed as long as the text
    is the same. A place must be found, for it says who is in charge; an address may be anywhere in the world."""
    for each, name in fields_of(page, told.raw):
        if each.type in ("address", "place"):
            text = text_of(told, name)
            if chosen := text_of(told, f"{name}-choice"):
                _choose(told, name, chosen)
            elif text and text != text_of(told, f"{name}-known"):
                forget_place(told, name)
                _look_for(told, each, name, text)
            if each.type == "place" and text_of(told, f"{name}-lon"):
                _within(told, name)
            found = each.type == "address" or text_of(told, f"{name}-lon")
            told.raw[f"{name}-known"] = [text_of(told, name) if found else ""]


def text_of(told: Posted, name: str) -> str:
    """What was typed under this name, its spaces made plain."""
    return " ".join((told.raw.get(name) or [""])[0].split())


def forget_place(told: Posted, name: str) -> None:
    """An address that is another one than was known: what was known of it goes."""
    for part in ("id", "citycode", "lon", "lat"):
        told.raw.pop(f"{name}-{part}", None)


def _choose(told: Posted, name: str, chosen: str) -> None:
    lon, lat, label = [*chosen.split("|", 2), "", ""][:3]
    told.raw |= {name: [label[:200]], f"{name}-lon": [lon], f"{name}-lat": [lat]}


def _within(told: Posted, name: str) -> None:
    try:
        territory.place_at(lon=float(text_of(told, f"{name}-lon")), lat=float(text_of(told, f"{name}-lat")))
    except Refused as refusal:
        told.errors[name] = str(refusal.sentence)
    except ValueError:
        forget_place(told, name)


def _look_for(told: Posted, asked: Field, name: str, text: str) -> None:
    if asked.type == "address":
        look_for_address(told, name, text)
        return
    try:
        found = territory.find_place(text)
    except Refused as refusal:
        told.errors[name] = str(refusal.sentence)
        return
    if isinstance(found, territory.Place):
        if found.lon is None or found.lat is None:
            told.errors[name] = _("Dites plus précisément où : une adresse, un carrefour, le nom d’une place.")
        else:
            told.raw |= {name: [found.label], f"{name}-lon": [str(found.lon)], f"{name}-lat": [str(found.lat)]}
        return
    told.choices[name] = [
        {"label": each.label, "value": f"{each.lon}|{each.lat}|{each.label}"}
        for each in found.candidates
        if each.lon is not None
    ]
    told.errors[name] = found.sentence
    if found.candidates and not told.choices[name]:  # towns only: there is nothing to choose between
        told.errors[name] = _("Cette adresse est inconnue. Écrivez-la autrement, ou montrez l’endroit sur le plan.")


def look_for_address(told: Posted, name: str, text: str) -> None:
    """The address as the national base knows it, when it does; as it was typed, when it does not."""
    try:
        features = territory.search_addresses(q=text, limit=1)["features"]
    except Refused:
        return
    if features and features[0]["properties"]["score"] >= 0.9 and features[0]["properties"]["type"] != "municipality":
        properties = features[0]["properties"]
        lon, lat = features[0]["geometry"]["coordinates"][:2]
        told.raw |= {
            name: [properties["label"]], f"{name}-id": [properties["id"]],
            f"{name}-citycode": [properties["citycode"]], f"{name}-lon": [str(lon)], f"{name}-lat": [str(lat)],
        }  # fmt: skip


def own_files_only(told: Posted, page: Page, found: Opened | None) -> None:
    """Ids of files are believed when they are of this draft and of this question; those sent by the script and not
    named by the page are added."""
    pieces = [each for each in (of_draft(found.row) if found else ()) if each.ready]
    for each, name in fields_of(page, told.raw):
        if each.type == "file":
            mine = [piece.id for piece in pieces if piece.field == each.id]
            if name == each.id:
                told.raw[name] = mine
            else:
                told.raw[name] = [id for id in told.raw.get(name, ()) if id in mine]


def receive_files(request: HttpRequest, told: Posted, page: Page, found: Opened) -> None:
    """What was sent with the page is looked at and kept; a refusal is said beside its question."""
    for each, name in list(fields_of(page, told.raw)):
        if each.type != "file":
            continue
        for file in request.FILES.getlist(f"{name}-file")[:MOST]:
            try:
                count_upload(request)
                kept = attachments.attach(found=found, field=each, file=file, name=str(file.name or ""))
                told.raw.setdefault(name, []).append(str(kept.pk))
            except Refused as refusal:
                told.errors[name] = str(refusal.sentence)


def count_upload(request: HttpRequest) -> None:
    """Raises TooManyRequests: a disk is not filled by one network."""
    attempts.spend(
        what="request-file", who=accountable(client_address(request)), most=FILES_AN_HOUR, per=timedelta(hours=1)
    )


def as_raw(page: Page, answers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Kept answers as the page shows them again: dates in three boxes, commas in numbers."""
    raw: dict[str, list[str]] = {}
    for each in page.fields:
        raw |= forms.posted(each, answers.get(each.id), each.id)
    for asked, name in list(fields_of(page, raw)):
        told = raw.get(name)
        if not told or not told[0]:
            continue
        if asked.type == "date":
            year, month, day = told[0].split("-")
            raw |= {f"{name}-day": [str(int(day))], f"{name}-month": [str(int(month))], f"{name}-year": [year]}
        elif asked.type in ("number", "money"):
            raw[name] = [told[0].replace(".", _decimal_sign())]
        elif asked.type == "phone":
            raw[name] = [phone(told[0])]
    return raw


def _decimal_sign() -> str:
    return str(get_format("DECIMAL_SEPARATOR"))
