"""The calendar: every action along the years, what was promised and what is."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import language_of, said
from lacydon.kernel.ui.templatetags.ui import day
from lacydon.kernel.ui.timelines import Mark, Row, Tone, timeline

from ...queries.nouns import Action
from ...queries.plan.comparing import end_of
from ...queries.plan.listing import actions_found
from ...queries.plan.words import STATUSES
from .cards import slip_words, state_of
from .frame import Asked, asked, page_number, shown

PER_PAGE = 16


@open_to_all
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Parameters: `axe`, `statut`, `page`, `le`."""
    given = asked(request)
    chart = given.moment.chart
    chosen = {name: request.GET.get(name, "")[:80] for name in ("axe", "statut")}
    found = list(actions_found(chart, chosen=chosen).actions)
    found.sort(key=lambda each: (each.actual.start or each.planned.start or given.moment.day, each.code))
    last = max(1, -(-len(found) // PER_PAGE))
    number = min(page_number(request), last)
    here = found[(number - 1) * PER_PAGE :][:PER_PAGE]
    statuses = {each.status for each in chart.all(Action)}
    query = {name: value for name, value in (chosen | {"le": given.moment.le}).items() if value}
    late = sum(1 for each in found if _late(each) > 0)
    tally = ngettext("%d action", "%d actions", len(found)) % len(found)
    context: dict[str, Any] = {
        "drawing": timeline(
            [_row(each, given) for each in here], today=given.moment.day, title=_("Les actions, année après année"),
            description=_("Les mêmes dates sont dans le tableau qui suit."), name="calendar",
        ),
        "finding": _finding(tally, late),
        "rows": [_dates(each, given) for each in here],
        "axis_options": [(each.id, each.title, each.id == chosen["axe"]) for each in chart.axes],
        "statuses": [(name, label, name == chosen["statut"]) for name, label in STATUSES.items() if name in statuses],
        "number": number, "total": last, "more": number < last, "query": urlencode(query),
    }  # fmt: skip
    return shown(
        given, "agenda/plan/calendar.html", context, title=_("Le calendrier de l’agenda"), part="agenda-calendar",
        description=_("Chaque action le long des années : les dates votées, et ce qu’elles sont devenues."),
    )  # fmt: skip


def _finding(tally: str, late: int) -> str:
    if not late:
        return _("%s, toutes dans les dates votées.") % tally
    words = ngettext("%d finit après la date votée", "%d finissent après la date votée", late) % late
    return _("%(tally)s, dont %(words)s.") % {"tally": tally, "words": words}


def _late(action: Action) -> int:
    """Days its end goes beyond what was voted."""
    end = end_of(action)
    return (end - action.planned.end).days if end and action.planned.end else 0


def _row(action: Action, given: Asked) -> Row:
    today, end = given.moment.day, end_of(action)
    start = action.actual.start or next((each.start for each in action.revised if each.start), action.planned.start)
    if action.status == "en-cours" and end and end < today:
        end = today  # it is over what was said, and still goes on
    tone: Tone = (
        "done" if action.status == "realisee" else "stopped" if action.status in ("abandonnee", "en-pause")
        else "going" if action.status == "en-cours" else "waiting"
    )  # fmt: skip
    return Row(
        words=said(action.title),
        href=given.to("agenda-action", id=action.id),
        promised=(action.planned.start, action.planned.end),
        lived=(start, end),
        tone=tone,
        marks=list(_marks(action, given)),
        end=date_format(end, "N Y") if end else "",
        lang=language_of(action.title),
    )


def _marks(action: Action, given: Asked) -> Sequence[Mark]:
    made = []
    for each in action.milestones:
        when = each.actual or each.forecast or each.baseline
        over = bool(each.actual and each.actual <= given.moment.day)
        made.append(Mark(when, f"{said(each.title)}, {day(when)}", over=over, late=when > each.baseline))
    return made


def _dates(action: Action, given: Asked) -> dict[str, Any]:
    late = _late(action)
    return {
        "action": action,
        "href": given.to("agenda-action", id=action.id),
        "state": state_of(action, healthy=not given.moment.rebuilt),
        "start": action.actual.start or action.planned.start,
        "voted": action.planned.end,
        "end": end_of(action),
        "late": slip_words(late) if late > 0 else "",
    }


urlpatterns = [path("agenda/calendrier", calendar, name="agenda-calendar")]
