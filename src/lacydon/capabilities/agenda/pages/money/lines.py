"""The lines a total is made of, and one line with everything that proves it."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said

from ...models import Annex
from ...queries.money import grouped
from ...queries.money.totals import credit, function_of
from ...queries.nouns import Action, Budget, LegalAct, Policy
from ...queries.plan.overview import Money, money, voted
from ...queries.plan.words import FUNDERS, SECTIONS
from ..plan.frame import Asked, asked, page_number, shown
from .board import TAB, cut_of
from .words import CUTS, euros, key_words, meter, money_words

PAGE = 25


@open_to_all
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    """Parameters: `par` and `cle` (a part of a cut) or one of `annee`, `financeur`, `action`; else all; `page`."""
    given = asked(request)
    title, sum_, parts = _wanted(given)
    number = page_number(request)
    pages = max(1, -(-len(parts) // PAGE))
    number = min(number, pages)
    held = parts[(number - 1) * PAGE : number * PAGE]
    query = {name: request.GET.get(name, "")[:80] for name in ("par", "cle", "annee", "financeur", "action")}
    context: dict[str, Any] = {
        "sum": money_words(sum_),
        "bar": meter(sum_, name="all"),
        "many": ngettext("%d ligne de crédits", "%d lignes de crédits", len(parts)) % len(parts),
        "rows": [_row(given, *each) for each in held],
        "before": given.to("agenda-money-lines", {**query, "page": number - 1}) if number > 1 else "",
        "after": given.to("agenda-money-lines", {**query, "page": number + 1}) if number < pages else "",
        "number": number, "pages": pages,
    }  # fmt: skip
    return shown(given, "agenda/money/lines.html", context, title=title, tab=TAB)


Parts = tuple[tuple[Budget, Decimal, Money], ...]


def _wanted(given: Asked) -> tuple[str, Money, Parts]:
    """What the list is of, its sum, and its lines with their share."""
    asked_, chart = given.request.GET, given.moment.chart
    every = sorted(chart.all(Budget), key=lambda each: each.authorisation.code)
    if asked_.get("cle"):
        by = cut_of(asked_.get("par", ""))
        key = asked_["cle"][:80]
        found = next((each for each in grouped(chart, by) if each.key == ("" if key == "-" else key)), None)
        title = f"{CUTS[by][1]} : {key_words(chart, by, key)}"
        return (title, found.money, found.parts) if found else (title, Money(), ())
    if asked_.get("annee"):
        typed = asked_["annee"][:4]
        kept = [each for each in every if any(str(year.year) == typed for year in each.years)]
        return _("Les crédits de %s") % typed, money(kept), _whole(kept)
    if asked_.get("action"):
        name = asked_["action"][:80]
        action = chart.get(Action, name)
        kept = [each for each in every if each.action == name]
        title = _("Les crédits de « %s »") % (said(action.title) if action else name)
        return title, money(kept), _whole(kept)
    if asked_.get("financeur") in FUNDERS:
        funder = asked_["financeur"]
        kept = [each for each in every if any(fund.funder == funder for fund in each.funding)]
        return _("Financé par : %s") % FUNDERS[funder], money(kept), _whole(kept)
    return _("Toutes les lignes de crédits"), money(every), _whole(every)


def _whole(budgets: list[Budget]) -> Parts:
    return tuple((each, Decimal(100), money((each,))) for each in budgets)


def _row(given: Asked, each: Budget, share: Decimal, sum_: Money) -> dict[str, Any]:
    return {
        "budget": each, "href": given.to("agenda-money-line", id=each.id), "code": each.authorisation.code,
        "voted": euros(sum_.voted), "engaged": euros(sum_.engaged), "paid": euros(sum_.paid), "share": sum_.share,
        "part": share if share != 100 else None,
    }  # fmt: skip


@open_to_all
@require_safe
def line(request: HttpRequest, id: str) -> HttpResponse:
    """One line of credits: its authorisation and who voted it, year by year, who pays."""
    given = asked(request)
    each = given.one(Budget, id)
    chart, sum_ = given.moment.chart, money((each,))
    allowed, action, policy = each.authorisation, chart.get(Action, each.action), chart.get(Policy, each.policy)
    context: dict[str, Any] = {
        "budget": each, "sum": money_words(sum_), "bar": meter(sum_, name="all"), "action": action, "policy": policy,
        "allowed": allowed, "voted": euros(voted(each)), "first": euros(allowed.voted),
        "act": chart.get(LegalAct, allowed.act),
        "annexed": not given.moment.past and Annex.objects.filter(act=allowed.act).exists(),
        "section": SECTIONS[each.section], "nature": key_words(chart, "nature", each.nature),
        "function": key_words(chart, "fonction", function_of(chart, each)),
        "revisions": [
            (euros(one.amount), one, chart.get(LegalAct, one.act) if one.act else None) for one in allowed.revisions
        ],
        "years": [
            {
                "year": one.year, "voted": euros(one.voted),
                "revised": euros(one.revised) if one.revised is not None else "",
                "credits": euros(credit(one)), "engaged": euros(one.engaged), "paid": euros(one.paid),
                "share": round(100 * one.paid / credit(one)) if credit(one) else None,
                "as_of": one.as_of, "source": one.source,
            }
            for one in each.years
        ],
        "funds": [
            (FUNDERS[one.funder], euros(one.asked), euros(one.granted), euros(one.received), one.agreement)
            for one in each.funding
        ],
        "history": given.to("agenda-history", kind="budget", id=each.id),
    }  # fmt: skip
    title = f"{allowed.kind} {allowed.code} · {said(each.title)}"
    return shown(given, "agenda/money/line.html", context, title=title, tab=TAB)


urlpatterns = [
    path("agenda/budget/lignes", lines, name="agenda-money-lines"),
    path("agenda/budget/lignes/<slug:id>", line, name="agenda-money-line"),
]
