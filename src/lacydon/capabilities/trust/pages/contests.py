"""The data protection officer's desk: what residents contest, what is late, what is out of the ordinary."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show

from ..actions import contests as acts
from ..queries import contests, watch
from ..queries.accesses import in_words
from ..queries.agents import agent_names
from ..queries.organisations import organisation
from .session import session_of


@needs("contest.see")
@require_safe
def list_contests(request: HttpRequest) -> HttpResponse:
    actor = session_of(request)
    cases = contests.cases_of(actor.organisation)
    seen = watch.sightings(actor.organisation)
    names = agent_names([each.agent for each in seen])
    context = {
        "organisation": organisation(actor.organisation),
        "waiting": [each for each in cases if not each.answered],
        "answered": [each for each in cases if each.answered],
        "sightings": [(each, names[each.agent]) for each in seen],
        "many": watch.MANY,
    }
    title = _("Accès contestés")
    return show(request, "trust/agent/contests.html", context, title=title, section="agent", here="contests")


@needs("contest.see")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, id: UUID) -> HttpResponse:
    """What the resident wrote, the entry it is about, the answer."""
    actor = session_of(request)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            acts.answer_contest(actor=actor, contest=str(id), text=request.POST.get("text", ""))
        except Refused as error:
            refusal = error
        else:
            return done(request, _("Réponse envoyée : seul l’habitant peut la lire."), "agent-contests")
    case, text = acts.read_contest(actor=actor, contest=str(id))
    context = {
        "case": case,
        "text": text,
        "access": next(in_words([case.contest.entry])),
        "typed": request.POST.get("text", ""),
        "answer": contests.answer_of(case.contest),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    title = _("Un accès contesté")
    return show(
        request, "trust/agent/contest.html", context, title=title, status=status, section="agent", here="contests"
    )
