"""A town hall without an account says what becomes of a request, by the secret link of the mail it received."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import BadInput, NotFound, Refused
from lacydon.kernel.ui.shown import show

from ...actions.following import note_status
from ...ports import Status
from ...queries import returns
from ...queries.delivery import answered_view

CHOICES = {
    "recu": (_l("Nous l’avons bien reçue"), Status(state="received")),
    "en-cours": (_l("Nous nous en occupons"), Status(state="in-progress")),
    "fait": (_l("C’est fait"), Status(state="closed", outcome="solved")),
    "impossible": (_l("Nous ne pouvons pas le faire"), Status(state="closed", outcome="unsolved")),
}
LONGEST = 2_000


@csrf_exempt  # opened in any browser, where no page of ours may have been: the secret is the token
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, id: UUID, token: str) -> HttpResponse:
    """What it is about, and one question. GET changes nothing: mail systems open links before people do."""
    if not returns.opens(token, of=id, purpose=returns.PEOPLE):
        raise NotFound(_("Ce lien n’est pas complet, ou n’existe plus."))
    error: Refused | None = None
    noted = False
    typed = request.POST if request.method == "POST" else {}
    if request.method == "POST":
        try:
            note_status(delivery=id, told=_told(request))
            noted = True
        except Refused as refusal:
            error = refusal
    context = {
        "delivery": answered_view(id),
        "choices": CHOICES.items(),
        "error": error,
        "noted": noted,
        "chosen": typed.get("etat", ""),
        "message": "" if noted else typed.get("message", "")[:LONGEST],
        "reference": "" if noted else typed.get("reference", "")[:100],
    }
    response = show(
        request,
        "requests/delivery/answer.html",
        context,
        title=_("Que devient cette demande ?"),
        section="",
        status=error.status if error else 200,
    )
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret
    response["Cache-Control"] = "private, no-store"
    return response


def _told(request: HttpRequest) -> Status:
    """What was chosen and written. Raises BadInput."""
    chosen = CHOICES.get(request.POST.get("etat", ""))
    if chosen is None:
        raise BadInput(_("Choisissez une réponse."), field="etat")
    words = request.POST.get("message", "").strip()
    if len(words) > LONGEST:
        raise BadInput(_("Votre message est trop long : au plus %d caractères.") % LONGEST, field="message")
    told = chosen[1]
    if told.outcome == "unsolved" and not words:
        raise BadInput(_("Dites pourquoi : l’habitant le lira."), field="message")
    reference = request.POST.get("reference", "").strip()[:100]
    return Status(state=told.state, outcome=told.outcome, words=words, reference=reference)
