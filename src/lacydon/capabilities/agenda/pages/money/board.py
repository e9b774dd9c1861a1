"""The money of the agenda: what was voted, what of it is engaged and paid, who else pays; each figure has its lines."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.charts import Chart as Drawing
from lacydon.kernel.ui.charts import Series, figure

from ...queries.money import BY, gaps, grouped, shares, whole, years
from ...queries.money.totals import By, YearSum
from ...queries.nouns import Budget
from ...queries.plan.words import FUNDERS
from ..plan.cards import about
from ..plan.frame import Asked, asked, shown
from .words import CUTS, euros, key_words, meter, percent

TAB = "agenda-money"
OTHERS: Mapping[str, Any] = {"annee": _l("Année par année"), "financeur": _l("Qui d’autre finance")}
"""Looks of another kind at the same money."""


def cut_of(typed: str) -> By:
    return next((each for each in BY if each == typed), BY[0])


@open_to_all
@require_safe
def money(request: HttpRequest) -> HttpResponse:
    """Parameters: `par`, one of BY or OTHERS; `le`, a past date."""
    given = asked(request)
    chart, typed = given.moment.chart, request.GET.get("par", "")
    by, other = cut_of(typed), typed if typed in OTHERS else ""
    all_, courses = whole(chart), years(chart)
    groups = grouped(chart, by)
    running = next((each for each in courses if each.year == given.moment.day.year), None)
    context: dict[str, Any] = {
        "any": bool(groups),
        "whole": all_,
        "euros": {name: euros(getattr(all_, name)) for name in ("voted", "engaged", "paid", "first", "credits")},
        "figures": _figures(given, running),
        "bar": meter(all_, name="all"),
        "running": _year(running) if running else None,
        "cuts": [
            (words, given.to(TAB, {"par": name}), name == (other or by))
            for name, words in ({name: words[0] for name, words in CUTS.items()} | dict(OTHERS)).items()
        ],
        "other": other,
        "column": CUTS[by][1],
        "rows": [
            {
                "name": key_words(chart, by, each.key),
                "href": given.to("agenda-money-lines", {"par": by, "cle": each.key or "-"}),
                "voted": euros(each.money.voted), "engaged": euros(each.money.engaged), "paid": euros(each.money.paid),
                "share": each.money.share,
            }
            for each in groups
        ],
        "years": figure(_drawn(given, courses), name="years", heading="h3") if courses and other == "annee" else "",
        "funders": [
            {
                "name": FUNDERS[each.funder], "asked": euros(each.asked), "granted": euros(each.granted),
                "received": euros(each.received), "share": percent(each.received, each.granted),
                "href": given.to("agenda-money-lines", {"financeur": each.funder}),
            }
            for each in shares(chart)
        ],
        "annexes": gaps(chart) if not given.moment.past else (),
    }  # fmt: skip
    return shown(
        given, "agenda/money/board.html", context, title=_("L’argent de l’agenda"), tab=TAB,
        description=_("Ce qui a été voté, engagé et payé pour l’agenda numérique, politique par politique."),
    )  # fmt: skip


def _figures(given: Asked, running: YearSum | None) -> list[dict[str, Any]]:
    chart = given.moment.chart
    all_, lines = whole(chart), len(chart.all(Budget))
    engaged, every = percent(all_.engaged, all_.voted), given.to("agenda-money-lines")
    found = [
        {
            "figure": about(all_.voted), "label": _("votés : ce qui peut être engagé"), "href": every, "icon": "euro",
            "detail": ngettext("%d autorisation", "%d autorisations", lines) % lines,
        },
        {
            "figure": about(all_.engaged), "label": _("engagés : commandés ou promis par contrat"), "icon": "doc",
            "href": every, "detail": _("%d %% de ce qui est voté") % engaged if engaged is not None else "",
        },
        {
            "figure": about(all_.paid), "label": _("payés"), "href": every, "icon": "check",
            "detail": _("%d %% de ce qui est voté") % all_.share if all_.share is not None else "",
        },
    ]  # fmt: skip
    if all_.granted:
        found.append(
            {
                "figure": about(all_.granted), "label": _("accordés par d’autres financeurs"), "icon": "hand",
                "href": given.to(TAB, {"par": "financeur"}) + "#repartition",
                "detail": _("dont %s reçus") % about(all_.received),
            }
        )  # fmt: skip
    elif running:
        found.append(
            {
                "figure": f"{running.share or 0}\u00a0%", "label": _("des crédits de l’année payés"), "icon": "clock",
                "href": given.to(TAB, {"par": "annee"}) + "#repartition", "detail": "",
            }
        )  # fmt: skip
    return found


def _year(each: YearSum) -> dict[str, Any]:
    behind = each.elapsed - (each.share or 0)
    return {
        "year": each.year, "credits": euros(each.credits), "engaged": euros(each.engaged), "paid": euros(each.paid),
        "share": each.share, "elapsed": each.elapsed, "as_of": each.as_of, "behind": behind if behind > 10 else 0,
        "paid_about": about(each.paid), "credits_about": about(each.credits),
    }  # fmt: skip


def _drawn(given: Asked, courses: tuple[YearSum, ...]) -> Drawing:
    return Drawing(
        kind="lines",
        title=_("Crédits de paiement et paiements, année par année"),
        axis=_("Année"),
        measure=_("Euros"),
        unit="€",
        labels=[str(each.year) for each in courses],
        links=[given.to("agenda-money-lines", {"annee": each.year}) for each in courses],
        series=[
            Series(name=_("Crédits ouverts"), values=[float(each.credits) for each in courses]),
            Series(name=_("Engagé"), values=[float(each.engaged) for each in courses]),
            Series(name=_("Payé"), values=[float(each.paid) for each in courses]),
        ],
    )


urlpatterns = [path("agenda/budget", money, name=TAB)]
