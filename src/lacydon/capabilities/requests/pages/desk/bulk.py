"""Many requests at once: what will be done to which is shown first, then done, then told one by one."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST, require_safe

from lacydon.kernel.access import Actor, needs
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import troubled

from ...actions import bulk as acts
from ...queries import desk, filters, queue, shown
from .queue import desk_page

TITLES = {
    acts.ASSIGN: _l("Confier ces demandes"),
    acts.ANSWER: _l("Envoyer une réponse prête"),
    acts.DUPLICATE: _l("Joindre ces demandes à une autre"),
}
SHOWN = 20
"""Requests named on the page that asks to confirm."""


@needs("request.handle")
@require_POST
def prepare(request: HttpRequest) -> HttpResponse:
    """Ask to confirm; once confirmed, do it, here or in the background when there are many."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = filters.read(request.POST.get("de", ""))
    act = request.POST.get("act", "")
    whole = bool(request.POST.get("tout"))
    numbers = acts.all_of(actor, asked) if whole else request.POST.getlist("numero")[: acts.MOST]
    if act not in TITLES or not numbers:
        sentence = _("Cochez d’abord les demandes, puis choisissez ce qu’il faut en faire.")
        response = troubled(request, sentence, "desk-queue")
        response["Location"] += f"?{asked}" if str(asked) else ""
        return response
    refusal: Refused | None = None
    if request.POST.get("confirm"):
        try:
            made = acts.begin(actor=actor, act=act, numbers=numbers, arguments=request.POST.dict())
        except Refused as error:
            refusal = error
        else:
            acts.carry_on_or_later(made)
            address = reverse("desk-bulk-one", kwargs={"id": made.pk})
            return HttpResponseRedirect(f"{address}?{urlencode({'de': str(asked)})}")
    rows = queue.chosen(actor, numbers[:SHOWN])
    names = desk.colleagues(actor)
    context = {
        "act": act,
        "numbers": [] if whole else numbers,
        "count": len(numbers),
        "others": max(len(numbers) - SHOWN, 0),
        "many": len(numbers) > acts.AT_ONCE,
        "stopped": whole and len(numbers) == acts.MOST,
        "rows": shown.in_words(rows, actor=actor, names=names),
        "colleagues": names,
        "canned": desk.answers(actor),
        "de": str(asked),
        "whole": whole,
        "typed": request.POST,
    }
    return desk_page(request, "bulk", context, title=TITLES[act], refusal=refusal)


@needs("request.handle")
@require_safe
def one(request: HttpRequest, id: UUID) -> HttpResponse:
    """How far it is, and what could not be done."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = acts.bulk_of(actor, id)
    context = {
        "bulk": found,
        "count": len(found.numbers),
        "well": found.at - len(found.refused),
        "title_of_act": TITLES[found.act],
        "de": str(filters.read(request.GET.get("de", ""))),
    }
    title = _("C’est fait") if found.ended_at else _("C’est en cours")
    return desk_page(request, "progress", context, title=title)
