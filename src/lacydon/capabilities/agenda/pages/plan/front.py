"""The front of the agenda: what was voted, what is kept of it, axis by axis; made to be read."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.charts import printed
from lacydon.kernel.ui.kept import kept

from ...queries.learning.report import years_reported
from ...queries.nouns import Action, LegalAct, Lever
from ...queries.plan.history import frozen_versions, lately
from ...queries.plan.overview import Overview, overview
from ...queries.plan.twin import FIELDS
from ..tabs import maybe
from .cards import about, bar_of, card_of, kept_words, words_of
from .frame import Asked, asked, shown

RED, CHANGES = 4, 4


@open_to_all
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Parameter: `le`, a past date."""
    if request.GET:
        return _page(request)
    return kept(request, lambda: _page(request), of="agenda")


def _page(request: HttpRequest) -> HttpResponse:
    given = asked(request)
    chart, healthy = given.moment.chart, not given.moment.rebuilt
    found = chart.agenda()
    seen = overview(chart, given.moment.day)
    red = [each for each in chart.all(Action) if each.status == "en-cours" and each.health == "rouge"]
    red.sort(key=lambda each: (each.priority, each.code))
    context: dict[str, Any] = {
        "agenda": found,
        "act": chart.get(LegalAct, found.adopted_by) if found else None,
        "figures": _figures(seen, given) if found else (),
        "axes": [
            {
                "axis": part.axis,
                "sum": part.sum,
                "href": given.to("agenda-axis", id=part.axis.id),
                "bar": bar_of(part.sum, name=f"b{n}", healthy=healthy),
                "words": words_of(part.sum, healthy=healthy),
                "kept": kept_words(part.sum.tally),
            }
            for n, part in enumerate(seen.parts)
            if part.axis.parent is None
        ],
        "levers": sorted(chart.all(Lever), key=lambda each: each.order),
        "red": [card_of(each, given) for each in red[:RED]] if healthy else (),
        "changes": lately(limit=CHANGES, until=chart.at) if found and healthy else (),
        "versions": frozen_versions(found.id, until=chart.at) if found else (),
        "withheld": withheld(given),
        "report": given.moment.day.year if given.moment.day.year in years_reported(chart) else None,
    }
    return shown(
        given, "agenda/plan/front.html", context, title=_("Agenda numérique"), part="agenda",
        description=_("Ce qui a été voté pour le numérique de %s, et où cela en est.") % territory.territory_name(),
    )  # fmt: skip


def _figures(seen: Overview, given: Asked) -> list[dict[str, Any]]:
    """Four figures, each leading to what it is made of."""
    whole, tally = seen.whole, seen.whole.tally
    communes = len(territory.communes())
    found = [
        {
            "figure": f"{tally.done} / {tally.due}" if tally.due else "–",
            "label": _("promesses tenues, parmi celles dont la date est passée"),
            "detail": ngettext("dont %d à l’heure", "dont %d à l’heure", tally.kept) % tally.kept if tally.due else "",
            "href": given.to("agenda-promises"),
            "icon": "check",
        },
        {
            "figure": printed(whole.count),
            "label": ngettext("action", "actions", whole.count),
            "detail": ", ".join(words_of(whole, healthy=not given.moment.rebuilt)[:2]),
            "href": given.to("agenda-actions"),
            "icon": "flag",
        },
        {
            "figure": printed(len(seen.communes)),
            "label": ngettext("commune où l’agenda agit", "communes où l’agenda agit", len(seen.communes)),
            "detail": _("sur %d ; le reste vaut pour toutes") % communes if communes else "",
            "href": given.to("agenda-map"),
            "icon": "commune",
        },
    ]
    if whole.money.voted:
        share = whole.money.share
        found.insert(
            2,
            {
                "figure": about(whole.money.voted),
                "label": _("votés pour ces actions"),
                "detail": _("dont %d %% payés") % share if share is not None else "",
                "href": maybe("agenda-money") or given.to("agenda-actions"),
                "icon": "euro",
            },
        )
    return found


def withheld(given: Asked) -> dict[str, Any]:
    """What the public twin keeps back, in words: so many objects of each kind, these fields."""
    nouns = {
        "action": lambda many: ngettext("%d action", "%d actions", many),
        "budget": lambda many: ngettext("%d ligne de crédits", "%d lignes de crédits", many),
        "indicator": lambda many: ngettext("%d indicateur", "%d indicateurs", many),
        "evaluation": lambda many: ngettext("%d évaluation", "%d évaluations", many),
        "experience": lambda many: ngettext("%d retour d’expérience", "%d retours d’expérience", many),
    }
    objects = []
    for kind, many in sorted(given.moment.withheld.items()):
        words = nouns.get(kind, lambda many: ngettext("%d autre objet", "%d autres objets", many))(many)
        objects.append(words % many)
    fields = [
        {"what": FIELDS[kind][name][0], "why": FIELDS[kind][name][1], "many": many}
        for (kind, name), many in sorted(given.moment.fields.items())
    ]
    every = [{"what": what, "why": why, "many": 0} for of in FIELDS.values() for what, why in of.values()]
    return {"objects": objects, "fields": fields or every, "none": not objects and not fields}


urlpatterns = [path("agenda", agenda, name="agenda")]
