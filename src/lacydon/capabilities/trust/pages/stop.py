"""Stopping a mandate with the code of a notice, without a sign-in: the page shows, the button stops."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.kernel import attempts
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.middleware.clients import accountable, client_address
from lacydon.kernel.ui.shown import show

from ..actions import mandates as acts
from ..queries import mandates as known
from . import mandate_forms as forms


@open_to_all
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Type the code."""
    code = known.tidy_code(request.GET.get("code", "")[:40])
    if code:
        return HttpResponseRedirect(reverse("mandate-stop", kwargs={"code": code}))
    return show(request, "trust/stop/ask.html", title=_("Arrêter un mandat"))


@csrf_exempt  # the code is what gives the right, not a session; kernel.middleware.origins refuses other sites
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """GET shows what would be stopped, POST stops it. Names are not shown to whoever holds the code."""
    try:
        attempts.spend(what="mandate-stop", who=accountable(client_address(request)), most=30, per=timedelta(hours=1))
        mandate = acts.stop_by_code(code=code) if request.method == "POST" else known.mandate_to_stop(code)
    except Refused as error:
        context = {"error": error}
        return show(request, "trust/stop/ask.html", context, title=_("Arrêter un mandat"), status=error.status)
    if mandate is None:
        return show(request, "trust/stop/ask.html", {"unknown": True}, title=_("Arrêter un mandat"), status=404)
    shown = forms.shown(mandate)
    title = _("Le mandat est arrêté") if mandate.revoked_at else _("Arrêter ce mandat ?")
    return show(request, "trust/stop/one.html", {"mandate": shown}, title=title)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django's name)
    """A form whose token is no longer good: sent from a tab opened before a sign-in, or for somebody else."""
    return show(request, "trust/stop/stale.html", title=_("Cette page était trop vieille"), status=403)
