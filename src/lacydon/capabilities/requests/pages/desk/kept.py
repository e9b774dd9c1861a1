"""What the desk keeps: views of the queue, answers ready to be sent."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lacydon.kernel.access import Actor, needs
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, troubled

from ...actions import views as acts
from ...queries import canned, desk, filters, shown
from ...queries.roles import MANAGER
from .queue import desk_page


@needs("desk.see")
@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the queue under a name; remove a view."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    refusal: Refused | None = None
    query = request.POST.get("de", request.GET.get("de", ""))
    if request.method == "POST":
        gone = _id(request.POST.get("retirer", ""))
        try:
            if gone:
                acts.remove_view(actor=actor, view=gone)
                return done(request, _("La vue est supprimée."), "desk-views")
            name, shared = request.POST.get("name", ""), bool(request.POST.get("shared"))
            acts.save_view(actor=actor, name=name, query=query, shared=shared)
            response = done(request, _("La vue est gardée : elle est au-dessus de la liste."), "desk-queue")
            response["Location"] += f"?{filters.read(query)}"
            return response
        except Refused as error:
            if gone:
                return troubled(request, error.sentence, "desk-views")
            refusal = error
    asked = filters.read(query)
    context = {
        "views": [(each, in_words(filters.read(each.filters), actor)) for each in desk.views(actor)],
        "de": str(asked),
        "words": in_words(asked, actor) if query else "",
        "typed": request.POST,
        "manages": MANAGER in actor.roles,
    }
    return desk_page(request, "views", context, title=_("Vues de la file"), refusal=refusal)


@needs("desk.see")
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest) -> HttpResponse:
    """The answers of the organisation; who manages the desk writes them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    refusal: Refused | None = None
    if request.method == "POST":
        gone, id = _id(request.POST.get("retirer", "")), _id(request.POST.get("id", ""))
        try:
            if gone:
                acts.remove_answer(actor=actor, answer=gone)
                return done(request, _("La réponse est supprimée."), "desk-answers")
            acts.save_answer(
                actor=actor, title=request.POST.get("title", ""), text=request.POST.get("text", ""), answer=id
            )
            return done(request, _("La réponse est prête à servir."), "desk-answers")
        except Refused as error:
            refusal = error
    held, opened = desk.answers(actor), request.POST.get("id", "") or request.GET.get("modifier", "")
    context = {
        "answers": held,
        "places": [f"{{{each}}}" for each in canned.PLACES],
        "typed": request.POST,
        "editing": next((each for each in held if str(each.pk) == opened), None),
        "manages": MANAGER in actor.roles,
    }
    return desk_page(request, "answers", context, title=_("Réponses prêtes"), refusal=refusal)


def in_words(asked: filters.Filters, actor: Actor) -> str:
    """What a view shows: « En retard, service X, à personne »."""
    offered = desk.offered(colleagues=desk.colleagues(actor))
    who = {filters.ME: _("les miennes"), filters.NOBODY: _("à personne")} | dict(offered.colleagues)
    told = [str(filters.SHOWN[asked.shown])]
    told += [str(shown.STATES_HERE[asked.state])] if asked.state else []
    told += [offered.services.get(asked.service, {}).get("fr", asked.service)] if asked.service else []
    told += [
        each for each in (asked.skill, offered.communes.get(asked.commune, ""), asked.source, asked.number) if each
    ]
    told += [who.get(asked.assignee, "")] if asked.assignee else []
    told += [str(filters.ORDERS[asked.order]).lower()] if asked.order else []
    return ", ".join(told)


def _id(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
