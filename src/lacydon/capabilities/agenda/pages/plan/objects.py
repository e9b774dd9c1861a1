"""An axis, a lever, and the other plans that the agenda feeds."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said

from ...queries.nouns import Action, Axis, Indicator, LegalAct, Lever, LinkedPlan
from ...queries.plan.overview import summed
from ...queries.plan.promises import promises
from ...queries.plan.words import GOALS
from ..tabs import maybe
from .cards import Card, about, bar_of, card_of, kept_words, told, words_of
from .frame import Asked, asked, shown

MOST = 9
"""Actions listed on the page of an axis; the whole list is one press away."""
GROUPS = ("red", "orange", "going", "coming", "done", "over")
NEXT = 4


@open_to_all
@require_safe
def axis(request: HttpRequest, id: str) -> HttpResponse:
    """An axis: what it is for, how it goes, its actions."""
    given = asked(request)
    found = given.one(Axis, id)
    chart = given.moment.chart
    actions = chart.actions_of_axis.get(id, ())
    outcomes = [indicator for name in found.outcomes if (indicator := chart.get(Indicator, name))]
    context = _of(given, actions) | {
        "axis": found,
        "goals": [(each, GOALS.get(each.partition(".")[0], "")) for each in found.sdg],
        "outcomes": [(each, maybe("agenda-indicator", id=each.id)) for each in outcomes],
        "parts": [each for each in chart.axes if each.parent == id],
        "all": given.to("agenda-actions", {"axe": id}),
    }
    return shown(
        given, "agenda/plan/axis.html", context, title=said(found.title), description=said(found.ambition)
    )  # fmt: skip


@open_to_all
@require_safe
def lever(request: HttpRequest, id: str) -> HttpResponse:
    """A lever: what it is, and the actions that pull it."""
    given = asked(request)
    found = given.one(Lever, id)
    actions = tuple(each for each in given.moment.chart.all(Action) if id in each.levers)
    context = _of(given, actions) | {"lever": found, "all": given.to("agenda-actions", {"levier": id})}
    return shown(
        given, "agenda/plan/lever.html", context, title=said(found.title), description=said(found.description)
    )  # fmt: skip


@open_to_all
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """The other plans of the territory, and what the agenda does for each."""
    given = asked(request)
    chart = given.moment.chart
    feeding: dict[str, list[Action]] = {}
    for each in chart.all(Action):
        for name in each.plans:
            feeding.setdefault(name, []).append(each)
    listed: list[dict[str, Any]] = [
        {
            "plan": each,
            "act": chart.get(LegalAct, each.adopted_by) if each.adopted_by else None,
            "cards": [card_of(action, given) for action in feeding.get(each.id, ())[:NEXT]],
            "more": max(0, len(feeding.get(each.id, ())) - NEXT),
            "all": given.to("agenda-actions", {"plan": each.id}),
        }
        for each in chart.all(LinkedPlan)
    ]
    listed.sort(key=lambda each: (not each["cards"], said(each["plan"].title)))
    return shown(
        given, "agenda/plan/plans.html", {"plans": listed}, title=_("Les autres plans que l’agenda nourrit"),
        part="agenda-plans",
    )  # fmt: skip


def _of(given: Asked, actions: Sequence[Action]) -> dict[str, Any]:
    """What a page about some actions says of them: their sum, their promises, the actions by how they go."""
    mine = {each.id for each in actions}
    kept = [each for each in promises(given.moment.chart, given.moment.day) if each.action.id in mine]
    sum = summed(given.moment.chart, actions, kept)
    healthy = not given.moment.rebuilt
    coming = [each for each in kept if each.verdict in ("slipping", "coming")]
    return {
        "sum": sum,
        "bar": bar_of(sum, name="bar", healthy=healthy),
        "words": words_of(sum, healthy=healthy),
        "kept_words": kept_words(sum.tally),
        "voted": about(sum.money.voted) if sum.money.voted else "",
        "share": sum.money.share,
        "groups": list(_groups(actions, given)),
        "more": max(0, len(actions) - MOST),
        "next": [told(each, given) for each in coming[:NEXT]],
        "promises": given.to("agenda-promises"),
    }


def _groups(actions: Iterable[Action], given: Asked) -> Iterable[tuple[Any, list[Card]]]:
    """What needs attention first, then what goes well, then what is done; no more than a page holds."""
    titles = {
        "red": _("En difficulté"), "orange": _("À surveiller"), "going": _("En cours"), "coming": _("À venir"),
        "done": _("Réalisées"), "over": _("Arrêtées"),
    }  # fmt: skip
    by: dict[str, list[Action]] = {}
    for each in actions:
        by.setdefault(_group(each, healthy=not given.moment.rebuilt), []).append(each)
    room = MOST
    for group in GROUPS:
        found = sorted(by.get(group, ()), key=lambda each: (each.priority, each.code))[:room]
        room -= len(found)
        if found:
            yield titles[group], [card_of(each, given) for each in found]


def _group(each: Action, *, healthy: bool) -> str:
    if each.status in ("en-cours", "en-pause"):
        return {"rouge": "red", "orange": "orange"}.get(each.health, "going") if healthy else "going"
    return {"realisee": "done", "abandonnee": "over"}.get(each.status, "coming")


urlpatterns = [
    path("agenda/axes/<slug:id>", axis, name="agenda-axis"),
    path("agenda/leviers/<slug:id>", lever, name="agenda-lever"),
    path("agenda/plans", plans, name="agenda-plans"),
]
