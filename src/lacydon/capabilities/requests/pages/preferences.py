"""« Être prévenu »: of what, by which means, at which hours; the browsers that show notifications."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import webpush
from lacydon.kernel.access import needs
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.texting import texter
from lacydon.kernel.ui.shown import done, show

from ..actions import notifications as acts
from ..models import Means, PushSubscription
from ..queries.notifications import Choices, choices_for, choices_of, pair
from ..queries.steps import EVENTS
from . import status
from .following import Reader

LARGEST = 4_000
"""Characters of a browser's subscription."""


@needs("notifications.change")
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Of a person, for all their requests."""
    actor = request.actor  # type: ignore[attr-defined]
    chosen, error, code = choices_of(actor.person), "", 200
    if request.method == "POST":
        try:
            acts.choose(actor=actor, **_asked(request, kept=_unoffered(chosen, offered=_means(request))))
            return done(request, _("C’est noté."), "notifications")
        except Refused as refusal:
            error, code = str(refusal.sentence), refusal.status
    reach = trust.reach_of(actor.person)
    context = _shown(chosen, _means(request)) | {
        "error": error,
        "reach": reach,
        "browsers": PushSubscription.objects.filter(person_id=actor.person).order_by("created_at"),
        "push_key": webpush.public_key(),
        "action": reverse("notifications"),
    }
    title = _("Être prévenu")
    return show(request, "requests/mine/preferences.html", context, title=title, here="requests", status=code)


@needs("notifications.change")
@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Sent by static/requests/notify.js: what the browser's PushSubscription says, as JSON."""
    told = request.POST.get("subscription", "")
    try:
        found = json.loads(told if len(told) <= LARGEST else "")
    except ValueError as error:
        raise BadInput(_("Ce navigateur n’a pas donné une adresse de notification valable.")) from error
    browser = str(request.session.get("browser", ""))
    acts.subscribe(actor=request.actor, told=found, browser=browser)  # type: ignore[attr-defined]
    return HttpResponse(status=204)


@needs("notifications.change")
@require_POST
def unsubscribe(request: HttpRequest, id: UUID) -> HttpResponse:
    acts.unsubscribe(actor=request.actor, browser=id)  # type: ignore[attr-defined]
    return done(request, _("Cet appareil ne sera plus prévenu."), "notifications")


def for_one(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Of who has no account, for one request."""
    row = reader.check()
    chosen, error, code = choices_for(row), "", 200
    offered = (Means.EMAIL, *((Means.SMS,) if texter() else ()))
    if request.method == "POST":
        try:
            asked = _asked(request, kept=_unoffered(chosen, offered=offered))
            acts.choose_by_secret(number=reader.number, secret=reader.secret or "", **asked)
            return done(request, _("C’est noté."), "followed-notifications", number=reader.number)
        except Refused as refusal:
            error, code = str(refusal.sentence), refusal.status
    context = _shown(chosen, offered) | {
        "error": error,
        "back": reader.address(),
        "action": reader.address("notifications"),
    }
    title = _("Être prévenu de la demande %s") % row.number
    return show(request, "requests/mine/preferences.html", context, title=title, section="", status=code)


def _means(request: HttpRequest) -> tuple[str, ...]:
    """What can be offered: SMS when there is a gateway and a number, push when a browser signed up."""
    person = request.actor.person  # type: ignore[attr-defined]
    found = [Means.EMAIL]
    if texter() and trust.reach_of(person).phone:
        found.append(Means.SMS)
    if PushSubscription.objects.filter(person_id=person).exists():
        found.append(Means.PUSH)
    return tuple(found)


def _shown(chosen: Choices, offered: Iterable[str]) -> dict[str, Any]:
    words = {Means.EMAIL: _("Par courriel"), Means.SMS: _("Par SMS"), Means.PUSH: _("Sur mes appareils")}
    return {
        "events": [
            {
                "label": label,
                "needed": event in ("waiting", "decision"),
                "means": [
                    (pair(means, event), words[Means(means)], pair(means, event) in chosen.wanted) for means in offered
                ],
            }
            for event, label in EVENTS.items()
        ],
        "choices": chosen,
        "hours": range(24),
        "disturbing": any(means != Means.EMAIL for means in offered),
    }


def _unoffered(chosen: Choices, *, offered: Iterable[str]) -> frozenset[str]:
    """What was chosen for means that this page does not show: it is kept."""
    shown = set(offered)
    return frozenset(each for each in chosen.wanted if each.partition(":")[0] not in shown)


def _asked(request: HttpRequest, *, kept: frozenset[str]) -> dict[str, Any]:
    try:
        hours = [int(request.POST.get(name, default)) for name, default in (("quiet_from", "21"), ("quiet_until", "8"))]
    except ValueError as error:
        raise BadInput(_("Une heure va de 0 à 23."), field="quiet_from") from error
    wanted = {*request.POST.getlist("wanted"), *kept}
    return {"wanted": wanted, "quiet_from": hours[0], "quiet_until": hours[1]}


urlpatterns = [
    path("mon-espace/notifications", preferences, name="notifications"),
    path("mon-espace/notifications/appareils", subscribe, name="notifications-subscribe"),
    path("mon-espace/notifications/appareils/<uuid:id>/oublier", unsubscribe, name="notifications-unsubscribe"),
    path(
        "suivi/<str:number>/prevenir",
        require_http_methods(["GET", "HEAD", "POST"])(status.followed(for_one)),
        name="followed-notifications",
    ),
]
