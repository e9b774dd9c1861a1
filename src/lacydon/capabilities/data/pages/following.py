"""Following a dataset: an address that anybody leaves, calls to the machines of an organisation."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from lacydon.kernel.access import Actor, needs, open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.middleware.clients import accountable, client_address
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import following as acts
from ..queries import following
from ..queries.datasets import dataset, datasets


@csrf_exempt  # whoever asks has no session to abuse; kernel.middleware.origins refuses other sites
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, id: str) -> HttpResponse:
    """Leave an address. The same is said whether it followed already or not."""
    found = dataset(id)
    context: dict[str, Any] = {
        "dataset": found,
        "typed": request.POST.get("address", "")[:200],
        "feed": f"/donnees/{found.id}.atom",
    }
    status = 200
    if request.method == "POST":
        try:
            acts.follow(id=id, address=context["typed"], network=accountable(client_address(request)))
            context["asked"] = True
        except Refused as refusal:
            context["refusal"], status = refusal, refusal.status
    title = _("Suivre « %s »") % said(found.title)
    return show(request, "data/following/follow.html", context, title=title, section="data", status=status)


@csrf_exempt
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the first message: a program that looks at links before people do confirms nothing."""
    row = acts.confirm(secret=secret) if request.method == "POST" else following.by_secret(secret)
    context = {"dataset": row.dataset, "confirmed": row.confirmed_at is not None}
    return _private(
        show(request, "data/following/confirm.html", context, title=_("Confirmer le suivi"), section="data")
    )


@csrf_exempt
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """One click ends it: a button here, or that of a mail program, which asks for the same by POST (RFC 8058)."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        acts.stop(secret=secret)
        context["stopped"] = True
    else:
        context["dataset"] = following.by_secret(secret).dataset
    return _private(show(request, "data/following/stop.html", context, title=_("Ne plus suivre"), section="data"))


@needs("hook.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def hooks(request: HttpRequest) -> HttpResponse:
    """The calls of an organisation: how they go, a new one, whose secret is shown once."""
    actor, form = _actor(request), request.POST
    context: dict[str, Any] = {"typed": {name: form.get(name, "")[:2_000] for name in ("dataset", "url")}}
    status = 200
    if request.method == "POST":
        try:
            made, secret = acts.make_hook(actor=actor, id=context["typed"]["dataset"], url=context["typed"]["url"])
            context |= {"made": made, "secret": secret, "typed": {}}
        except Refused as refusal:
            context["refusal"], status = refusal, refusal.status
    context["hooks"] = following.hooks_of(actor.organisation)
    context["datasets"] = datasets(actor=actor)
    return show(
        request, "data/following/hooks.html", context, title=_("Appels à chaque version"), section="agent",
        here="data-hooks", status=status,
    )  # fmt: skip


@needs("hook.manage")
@require_POST
def change_hook(request: HttpRequest, id: int) -> HttpResponse:
    """Start it again, or remove it."""
    actor = _actor(request)
    found = following.hook_of(actor, id)
    try:
        if request.POST.get("faire") == "reprendre":
            acts.resume_hook(actor=actor, hook=found)
            return done(request, _("Cet appel reprendra à la prochaine version."), "data-hooks")
        acts.remove_hook(actor=actor, hook=found)
    except Refused as refusal:
        return troubled(request, refusal.sentence, "data-hooks")
    return done(request, _("Cette adresse ne sera plus appelée."), "data-hooks")


def _private(response: HttpResponse) -> HttpResponse:
    """The address of the page is a secret: it goes to nobody, and is kept by nobody on the way."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


urlpatterns = [
    path("donnees/suivi/confirmer/<str:secret>", confirm, name="follow-confirm"),
    path("donnees/suivi/fin/<str:secret>", stop, name="follow-stop"),
    path("donnees/<slug:id>/suivre", follow, name="data-follow"),
    path("agent/appels", hooks, name="data-hooks"),
    path("agent/appels/<int:id>", change_hook, name="data-hook"),
]
