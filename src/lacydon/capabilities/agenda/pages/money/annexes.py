"""The agenda against the documents annexed to its votes: equal, or the gap line by line."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all

from ...errors import UnknownObject
from ...models import Annex
from ...queries.money import compared_with
from ...queries.money.annexes import Line
from ...queries.nouns import LegalAct
from ..plan.frame import Asked, asked, shown
from .board import TAB
from .words import euros, key_words


@open_to_all
@require_safe
def annexed(request: HttpRequest, act: str) -> HttpResponse:
    """Parameters: `le`, a past date."""
    given = asked(request)
    chart = given.moment.chart
    found = Annex.objects.filter(act=act).first()
    if found is None:
        raise UnknownObject(_("Aucun document annexé à cet acte n’a été reçu."))
    compared = compared_with(found, chart)
    context: dict[str, Any] = {
        "annex": found,
        "act": chart.get(LegalAct, act),
        "compared": compared,
        "annexed": euros(compared.annexed), "ours": euros(compared.ours), "gap": signed(compared.gap),
        "policies": [
            {
                "name": key_words(chart, "politique", each.policy), "annexed": euros(each.annexed),
                "ours": euros(each.ours), "gap": signed(each.gap) if each.gap else "",
                "wrong": any(not line.equal for line in each.lines),
                "lines": [_line(given, line) for line in each.lines],
            }
            for each in compared.policies
        ],
    }  # fmt: skip
    title = _("L’agenda et le document voté")
    return shown(given, "agenda/money/annex.html", context, title=title, tab=TAB)


def _line(given: Asked, each: Line) -> dict[str, Any]:
    if each.annexed is None:
        why = _("absente du document")
    elif each.ours is None:
        why = _("absente de l’agenda")
    elif each.elsewhere:
        why = _("sous une autre politique dans l’agenda : %s") % key_words(
            given.moment.chart, "politique", each.elsewhere
        )
    else:
        why = _("écart de %s") % signed(each.gap) if each.gap else ""
    return {
        "code": each.code, "annexed": euros(each.annexed), "ours": euros(each.ours), "why": why, "budget": each.budget,
        "href": given.to("agenda-money-line", id=each.budget.id) if each.budget else "",
    }  # fmt: skip


def signed(amount: Any) -> str:
    """« + 1 000 € »."""
    if not amount:
        return euros(amount)
    return f"{'+' if amount > 0 else '−'}\u00a0{euros(abs(amount))}"


urlpatterns = [path("agenda/budget/annexes/<slug:act>", annexed, name="agenda-money-annex")]
