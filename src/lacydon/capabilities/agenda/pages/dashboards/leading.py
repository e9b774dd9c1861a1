"""What who leads projects looks at: their organisation's promises, decisions, risks and money."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.ui.shown import show

from ...queries.dashboards.places import led_by
from ...queries.indicators import gauges
from ...queries.plan.differences import owner_name
from ..money.words import meter, money_words
from ..plan.cards import about, bar_of, kept_words, told, words_of
from ..tabs import maybe
from .blocks import link, stuck_told
from .screen import head, inside

HERE, RED, MOST = "agenda-leading", 8, 12


@needs("agenda.write")
@require_safe
def leading(request: HttpRequest) -> HttpResponse:
    """Those of the organisation of who looks."""
    given = inside(request)
    chart, day = given.moment.chart, given.moment.day
    authority: str = request.actor.organisation  # type: ignore[attr-defined]
    found = led_by(chart, authority, day)
    stale = [each for each in gauges(found.indicators).values() if each.stale]
    context: dict[str, Any] = {
        "owner": owner_name(authority), "found": found, "bar": bar_of(found.sum, name="actions"),
        "words": words_of(found.sum), "kept": kept_words(found.sum.tally),
        "late": [(told(each, given), link(given, each.action), _edit(each.action.id)) for each in found.late[:MOST]],
        "late_all": len(found.late),
        "next": [(told(each, given), link(given, each.action), _edit(each.action.id)) for each in found.next[:MOST]],
        "decisions": [(each, one, one.by < day, link(given, each)) for each, one in found.decisions],
        "stuck": [stuck_told(given, each) for each in found.stuck[:RED]],
        "risks": [(each, weight, title, link(given, each)) for each, weight, title in found.risks],
        "money": money_words(found.money) if found.budgets else "", "meter": meter(found.money, name="money"),
        "running": found.running, "paid": about(found.running.paid) if found.running else "",
        "credits": about(found.running.credits) if found.running else "",
        "stale": [(each, given.to("agenda-indicator", id=each.indicator.id)) for each in stale],
        "writing": maybe("agenda-writing"),
    }  # fmt: skip
    title = _("Mes projets de l’agenda")
    return show(
        request, "agenda/dashboards/leading.html", context, title=title, section="agent", here=HERE, head=head()
    )


def _edit(id: str) -> str:
    return maybe("agenda-writing-edit", kind="actions", id=id)


urlpatterns = [path("agents/agenda/mes-projets", leading, name="agenda-leading")]
