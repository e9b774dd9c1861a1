"""Where those who keep the agenda look after its indicators: what is stale, measuring again, accepting columns."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lacydon.kernel.access import Actor
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ...actions.indicators.measuring import Measured, accept_columns, measure
from ...queries.chart import chart
from ...queries.indicators import gauges
from ...queries.indicators.staleness import SCHEMA
from ...queries.indicators.words import STATES, state_of, with_unit
from ...queries.nouns import Indicator
from ..house import needs_in_the_house

HERE = "agenda-indicators"


@needs_in_the_house("agenda.steer")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Those that wait for somebody first."""
    every = chart().all(Indicator)
    found = []
    for each in gauges(every).values():
        found.append(
            {
                "gauge": each,
                "value": with_unit(each.value, each.indicator) if each.value is not None else "–",
                "word": STATES[state_of(each)],
                "computable": each.indicator.source is not None,
                "columns": each.stale == SCHEMA,
            }
        )
    found.sort(key=lambda each: (not each["gauge"].stale, not each["computable"], each["gauge"].indicator.id))
    context: dict[str, Any] = {"lines": found, "stale": sum(bool(each["gauge"].stale) for each in found)}
    return show(
        request, "agenda/indicators/desk.html", context, title=_("Indicateurs de l’agenda"), section="agent", here=HERE
    )


@needs_in_the_house("agenda.steer")
@require_POST
def measure_all(request: HttpRequest) -> HttpResponse:
    """All of them, now."""
    return _told(request, lambda: measure(actor=_actor(request)))


@needs_in_the_house("agenda.steer")
@require_POST
def measure_one(request: HttpRequest, id: str) -> HttpResponse:
    """One, whatever it read last."""
    chart().one(Indicator, id)
    return _told(request, lambda: measure(indicators=[id], actor=_actor(request), anew=True))


@needs_in_the_house("agenda.steer")
@require_POST
def accept(request: HttpRequest, id: str) -> HttpResponse:
    """Its dataset has other columns, and its question still says what is meant."""
    return _told(request, lambda: accept_columns(indicator=id, actor=_actor(request)))


def _told(request: HttpRequest, act: Callable[[], Measured]) -> HttpResponse:
    try:
        found = act()
    except Refused as refusal:
        return troubled(request, refusal.sentence, "indicators-desk")
    many = ngettext("%d indicateur regardé.", "%d indicateurs regardés.", found.asked) % found.asked
    moved = (
        ngettext("%d valeur a changé.", "%d valeurs ont changé.", found.moved) % found.moved
        if found.moved
        else _("Aucune valeur n’a changé.")
    )
    stale = ngettext("%d est périmé.", "%d sont périmés.", found.stale) % found.stale if found.stale else ""
    return done(request, " ".join(each for each in (many, moved, stale) if each), "indicators-desk")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def address() -> str:
    return reverse("indicators-desk")


urlpatterns = [
    path("agent/agenda/indicateurs", desk, name="indicators-desk"),
    path("agent/agenda/indicateurs/mesurer", measure_all, name="indicators-measure"),
    path("agent/agenda/indicateurs/<slug:id>/mesurer", measure_one, name="indicator-measure"),
    path("agent/agenda/indicateurs/<slug:id>/accepter", accept, name="indicator-accept"),
]
