"""A chart of a dataset: one that suits its columns, then the one that is chosen."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui import charts

from ..errors import TooMuch, UnknownColumn, WrongQuestion
from ..queries.drawing import charting, profiles
from . import looking
from .looking import Looked


@open_to_all
@require_safe
def chart(request: HttpRequest, id: str) -> HttpResponse:
    """`/donnees/<id>/graphique?…`: see queries/drawing/charting.py for what the address may say."""
    held = looking.looked(request, id, kind="chart")
    if not held.trouble and {"colonne", "valeur", "operation"} & set(request.GET):
        return HttpResponseRedirect(looking.address(held, kind="chart", asked=held.asked))
    try:
        context = of_page(held)
    except (TooMuch, WrongQuestion, UnknownColumn) as error:
        held = looking.wrong(held, error)
        context = of_page(held)
    return looking.show(request, "data/looking/chart.html", context, held=held, title=_("un graphique"))


def of_page(held: Looked, *, heading: str = "h2") -> dict[str, Any]:
    """What the template of the chart says."""
    asked = held.asked
    plan = charting.plan_of(asked)
    made = charting.chart_of(asked, plan, leads=lambda rows: looking.address(held, kind="table", asked=rows))
    choices = charting.comparable(asked)
    numbers = [each for each in held.table.columns if each.numeric]
    return {
        "figure": charts.figure(made, heading=heading),
        "drawing_title": made.title,
        "plan": plan,
        "compared": choices[: looking.CHOICES],
        "measures": (charting.measurable(asked) or numbers)[: looking.CHOICES],
        "grouped": [each for each in choices if charting.role_of(each) == "category"][: looking.CHOICES],
        "calculations": charting.CALCULATIONS.items(),
        "steps": charting.STEP_NAMES.items(),
        "forms": [each for each in charting.FORMS.items() if plan.role == "time" or each[0] != "courbe"],
        "firsts": (5, 10, 20, 40),
        "count": profiles.count(asked),
        "kept": [(name, text) for name, text in asked.pairs if name not in charting.CHART and name != "q"],
    }


urlpatterns = [path("donnees/<slug:id>/graphique", chart, name="data-chart")]
