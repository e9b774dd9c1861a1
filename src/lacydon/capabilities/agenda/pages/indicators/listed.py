"""All the indicators: what each says now, whether it can be trusted, how far the target is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all

from ...models import Reading
from ...queries.indicators import gauges, series
from ...queries.indicators.readings import Gauge
from ...queries.indicators.words import KINDS, QUALITIES, STATES, amount, state_of, with_unit
from ...queries.nouns import Action, Axis, Indicator
from ..plan.frame import Asked, asked, page_number, shown
from .drawing import spark

ICONS = {
    "atteint": "check", "en-chemin": "arrow", "manque": "alert", "suivi": "chart", "depart": "flag", "vide": "none",
    "tu": "shield", "perime": "clock",
}  # fmt: skip
ORDER = ("perime", "manque", "en-chemin", "atteint", "suivi", "tu", "depart", "vide")
"""What asks for a look first, what nobody measured last."""
PAGE = 16
"""Indicators on a page."""
LOOKS = {"atteint": "good", "manque": "bad"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A gauge as a line of the list."""

    gauge: Gauge
    address: str
    amount: str
    state: str
    word: Any
    icon: str
    look: str
    target: str
    note: Any
    spark: SafeString


@open_to_all
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """Parameters: `axe`, `genre`, `etat`; `page`; `le`, a past date."""
    given = asked(request)
    chart = given.moment.chart
    chosen = {name: request.GET.get(name, "")[:80] for name in ("axe", "genre", "etat")}
    every = chart.all(Indicator)
    standing = gauges(every, at=given.until)
    wanted = [each for each in every if _is_wanted(given, each, chosen)]
    states = {each.id: state_of(standing[each.id]) for each in wanted}
    kept = [each for each in wanted if not chosen["etat"] or _is_in(states[each.id], chosen["etat"])]
    kinds = list(KINDS)
    kept.sort(key=lambda each: (kinds.index(each.kind), ORDER.index(states[each.id])))
    last = max(1, -(-len(kept) // PAGE))
    number = min(page_number(request), last)
    held = kept[(number - 1) * PAGE : number * PAGE]
    courses = series([each.id for each in held], at=given.until)
    lines = [line_of(given, standing[each.id], courses.get(each.id, ())) for each in held]
    context: dict[str, Any] = {
        "groups": [
            (label, found)
            for kind, label in KINDS.items()
            if (found := [line for line in lines if line.gauge.indicator.kind == kind])
        ],
        "found": len(kept),
        "number": number, "total": last, "more": number < last,
        "query": urlencode({name: each for name, each in (chosen | {"le": given.moment.le}).items() if each}),
        "all": len(every),
        "sums": list(_sums(given, standing.values())),
        "chosen": chosen,
        "any": any(chosen.values()),
        "axes": [(each.id, each.title) for each in chart.axes],
        "kinds": list(KINDS.items()),
        "states": [("mesure", _("Mesuré, à jour")), ("gris", _("En gris")), *STATES.items()],
    }  # fmt: skip
    return shown(
        given, "agenda/indicators/list.html", context, title=_("Les indicateurs"), tab="agenda-indicators",
        description=_("Ce que l’agenda change, mesuré : chaque valeur avec sa preuve, sa cible et sa date."),
    )  # fmt: skip


def line_of(given: Asked, gauge: Gauge, course: Iterable[Reading]) -> Shown:
    """A gauge in words."""
    one, state = gauge.indicator, state_of(gauge)
    target = ""
    if gauge.target is not None:
        target = _("cible : %(value)s en %(year)s") % {
            "value": with_unit(gauge.target.value, one), "year": gauge.target.date.year,
        }  # fmt: skip
    return Shown(
        gauge=gauge,
        address=given.to("agenda-indicator", id=one.id),
        amount=amount(gauge.value, one),
        state=state,
        word=STATES[state],
        icon=ICONS[state],
        look=LOOKS.get(state, ""),
        target=target,
        note=QUALITIES[gauge.quality] if gauge.estimate else "",
        spark=spark(gauge, tuple(course)),
    )


def _is_wanted(given: Asked, each: Indicator, chosen: Mapping[str, str]) -> bool:
    if chosen["genre"] and each.kind != chosen["genre"]:
        return False
    return not chosen["axe"] or chosen["axe"] in _axes_of(given)[each.id]


def _axes_of(given: Asked) -> Mapping[str, frozenset[str]]:
    """The axes an indicator speaks of: those whose success it shows, and those of its actions."""
    chart = given.moment.chart
    found: dict[str, set[str]] = defaultdict(set)
    for axis in chart.all(Axis):
        for name in axis.outcomes:
            found[name].add(axis.id)
    for each in chart.all(Indicator):
        for name in each.actions:
            action = chart.get(Action, name)
            found[each.id] |= {share.axis for share in action.axes} if action else set()
    return defaultdict(frozenset, {name: frozenset(axes) for name, axes in found.items()})


def _is_in(state: str, wanted: str) -> bool:
    if wanted == "gris":
        return state in ("perime", "depart", "vide")
    if wanted == "mesure":
        return state not in ("perime", "depart", "vide")
    return state == wanted


def _sums(given: Asked, standing: Iterable[Gauge]) -> Iterable[tuple[int, Any, str, str]]:
    """How many, what of, the icon, where to see which."""
    states = [state_of(each) for each in standing]
    for wanted, label, icon in (
        ("mesure", _("mesurés et à jour"), "chart"),
        ("atteint", _("ont atteint leur cible"), "check"),
        ("en-chemin", _("sont en chemin"), "arrow"),
        ("gris", _("en gris : périmés, ou jamais mesurés ici"), "clock"),
    ):
        many = sum(_is_in(state, wanted) for state in states)
        yield many, label, icon, given.to("agenda-indicators", {"etat": wanted})


urlpatterns = [path("agenda/indicateurs", indicators, name="agenda-indicators")]
