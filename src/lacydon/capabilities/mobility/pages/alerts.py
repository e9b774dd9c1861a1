"""Being told of disruptions: asked for by anybody, confirmed by a letter, stopped in one click."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from lacydon.kernel import webpush
from lacydon.kernel.access import Actor, open_to_all
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.middleware.clients import accountable, client_address
from lacydon.kernel.ui.shown import done, show

from ..actions import alerts as acts
from ..models import AlertSubscription
from ..queries.alerts import subscriptions as asked
from ..queries.alerts.words import clock_words, hours_words, names_of
from .disruption_form import Typed
from .disruptions import style

LARGEST = 4_000
"""Characters of a browser's subscription."""
DAYS = {"semaine": 31, "fin": 96, "tous": 127}
STEP = 30
"""Minutes between two hours that may be chosen."""


@csrf_exempt  # whoever asks has no session to abuse; kernel.middleware.origins refuses other sites
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: HttpRequest) -> HttpResponse:
    """Ask to be told. `ligne`, `arret`: chosen already. A browser asks the same way, with `subscription` (JSON)."""
    actor, form = _actor(request), request.POST
    if request.method == "POST":
        typed = Typed.posted(form)
    else:
        chosen = {"line": request.GET.getlist("ligne")[:20], "place": request.GET.getlist("arret")[:20]}
        typed = Typed({"days": "semaine", "from": "420", "until": "540"}, chosen)
    context: dict[str, Any] = {"typed": typed, "values": typed.values}
    status = 200
    if request.method == "POST" and form.get("faire") != "chercher":
        try:
            browser = _browser(form.get("subscription", ""))
            acts.ask(
                lines=typed.lines, places=typed.places, days=DAYS.get(typed.values.get("days", ""), 0),
                from_minute=_minute(typed.values.get("from")), until_minute=_minute(typed.values.get("until")),
                address=typed.values.get("address", ""), browser=browser, person=actor.person,
                network=accountable(client_address(request)),
            )  # fmt: skip
            context["asked"] = "push" if browser else "email"
        except Refused as refusal:
            context["refusal"], status = refusal, refusal.status
    typed.search()
    context |= {
        "hours": [(str(n * STEP), clock_words(n * STEP)) for n in range(1440 // STEP)],
        "ends": [(str(n * STEP), clock_words(n * STEP)) for n in range(1, 1440 // STEP + 1)],
        "push_key": webpush.public_key(),
        "mine": [_row(each) for each in asked.of_person(actor.person)] if actor.known else (),
    }
    title = _("Être prévenu des perturbations")
    return show(
        request, "mobility/alerts/ask.html", context, title=title, section="mobility", status=status, head=style()
    )


@csrf_exempt
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the first message: a program that looks at links before people do confirms nothing."""
    row = acts.confirm(secret=secret) if request.method == "POST" else asked.by_secret(secret)
    context = {"row": _row(row), "confirmed": row.confirmed_at is not None, "secret": secret}
    return _private(
        show(request, "mobility/alerts/confirm.html", context, title=_("Confirmer"), section="mobility", head=style())
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
        context["row"] = _row(asked.by_secret(secret))
    return _private(
        show(request, "mobility/alerts/stop.html", context, title=_("Arrêter"), section="mobility", head=style())
    )


@csrf_exempt
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, secret: str) -> HttpResponse:
    """All those of the same address: stop one, stop all."""
    row = asked.by_secret(secret)
    context: dict[str, Any] = {"secret": secret}
    if request.method == "POST":
        if request.POST.get("faire") == "tout":
            acts.stop_all(secret=secret)
        else:
            acts.stop_one(id=request.POST.get("id", "")[:36], secret=secret)
        context["stopped"] = True
    context["rows"] = [_row(each) for each in asked.of_same_address(row)]
    return _private(
        show(request, "mobility/alerts/manage.html", context, title=_("Vos alertes"), section="mobility", head=style())
    )


@csrf_exempt
@open_to_all
@require_POST
def stop_mine(request: HttpRequest) -> HttpResponse:
    """One of those of whoever is signed in."""
    actor = _actor(request)
    if not actor.known:
        return redirect("alerts")
    acts.stop_one(id=request.POST.get("id", "")[:36], person=actor.person)
    return done(request, _("C’est arrêté."), "alerts")


def _row(row: AlertSubscription) -> dict[str, Any]:
    return {
        "id": row.pk,
        "names": names_of(row),
        "hours": hours_words(row),
        "push": row.means == AlertSubscription.Means.PUSH,
        "confirmed": row.confirmed_at is not None,
        "asked_at": row.asked_at,
    }


def _browser(told: str) -> Any:
    if not told:
        return None
    try:
        return json.loads(told if len(told) <= LARGEST else "")
    except ValueError as error:
        raise BadInput(_("Ce navigateur n’a pas donné une adresse de notification valable.")) from error


def _minute(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else -1


def _private(response: HttpResponse) -> HttpResponse:
    """The address of the page is a secret: it goes to nobody, and is kept by nobody on the way."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


urlpatterns = [
    path("transports/alertes", alerts, name="alerts"),
    path("transports/alertes/miennes/arreter", stop_mine, name="alert-stop-mine"),
    path("transports/alertes/confirmer/<str:secret>", confirm, name="alert-confirm"),
    path("transports/alertes/fin/<str:secret>", stop, name="alert-stop"),
    path("transports/alertes/gerer/<str:secret>", manage, name="alert-manage"),
]
