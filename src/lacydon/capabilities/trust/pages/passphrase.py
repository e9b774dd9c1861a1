"""The passphrase: entering with it, setting it, giving it up."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import accounts
from ..queries.accounts import ways_in
from .entering import go_on, network, outside_only, proven, proven_anew, remembered_onward, this_session
from .session import session_of


@csrf_exempt  # nobody is signed in yet, so no token: kernel.middleware.origins refuses other sites
@open_to_all
@sensitive_post_parameters("passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
@outside_only
def enter(request: HttpRequest) -> HttpResponse:
    """Address and passphrase; then the second factor. What is wrong is told of both together."""
    onward = remembered_onward(request)
    context: dict[str, object] = {"onward": onward, "typed": request.POST.get("email", "")[:254]}
    status = 200
    if request.method == "POST":
        try:
            entered = accounts.enter_by_passphrase(
                typed=request.POST.get("email", ""),
                passphrase=request.POST.get("passphrase", ""),
                network=network(request),
            )
            return go_on(request, entered, onward=onward)
        except Refused as error:
            context |= {"error": error.sentence, "field": error.field or "passphrase"}
            status = error.status
    title = _("Entrer avec une phrase secrète")
    return show(request, "trust/entering/passphrase.html", context, title=title, status=status)


@needs("security.change")
@sensitive_post_parameters("passphrase", "present")
@require_http_methods(["GET", "HEAD", "POST"])
@proven_anew
def change(request: HttpRequest) -> HttpResponse:
    """Set the passphrase, or another one."""
    actor = session_of(request)
    ways = ways_in(actor.person)
    if not ways.email or not ways.second_factor:
        return troubled(request, _("Ajoutez d’abord l’entrée par courriel et un second moyen."), "security")
    context: dict[str, object] = {"ways": ways}
    status = 200
    if request.method == "POST":
        try:
            accounts.set_passphrase(
                actor=actor,
                present=request.POST.get("present", ""),
                passphrase=request.POST.get("passphrase", ""),
                session=this_session(request),
            )
            return done(request, _("Votre phrase secrète est enregistrée."), "security")
        except Refused as error:
            context |= {"error": error.sentence, "field": error.field}
            status = error.status
    title = _("Changer la phrase secrète") if ways.passphrase else _("Choisir une phrase secrète")
    return show(request, "trust/security/passphrase.html", context, title=title, here="security", status=status)


@needs("security.change")
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def remove(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        accounts.remove_passphrase(actor=session_of(request), session=this_session(request))
        return done(request, _("La phrase secrète est retirée."), "security")
    context = {
        "lead": _("Vous entrerez par un lien envoyé par courriel, ou avec une clé d’accès."),
        "action": _("Retirer la phrase secrète"),
        "back": "security",
    }
    title = _("Retirer la phrase secrète ?")
    return show(request, "trust/security/sure.html", context, title=title, here="security")
