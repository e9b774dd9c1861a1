"""Links to the screen: for whom, until when, taken back at once."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ...actions.sharing import MOST_DAYS, share_screen, take_back, token_of
from ...queries.sharing import links
from ..house import needs_in_the_house

HERE, NAME = "agenda-screen", "agenda-screen-links"


@needs_in_the_house("agenda.see")
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest) -> HttpResponse:
    """The links there are; a form makes one."""
    refusal: Refused | None = None
    if request.method == "POST":
        typed = request.POST.get("days", "")
        days = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
        try:
            share_screen(label=request.POST.get("label", ""), days=days, actor=_actor(request))
            return done(request, _("Le lien est fait : copiez-le ci-dessous."), NAME)
        except Refused as refused:
            refusal = refused
    moment = now()
    lines = [
        {
            "link": each, "open": each.revoked_at is None and each.expires_at > moment,
            "address": settings.PUBLIC_URL + reverse("agenda-screen-shared", args=[token_of(each)]),
        }
        for each in links()
    ]  # fmt: skip
    context = {
        "lines": lines, "refusal": refusal, "most": MOST_DAYS,
        "typed": {"label": request.POST.get("label", "")[:200], "days": request.POST.get("days", "14")[:4]},
    }  # fmt: skip
    return show(
        request, "agenda/dashboards/links.html", context, title=_("Partager le tableau de bord"), section="agent",
        here=HERE, status=refusal.status if refusal else 200,
    )  # fmt: skip


@needs_in_the_house("agenda.see")
@require_POST
def end(request: HttpRequest, id: UUID) -> HttpResponse:
    """One link, from now on."""
    try:
        take_back(id=id, actor=_actor(request))
    except Refused as refusal:
        return troubled(request, refusal.sentence, NAME)
    return done(request, _("Le lien est repris : il n’ouvre plus rien."), NAME)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


urlpatterns = [
    path("agents/agenda/partages", shared, name=NAME),
    path("agents/agenda/partages/<uuid:id>/reprendre", end, name="agenda-screen-link-end"),
]
