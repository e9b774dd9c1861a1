"""Where those who keep the agenda load its money: SCDL budget, SCDL grants, the document annexed to a vote."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import today
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shown import done, show

from ...actions.money import annex, load_budget, load_grants
from ...errors import RefusedLines
from ...models import Annex
from ...queries.chart import chart
from ...queries.money.scdl import BUDGET_NEEDED, GRANTS_NEEDED
from ...queries.money.sheets import LARGEST, Refusal, day_of
from ...queries.nouns import LegalAct
from ...queries.plan.words import FUNDERS
from ..house import needs_in_the_house

HERE = "agenda-money"
NAME = "agenda-money-desk"
WHATS = ("budget", "subventions", "annexe")


@needs_in_the_house("agenda.steer")
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """One form for each kind of file; « vérifier » looks, « charger » writes."""
    what = request.POST.get("quoi", "")
    refusal: Refused | None = None
    looked = ""
    if request.method == "POST":
        dry = request.POST.get("faire") != "charger"
        try:
            sentence = _DOES[what if what in WHATS else "budget"](request, dry)
            if not dry:
                return done(request, sentence, NAME)
            looked = sentence
        except Refused as refused:
            refusal = refused
    lines: tuple[Refusal, ...] = refusal.facts.get("lines", ()) if isinstance(refusal, RefusedLines) else ()
    acts = sorted(chart().all(LegalAct), key=lambda each: each.date, reverse=True)
    context: dict[str, Any] = {
        "what": what, "refusal": refusal, "lines": lines, "looked": looked, "today": today(),
        "typed": {name: request.POST.get(name, "") for name in ("as_of", "source", "funder", "act")},
        "acts": [(each.id, f"{each.number} · {said(each.title)}") for each in acts],
        "funders": list(FUNDERS.items()),
        "annexes": Annex.objects.order_by("-at"),
        "budget_columns": BUDGET_NEEDED, "grant_columns": GRANTS_NEEDED,
    }  # fmt: skip
    return show(
        request, "agenda/money/desk.html", context, title=_("L’argent de l’agenda"), section="agent", here=HERE,
        status=refusal.status if refusal else 200,
    )  # fmt: skip


def _budget(request: HttpRequest, dry: bool) -> str:
    name, content = _file(request)
    found = load_budget(
        content=content, name=name, actor=_actor(request), as_of=day_of(request.POST.get("as_of", "")),
        source=request.POST.get("source", "").strip()[:120], dry=dry,
    )  # fmt: skip
    return found.sentence(dry=dry)


def _grants(request: HttpRequest, dry: bool) -> str:
    funder = request.POST.get("funder", "")
    if funder not in FUNDERS:
        raise BadInput(_("Choisissez qui finance."), field="funder")
    name, content = _file(request)
    return load_grants(content=content, name=name, funder=funder, actor=_actor(request), dry=dry).sentence(dry=dry)


def _annex(request: HttpRequest, dry: bool) -> str:  # noqa: ARG001 (a document is kept as it is)
    act = request.POST.get("act", "")
    if chart().get(LegalAct, act) is None:
        raise BadInput(_("Choisissez l’acte auquel ce document est annexé."), field="act")
    name, content = _file(request)
    made = annex(act=act, content=content, name=name, actor=_actor(request))
    return ngettext("%d ligne gardée.", "%d lignes gardées.", len(made.lines)) % len(made.lines)


_DOES: dict[str, Callable[[HttpRequest, bool], str]] = {"budget": _budget, "subventions": _grants, "annexe": _annex}


def _file(request: HttpRequest) -> tuple[str, bytes]:
    sent = request.FILES.get("file")
    if sent is None:
        raise BadInput(_("Choisissez un fichier."), field="file")
    if (sent.size or 0) > LARGEST:
        raise BadInput(_("Ce fichier est trop lourd : 20 Mo au plus."), field="file")
    return (sent.name or "fichier.csv")[:120], sent.read()


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


urlpatterns = [path("agents/agenda/argent", desk, name=NAME)]
