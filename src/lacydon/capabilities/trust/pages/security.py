"""Security of one's own space: the ways in, and where one is signed in."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.clock import now
from lacydon.kernel.ui.shown import done, show

from ..actions import accounts
from ..queries.accounts import sessions_of, ways_in
from .email_link import LETTER
from .entering import proven_anew, this_session
from .session import session_of


@needs("security.change")
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    actor = session_of(request)
    here = this_session(request)
    context = {
        "ways": ways_in(actor.person),
        "sessions": [(each, each.pk == here) for each in sessions_of(actor.person, at=now())],
        "letter": request.session.pop(LETTER, ""),
        "is_agent": actor.kind == "agent",
    }
    return show(request, "trust/security/security.html", context, title=_("Sécurité"), here="security")


@needs("security.change")
@require_POST
@proven_anew
def end(request: HttpRequest) -> HttpResponse:
    """End one other session, or all of them."""
    which = request.POST.get("appareil", "")
    ended = accounts.end_own_sessions(actor=session_of(request), but=this_session(request), only=which)
    told = _("Cet appareil est déconnecté.") if which else _("Vos autres appareils sont déconnectés.")
    return done(request, told if ended else _("Il n’y avait rien à déconnecter."), "security")
