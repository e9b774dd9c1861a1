"""« Qui a consulté mes données ? »: each access, in words, with a proof; and the way to contest it."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show
from lacydon.kernel.ui.templatetags.ui import day

from ..actions.contests import contest_access
from ..actions.proving import access_proof
from ..queries import accesses, contests
from .session import session_of


@needs("access.see")
@require_safe
def list_accesses(request: HttpRequest) -> HttpResponse:
    """What others did with my data, by day."""
    actor = session_of(request)
    filters = accesses.wanted(request.GET)
    page, found = accesses.page_of(accesses.by_others(actor), filters, number=request.GET.get("page", "1"))
    who, what = accesses.choices(actor)
    own, acts = accesses.page_of(accesses.by_oneself(actor), accesses.Wanted())
    cases = [] if actor.mandate else contests.mine(actor)
    context = {
        "page": page,
        "days": accesses.by_day(found),
        "filters": filters,
        "who": who,
        "what": what,
        "own": own,
        "acts": acts[:5],
        "cases": [(case, contests.text_of(case.contest), contests.answer_of(case.contest)) for case in cases],
        "query": urlencode({name: request.GET[name] for name in ("qui", "quoi", "du", "au") if request.GET.get(name)}),
    }
    return show(request, "trust/accesses/list.html", context, title=_("Qui a consulté mes données ?"), here="accesses")


@needs("access.see")
@require_safe
def own_acts(request: HttpRequest) -> HttpResponse:
    """What I did myself, whole."""
    rows = accesses.by_oneself(session_of(request))
    page, found = accesses.page_of(rows, accesses.Wanted(), number=request.GET.get("page", "1"))
    context = {"page": page, "days": accesses.by_day(found), "query": ""}
    return show(request, "trust/accesses/mine.html", context, title=_("Ce que vous avez fait"), here="accesses")


@needs("access.see")
@require_safe
def proof(request: HttpRequest, id: UUID) -> HttpResponse:
    """The proof of an access, to keep and to have verified by anybody."""
    content = access_proof(actor=session_of(request), entry=str(id))
    return as_attachment(content, name=f"preuve-{id}.json", media_type="application/json")


@needs("access.contest")
@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: HttpRequest, id: UUID) -> HttpResponse:
    """Ask why."""
    actor = session_of(request)
    entry = accesses.entry_of(actor, id)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            made = contest_access(actor=actor, entry=str(id), text=request.POST.get("text", ""))
        except Refused as error:
            refusal = error
        else:
            sentence = _("Votre question est partie. Vous aurez une réponse ici, au plus tard le %s.")
            return done(request, sentence % day(contests.due(made.opened_at).date()), "accesses")
    context = {
        "access": next(accesses.in_words([entry])),
        "answering": contests.answering(entry),
        "text": request.POST.get("text", ""),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    title = _("Contester cet accès")
    return show(request, "trust/accesses/contest.html", context, title=title, status=status, here="accesses")
