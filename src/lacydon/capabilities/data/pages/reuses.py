"""What was made of the data: shown to all, proposed by anybody, reviewed by agents."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.errors import NotFound, Refused
from lacydon.kernel.middleware.clients import accountable, client_address
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import reuses as acts
from ..queries import reuses
from ..queries.datasets import dataset, shown_to_all
from ..queries.requesting import data_request

TYPED = ("title", "description", "url", "author", "kind")


@open_to_all
@require_safe
def showcase(request: HttpRequest) -> HttpResponse:
    """All that are shown, newest first, by kind."""
    kind = request.GET.get("type", "")
    typed = request.GET.get("debut", "")
    start = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    found = reuses.reuses(kind=kind, start=start)
    context = {
        "reuses": found[: reuses.SHOWN],
        "next": start + reuses.SHOWN if len(found) > reuses.SHOWN else None,
        "kind": kind if kind in reuses.KINDS else "",
        "kinds": reuses.KINDS.items(),
        "title": _("Ce qui est fait de ces données"),
    }
    html = page(
        "data/reuses/showcase.html", context, address=request.get_full_path(), section="data",
        title=_("Ce qui est fait de ces données"),
        description=_("Applications, cartes, articles et études faits avec les données du territoire."),
    )  # fmt: skip
    return HttpResponse(html)


@open_to_all
@require_safe
def of_dataset(request: HttpRequest, id: str) -> HttpResponse:
    """What was made of one dataset."""
    found = dataset(id)
    context = {"reuses": reuses.reuses_of(found.id), "dataset": found}
    title = _("Ce qui est fait de « %s »") % said(found.title)
    html = page(
        "data/reuses/of_dataset.html", context | {"title": title}, address=request.get_full_path(), section="data",
        title=title,
    )  # fmt: skip
    return HttpResponse(html)


@open_to_all
@require_safe
def ask(_request: HttpRequest, **_dataset: str) -> HttpResponse:
    """« Demander une donnée »: the procedure of the territory, where there is one. Raises NotFound."""
    card = data_request()
    if card is None:
        raise NotFound(_("Ce territoire ne reçoit pas encore de demandes de données en ligne."))
    return HttpResponseRedirect(card.address)


@csrf_exempt  # whoever proposes has no session to abuse; kernel.middleware.origins refuses other sites
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A form without an account; `?jeu=` is the dataset it was opened from."""
    form = request.POST
    chosen = form.getlist("datasets") if request.method == "POST" else [request.GET.get("jeu", "")]
    context: dict[str, Any] = {
        "typed": {name: form.get(name, "")[:4_000] for name in TYPED} | {"datasets": chosen},
        "kinds": reuses.KINDS.items(),
        "datasets": shown_to_all().values(),
    }
    status = 200
    if request.method == "POST":
        try:
            acts.propose_reuse(
                **{name: form.get(name, "") for name in TYPED}, datasets=chosen,
                network=accountable(client_address(request)),
            )  # fmt: skip
            context["proposed"] = True
        except Refused as refusal:
            context["refusal"], status = refusal, refusal.status
    title = _("Proposer une réutilisation")
    return show(request, "data/reuses/propose.html", context, title=title, section="data", status=status)


@needs("reuse.review")
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """What waits for a yes about the datasets of an agent's organisation."""
    context = {"reuses": reuses.proposed(request.actor)}  # type: ignore[attr-defined]
    title = _("Réutilisations à relire")
    return show(request, "data/reuses/review.html", context, title=title, section="agent", here="data-reuses")


@needs("reuse.review")
@require_POST
def decide(request: HttpRequest, id: int) -> HttpResponse:
    """Show it, or not."""
    yes = request.POST.get("faire") == "montrer"
    try:
        acts.review_reuse(actor=request.actor, id=id, show=yes)  # type: ignore[attr-defined]
    except Refused as refusal:
        return troubled(request, refusal.sentence, "reuses-review")
    sentence = _("Cette réutilisation est montrée à tous.") if yes else _("Cette réutilisation ne sera pas montrée.")
    return done(request, sentence, "reuses-review")


urlpatterns = [
    path("donnees/demander", ask, name="data-ask"),
    path("donnees/<slug:id>/demander", ask, name="data-request"),
    path("donnees/<slug:id>/reutilisations", of_dataset, name="data-reuses"),
    path("donnees/reutilisations", showcase, name="reuses"),
    path("donnees/reutilisations/proposer", propose, name="reuse-propose"),
    path("agent/reutilisations", review, name="reuses-review"),
    path("agent/reutilisations/<int:id>", decide, name="reuse-decide"),
]
