"""The report of a year, made of the live data: a page that prints, and a tagged PDF of the same."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import clock, site
from lacydon.kernel.access import open_to_all
from lacydon.kernel.paper import printed
from lacydon.kernel.texts import said
from lacydon.kernel.ui.kept import kept
from lacydon.kernel.ui.shell import page

from ..queries.indicators.words import KINDS, QUALITIES, STATES, state_of, with_unit
from ..queries.learning import words as learning
from ..queries.learning.followup import WORDS
from ..queries.learning.report import Report, report, years_reported
from ..queries.money import grouped, shares, whole, years
from ..queries.plan.moments import moment
from ..queries.plan.promises import tally
from ..queries.plan.words import FUNDERS
from .money.words import euros, key_words, meter, money_words
from .plan.cards import kept_words, slip_words, told, words_of
from .plan.frame import STYLES, Asked
from .plan.front import withheld
from .plan.promises import against
from .tabs import tabs

SHEETS = ("agenda/report.css",)
MOST = 100
"""Actions that changed since the vote, told in the report; the page of promises has them all."""


@open_to_all
@require_safe
def as_page(request: HttpRequest, year: int) -> HttpResponse:
    """The report to read, and to print."""
    if request.GET:
        return _page(request, year)
    return kept(request, lambda: _page(request, year), of=("agenda-report", year))


@open_to_all
@require_safe
def as_pdf(request: HttpRequest, year: int) -> HttpResponse:
    """The same as a file to keep (PDF/A), that a screen reader says."""
    context = _context(request, report(year)) | {
        "paper": True, "site": site.address(), "lang": (get_language() or "fr")[:2],
        "author": territory.territory_name(),
    }  # fmt: skip
    answer = HttpResponse(
        _made(get_template("agenda/report/paper.html").render(context)), content_type="application/pdf"
    )
    name = _("rapport-agenda-%s.pdf") % year
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@lru_cache(maxsize=32)
def _made(html: str) -> bytes:
    """Printing takes seconds of a processor: what says the same is printed once."""
    return printed(html)


def _page(request: HttpRequest, year: int) -> HttpResponse:
    context = _context(request, report(year))
    head = format_html_join("", '<link rel="stylesheet" href="{}">', ((static(each),) for each in (*STYLES, *SHEETS)))
    context |= {
        "tabs": tabs("agenda-evaluations"),
        "years": [(each, reverse("agenda-report", args=[each]), each == year)
                  for each in years_reported(moment().chart)],
        "bar": meter(whole(context["moment"].chart), name="money"),
    }  # fmt: skip
    html = page(
        "agenda/report/page.html", context, address=request.get_full_path(), section="agenda", title=context["title"],
        head=head, description=_("Promesses, argent, indicateurs, évaluations : l’année de l’agenda numérique."),
    )  # fmt: skip
    return HttpResponse(html)


def _context(request: HttpRequest, found: Report) -> dict[str, Any]:
    """Everything the report says, in words. The address may add nothing to it: it is kept."""
    given = Asked(request, found.moment, "")
    chart = found.moment.chart
    return {
        "title": _("Rapport de l’année %(year)s") % {"year": found.year},
        "report": found,
        "moment": found.moment,
        "made": clock.today(),
        "agenda": chart.agenda(),
        "promises": _promises(given, found),
        "vote": against(given, found.version, most=MOST) | {"href": given.to("agenda-promises", {
            "version": found.version.number})} if found.version else None,
        "money": _money(given, found),
        "indicators": _indicators(given, found),
        "learning": _learning(given, found),
        "withheld": withheld(given),
    }  # fmt: skip


def _promises(given: Asked, found: Report) -> dict[str, Any]:
    all_ = found.overview.whole
    return {
        "words": kept_words(all_.tally),
        "slip": slip_words(all_.tally.slip) if all_.tally.slip else "",
        "tally": all_.tally,
        "actions": words_of(all_, healthy=not found.moment.rebuilt),
        "count": all_.count,
        "axes": [
            (each.axis, given.to("agenda-axis", id=each.axis.id), each.sum.tally)
            for each in found.overview.parts if each.sum.count
        ],
        "year": kept_words(tally(each for each in found.told if each.milestone.baseline.year == found.year)),
        "rows": [told(each, given) for each in found.told],
        "href": given.to("agenda-promises"),
    }  # fmt: skip


def _money(given: Asked, found: Report) -> dict[str, Any]:
    chart = found.moment.chart
    all_, running = whole(chart), found.credits
    return {
        "words": money_words(all_),
        "sum": {name: euros(getattr(all_, name)) for name in ("voted", "engaged", "paid")},
        "running": running,
        "year": {name: euros(getattr(running, name)) for name in ("credits", "engaged", "paid")} if running else None,
        "years": [
            (each.year, euros(each.credits), euros(each.engaged), euros(each.paid), each.as_of)
            for each in years(chart) if each.year <= found.year
        ],
        "policies": [
            {
                "name": key_words(chart, "politique", each.key), "voted": euros(each.money.voted),
                "engaged": euros(each.money.engaged), "paid": euros(each.money.paid),
                "href": given.to("agenda-money-lines", {"par": "politique", "cle": each.key or "-"}),
            }
            for each in grouped(chart, "politique")
        ],
        "funders": [
            (FUNDERS[each.funder], euros(each.asked), euros(each.granted), euros(each.received))
            for each in shares(chart)
        ],
        "href": given.to("agenda-money"),
    }  # fmt: skip


def _indicators(given: Asked, found: Report) -> dict[str, Any]:
    gauges = found.gauges.values()
    fresh = sum(not each.grey for each in gauges)
    stale = len(gauges) - fresh
    rows: dict[str, list[dict[str, Any]]] = {}
    for gauge in gauges:
        one, state = gauge.indicator, state_of(gauge)
        rows.setdefault(one.kind, []).append(
            {
                "indicator": one, "href": given.to("agenda-indicator", id=one.id), "gauge": gauge,
                "baseline": with_unit(one.baseline.value, one) if one.baseline else "",
                "value": with_unit(gauge.value, one) if gauge.reading else "",
                "target": with_unit(gauge.target.value, one) if gauge.target else "",
                "quality": QUALITIES[gauge.quality] if gauge.reading and gauge.estimate else "",
                "word": STATES[state],
            }
        )  # fmt: skip
    return {
        "groups": [(label, rows[kind]) for kind, label in KINDS.items() if kind in rows],
        "counts": [
            (many, words)
            for many, words in (
                (fresh, _("mesurés et à jour")), (stale, _("en gris : périmés, ou jamais mesurés ici"))
            ) if many
        ],
        "reached": sum(bool(each.reached) for each in gauges),
        "href": given.to("agenda-indicators"),
    }  # fmt: skip


def _learning(given: Asked, found: Report) -> dict[str, Any]:
    follow = found.follow
    counted = [(follow.count(state), words) for state, (words, _icon, _tone) in WORDS.items()]
    return {
        "follow": follow,
        "counts": [(many, words) for many, words in counted if many],
        "published": [
            {
                "each": each, "kind": learning.KINDS[each.kind], "href": reverse("agenda-evaluation", args=[each.id]),
                "asked": [
                    {
                        "one": one,
                        "answer": learning.ANSWERS[one.asked.answer.answer] if one.asked.answer else "",
                        "action": said(one.action.title) if one.action else "",
                        "action_href": given.to("agenda-action", id=one.action.id) if one.action else "",
                    }
                    for one in follow.of(each.id)
                ],
            }
            for each in follow.published
        ],
        "href": reverse("agenda-evaluations"),
    }  # fmt: skip


urlpatterns = [
    path("agenda/rapport/<int:year>", as_page, name="agenda-report"),
    path("agenda/rapport/<int:year>.pdf", as_pdf, name="agenda-report-pdf"),
]
