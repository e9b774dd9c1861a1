"""The application that gives codes, and the recovery codes."""

import pyotp
import segno
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lacydon.kernel.access import needs
from lacydon.kernel.errors import Conflict, Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import factors
from ..queries.accounts import ways_in
from .entering import guarded, proven, proven_anew, this_session
from .passkeys import last_factor_warning
from .session import session_of

ISSUER = "Lacydon"


@needs("security.change")
@require_http_methods(["GET", "HEAD", "POST"])
@proven_anew
def authenticator(request: HttpRequest) -> HttpResponse:
    """Put the secret in an application, then show that it gives right codes."""
    actor = session_of(request)
    context: dict[str, object] = {}
    status = 200
    try:
        if request.method == "POST":
            code = request.POST.get("code", "")
            factors.confirm_authenticator(actor=actor, code=code, session=this_session(request))
            return done(request, _("Votre application est enregistrée."), "security")
    except Conflict as error:
        return troubled(request, error.sentence, "security")
    except Refused as error:
        context["error"], status = error.sentence, error.status
    try:
        secret = factors.begin_authenticator(actor=actor)
    except Conflict as error:
        return troubled(request, error.sentence, "security")
    label = ways_in(actor.person).email or _("Mon espace")
    address = pyotp.TOTP(secret).provisioning_uri(name=label, issuer_name=ISSUER)
    context |= {
        "drawing": SafeString(
            segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff", omitsize=True)
        ),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "address": address,
    }
    title = _("Ajouter une application de codes")
    return guarded(
        show(request, "trust/security/authenticator.html", context, title=title, here="security", status=status)
    )


@needs("security.change")
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def remove_authenticator(request: HttpRequest) -> HttpResponse:
    actor = session_of(request)
    if request.method == "POST":
        factors.remove_authenticator(actor=actor, session=this_session(request))
        return done(request, _("L’application de codes est retirée."), "security")
    context = {
        "lead": _("Ses codes n’ouvriront plus votre espace."),
        "warning": "" if ways_in(actor.person).passkeys else last_factor_warning(),
        "action": _("Retirer l’application"),
        "back": "security",
    }
    title = _("Retirer l’application de codes ?")
    return show(request, "trust/security/sure.html", context, title=title, here="security")


@needs("security.change")
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make ten codes: they are in the answer, and nowhere else ever again."""
    actor = session_of(request)
    ways = ways_in(actor.person)
    if not ways.second_factor:
        return troubled(request, _("Ces codes remplacent un second moyen perdu : ajoutez-en d’abord un."), "security")
    if request.method == "POST":
        codes = factors.new_recovery_codes(actor=actor, session=this_session(request))
        title = _("Vos codes de secours")
        return guarded(show(request, "trust/security/recovery.html", {"codes": codes}, title=title, here="security"))
    context = {
        "lead": _("Dix codes à garder sur papier, pour entrer si vous perdez vos autres moyens. Chacun sert une fois."),
        "warning": _("Ceux d’avant ne serviront plus.") if ways.recovery_codes else "",
        "action": _("Faire dix codes"),
        "back": "security",
    }
    title = _("Faire des codes de secours")
    return show(request, "trust/security/sure.html", context, title=title, here="security")
