"""What changes in the agenda, and the history of one object: when, who (role and organisation), why, by which act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said

from ...queries.indicators.movements import measurings, movements
from ...queries.nouns import Indicator
from ...queries.plan.history import Step, Writing, history, lately, who_words, writings
from ...queries.plan.words import KINDS
from ..tabs import maybe
from .frame import FEED, Asked, asked, page_number, shown
from .moves import MOVED, moves_told

PER_PAGE = 8
STEPS = 20
PAGES = {
    "action": "agenda-action", "axis": "agenda-axis", "lever": "agenda-lever", "act": "agenda-act",
    "indicator": "agenda-indicator", "evaluation": "agenda-evaluation", "experience": "agenda-experience",
    "kit": "agenda-kit",
}  # fmt: skip
"""Where the page of an object is, by kind; some are there only when their part of the agenda is."""


@open_to_all
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Parameters: `page`, `le`."""
    given = asked(request)
    number = page_number(request)
    first = (number - 1) * PER_PAGE
    moments = [] if given.moment.rebuilt else _moments(given, first + PER_PAGE + 1)
    context: dict[str, Any] = {
        "writings": _entries(given, moments, first=first),
        "number": number,
        "more": len(moments) > first + PER_PAGE,
        "query": urlencode({"le": given.moment.le}) if given.moment.past else "",
    }
    return shown(
        given, "agenda/plan/changes.html", context, title=_("Ce qui change dans l’agenda"), part="agenda-changes",
        description=_("Chaque changement de l’agenda numérique : quand, pourquoi, par quel acte."),
    )  # fmt: skip


def _moments(given: Asked, many: int) -> list[tuple[datetime, bool]]:
    """(when, whether something was written: else indicators were measured), the latest first."""
    written = [(at, True) for at, _many in lately(limit=many, until=given.moment.chart.at)]
    measured = [(at, False) for at in measurings(indicators=_public(given), limit=many, until=given.until)]
    return sorted((*written, *measured), reverse=True)[:many]


def _entries(given: Asked, moments: Sequence[tuple[datetime, bool]], *, first: int) -> list[dict[str, Any]]:
    """What the page tells of the moments it shows."""
    shown = moments[first : first + PER_PAGE]
    before, here = (sum(written for _at, written in part) for part in (moments[:first], shown))
    among = given.moment.chart
    texts = {
        each.at: each for each in writings(among=among, limit=here, offset=before, until=given.moment.chart.at)
    } if here else {}  # fmt: skip
    measured = [at for at, written in shown if not written]
    moves = movements(_public(given), limit=MOVED * PER_PAGE, at=measured) if measured else []
    found = []
    for at, written in shown:
        if written and at in texts:
            found.append(_written(given, texts[at]))
        elif not written:
            found.append(moves_told(given, [each for each in moves if each.at == at]))
    return found


def _public(given: Asked) -> list[str]:
    return [each.id for each in given.moment.chart.all(Indicator)]


def _written(given: Asked, each: Writing) -> dict[str, Any]:
    return {
        "at": each.at, "writing": each, "who": who_words(each.doer),
        "act": (each.act, given.to("agenda-act", id=each.act.id)) if each.act else None,
        "steps": [(step, KINDS[step.kind], address_of(step, given)) for step in each.steps],
        "open": each.count <= 3,
    }  # fmt: skip


@open_to_all
@require_safe
def one_history(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    """The history of one object. Parameters: `page`, `le`."""
    given = asked(request)
    steps = history(kind, id, among=given.moment.chart, until=given.moment.chart.at)
    last = max(1, -(-len(steps) // STEPS))
    number = min(page_number(request), last)
    title = said(steps[0].title)
    context: dict[str, Any] = {
        "name": title,
        "kind": KINDS[kind],
        "object": address_of(steps[0], given) if steps[0].verb != "removed" else "",
        "steps": [
            (each, who_words(each.doer), (each.act, given.to("agenda-act", id=each.act.id)) if each.act else None)
            for each in steps[(number - 1) * STEPS :][:STEPS]
        ],
        "number": number,
        "total": last,
        "more": number < last,
        "query": urlencode({"le": given.moment.le}) if given.moment.past else "",
        "feed": f"{FEED}?{urlencode({'objet': f'{kind}:{id}'})}",
    }
    return shown(given, "agenda/plan/history.html", context, title=_("Histoire de « %s »") % title)


def address_of(step: Step, given: Asked) -> str:
    """The page of what changed, or its history when it is gone or has no page of its own."""
    if step.verb != "removed" and step.kind in PAGES and (step.kind, step.id) in given.moment.chart.objects:
        found = maybe(PAGES[step.kind], id=step.id)
        if found:
            return found + given.keep
    return given.to("agenda-history", kind=step.kind, id=step.id)


urlpatterns = [
    path("agenda/changements", changes, name="agenda-changes"),
    path("agenda/historique/<slug:kind>/<slug:id>", one_history, name="agenda-history"),
]
