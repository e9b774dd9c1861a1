"""Showing a second factor: to end entering, or to strengthen a session (a low sign-in, a change of one's security)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import show

from ..actions import accounts, factors
from ..queries import passkeys as keys
from ..queries.accounts import ways_in
from ..queries.wall import house
from .challenges import given, site_of, taken
from .entering import let_in, network, pending, remembered_onward, this_session
from .recent import PROVEN_AT
from .session import session_of, strengthen_session
from .sign_in import ONWARD

SECOND, STRONGER = "second", "stronger"


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """After the passphrase or the link: a code of the application, a passkey, or a recovery code."""
    waiting = pending(request)
    if waiting is None:
        return HttpResponseRedirect(reverse("sign-in"))
    person = waiting["person"]
    status, error = 200, ""
    if request.method == "POST":
        try:
            _shown(request, person=person, purpose=SECOND)
            entering = accounts.complete(account=waiting["account"])
            accounts.forgive_passphrase(account=waiting["account"], network=network(request))
            return let_in(request, entering, strong=True, onward=request.session.get(ONWARD, ""))
        except Refused as refused:
            status, error = refused.status, str(refused.sentence)
    with house():  # they are not in yet: what they can show is all that is looked at
        context = _asking(request, person=person, purpose=SECOND) | {"error": error}
    return show(request, "trust/entering/second.html", context, title=_("Encore une étape"), status=status)


@needs("session.strengthen")
@require_http_methods(["GET", "HEAD", "POST"])
def strengthen(request: HttpRequest) -> HttpResponse:
    """Show a second factor while signed in; who has none is told how to add one."""
    actor = session_of(request)
    onward = remembered_onward(request)
    status, error = 200, ""
    if request.method == "POST":
        try:
            by = _shown(request, person=actor.person, purpose=STRONGER)
            factors.strengthen(actor=actor, by=by)
            request.session[PROVEN_AT] = now().isoformat()
            strengthen_session(request)
            return HttpResponseRedirect(onward or reverse("security"))
        except Refused as refused:
            status, error = refused.status, str(refused.sentence)
    context = _asking(request, person=actor.person, purpose=STRONGER) | {"error": error, "onward": onward}
    title = _("Confirmez que c’est vous")
    return show(request, "trust/security/strengthen.html", context, title=title, here="security", status=status)


def _asking(request: HttpRequest, *, person: str, purpose: str) -> dict[str, object]:
    """What the page needs to ask for any second factor this person has."""
    ways, site = ways_in(person), site_of(request)
    context: dict[str, object] = {"ways": ways, "site": site}
    if ways.passkeys:
        context |= given(keys.ask_for_known(site=site, person=person), purpose=purpose, person=person)
    return context


def _shown(request: HttpRequest, *, person: str, purpose: str) -> str:
    """The second factor a form brings, and its kind. Raises Refused."""
    if "answer" not in request.POST:
        return factors.show_code(person=person, code=request.POST.get("code", "")[:40], session=this_session(request))
    challenge = taken(request, purpose=purpose, person=person)
    answer = request.POST["answer"]
    shown = factors.show_passkey(answer=answer, challenge=challenge, site=site_of(request), person=person)
    return f"passkey:{shown.pk}"
