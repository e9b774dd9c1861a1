"""One indicator: its value, its course, its target, and the proof of it, that anybody can ask again."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.data import public as data
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.texts import said

from ...models import Reading
from ...queries.indicators import gauge, readings
from ...queries.indicators.computing import proof
from ...queries.indicators.movements import movements
from ...queries.indicators.readings import Gauge
from ...queries.indicators.words import DIRECTIONS, FREQUENCIES, KINDS, QUALITIES, with_unit
from ...queries.nouns import Action, Axis, Indicator, LegalAct
from ..plan.frame import Asked, asked, page_number, shown
from ..plan.moves import move_told
from .drawing import by_part, course
from .listed import line_of

LISTED = 12
"""Readings on a page."""
MOVES = 6
"""The last times it moved."""


@open_to_all
@require_safe
def indicator(request: HttpRequest, id: str) -> HttpResponse:
    """Parameters: `recalculer`, number of a reading to compute again; `page`, of its readings; `le`, a past date."""
    given = asked(request)
    one = given.one(Indicator, id)
    stands = gauge(one, at=given.until)
    series = readings(id, at=given.until)
    number = request.GET.get("recalculer", "")
    last = max(1, -(-len(series) // LISTED))
    at = min(page_number(request), last)
    context: dict[str, Any] = {
        "one": one,
        "line": line_of(given, stands, series),
        "value": with_unit(stands.value, one),
        "kind": KINDS[one.kind],
        "direction": DIRECTIONS[one.direction],
        "frequency": FREQUENCIES[one.frequency],
        "owner": _owner(one),
        "base": with_unit(one.baseline.value, one) if one.baseline else "",
        "targets": list(_targets(given, one)),
        "course": course(stands, series),
        "parts": by_part(stands, list(_parts(stands))),
        "axes": [
            (each.title, given.to("agenda-axis", id=each.id)) for each in given.moment.chart.axes if _is_of(each, one)
        ],
        "actions": [
            (found.title, given.to("agenda-action", id=name))
            for name in one.actions
            if (found := given.moment.chart.get(Action, name)) is not None
        ],
        "evidence": _evidence(stands.reading) if stands.reading else None,
        "rows": [
            (each, with_unit(each.value, one), QUALITIES[each.quality], _again(given, each))
            for each in series[::-1][(at - 1) * LISTED : at * LISTED]
        ],
        "moves": [move_told(given, each) for each in movements([id], limit=MOVES, until=given.until)],
        "number": at, "total": last, "more": at < last, "query": given.keep[1:],
        "history": given.to("agenda-history", kind="indicator", id=id),
    }  # fmt: skip
    status = 200
    if number:
        context["asked"], status = _asked(id, number, one)
    response = shown(
        given, "agenda/indicators/one.html", context, title=said(one.title), description=said(one.definition),
        tab="agenda-indicators",
    )  # fmt: skip
    if status != 200:
        response.status_code = status
    return response


def _asked(id: str, number: str, one: Indicator) -> tuple[dict[str, Any], int]:
    """What computing a reading again says: in green, in red, or why it cannot."""
    found = None
    if number.isascii() and number.isdigit() and len(number) < 9:
        found = Reading.objects.filter(indicator=id, number=int(number)).first()
    if found is None:
        return {"trouble": _("Cet indicateur n’a pas de valeur numéro %s.") % number[:20]}, 404
    try:
        proven = proof(found)
    except Refused as refusal:
        return {"trouble": refusal.sentence}, refusal.status
    return {
        "reading": found, "proof": proven, "kept": with_unit(found.value, one), "again": with_unit(proven.value, one),
    }, 200  # fmt: skip


def _evidence(reading: Reading) -> dict[str, Any]:
    """Where the value comes from, one click from it."""
    told: dict[str, Any] = {"reading": reading, "quality": QUALITIES[reading.quality]}
    if reading.dataset:
        try:
            told["dataset"] = data.dataset(reading.dataset)
        except data.UnknownDataset:
            told["dataset"] = None
        told["ask"] = f"{reverse('data-sql')}?{urlencode({'q': reading.query})}"
    return told


def _again(given: Asked, reading: Reading) -> str:
    """Where this value is computed again; empty when it was not computed by a question."""
    if not reading.query:
        return ""
    return given.to("agenda-indicator", {"recalculer": reading.number}, id=reading.indicator) + "#preuve"


def _targets(given: Asked, one: Indicator) -> Iterator[tuple[str, Any, Any, str]]:
    for each in sorted(one.targets, key=lambda target: target.date):
        act = given.moment.chart.get(LegalAct, each.act) if each.act else None
        yield with_unit(each.value, one), each.date, act, given.to("agenda-act", id=act.id) if act else ""


def _parts(stands: Gauge) -> Iterator[tuple[str, Decimal | None]]:
    """Named, when they are communes."""
    if stands.reading is None:
        return
    names = {each.code: each.name for each in territory.communes()}
    for name, told in stands.reading.cells.items():
        yield names.get(name, name), None if told is None else Decimal(told)


def _owner(one: Indicator) -> str:
    if not one.owner:
        return ""
    return next((said(each.name) for each in territory.authorities() if each.id == one.owner), one.owner)


def _is_of(axis: Axis, one: Indicator) -> bool:
    return one.id in axis.outcomes


urlpatterns = [path("agenda/indicateurs/<slug:id>", indicator, name="agenda-indicator")]
