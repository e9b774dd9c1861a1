"""A legal act: what it commits to, and what it changed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said

from ...queries.nouns import Action, Agenda, Budget, LegalAct, LinkedPlan
from ...queries.plan.history import frozen_versions
from ...queries.plan.overview import money
from .cards import card_of, euros
from .frame import asked, shown

MOST = 12


@open_to_all
@require_safe
def act(request: HttpRequest, id: str) -> HttpResponse:
    """One act: number, day, who took it, its text, and every commitment that rests on it."""
    given = asked(request)
    found = given.one(LegalAct, id)
    chart = given.moment.chart
    decided = [each for each in chart.all(Action) if each.decided_by == id]
    revised = [
        (each, revision) for each in chart.all(Action) for revision in each.revised if revision.act == id
    ]  # fmt: skip
    credits = [each for each in chart.all(Budget) if each.authorisation.act == id]
    changed = [
        (each, revision)
        for each in chart.all(Budget)
        for revision in each.authorisation.revisions
        if revision.act == id
    ]
    agenda = chart.agenda()
    context: dict[str, Any] = {
        "act": found,
        "agendas": [each for each in chart.all(Agenda) if each.adopted_by == id],
        "plans": [each for each in chart.all(LinkedPlan) if each.adopted_by == id],
        "decided": [card_of(each, given) for each in decided[:MOST]],
        "more": max(0, len(decided) - MOST),
        "count": len(decided),
        "revised": [(card_of(each, given), revision) for each, revision in revised[:MOST]],
        "credits": euros(money(credits).first) if credits else "",
        "lines": len(credits),
        "changed": [
            (each, given.to("agenda-action", id=each.action), euros(revision.amount), revision)
            for each, revision in changed[:MOST]
            if chart.get(Action, each.action)
        ],
        "versions": [each for each in frozen_versions(agenda.id, until=chart.at) if each.act == id] if agenda else (),
        "promises": given.to("agenda-promises"),
        "examples": False,
        "history": given.to("agenda-history", kind="act", id=id),
    }
    return shown(
        given, "agenda/plan/act.html", context, title=said(found.title),
        description=_("%(number)s : ce que cet acte engage.") % {"number": found.number},
    )  # fmt: skip


urlpatterns = [path("agenda/actes/<slug:id>", act, name="agenda-act")]
