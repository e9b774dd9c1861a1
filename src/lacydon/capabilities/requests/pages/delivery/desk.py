"""What agents see of handing over: what did not pass, how each way is doing, and what to do about it."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lacydon.kernel.access import Actor, needs
from lacydon.kernel.errors import NotFound, Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ...actions import delivery as acts
from ...queries import delivery as queries
from ...queries import routes


@needs("delivery.see")
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """What waits for a person first, then what waits by itself, then each way."""
    organisation = _actor(request).organisation
    context = {
        "dead": queries.dead_letters(organisation),
        "failing": queries.failing(organisation),
        "ways": queries.ways(organisation),
    }
    title = _("Transmissions")
    return show(request, "requests/delivery/desk.html", context, title=title, section="agent", here="deliveries")


@needs("delivery.replay")
@require_POST
def replay(request: HttpRequest, id: UUID) -> HttpResponse:
    return _decided(request, acts.replay, id, _("Elle repart maintenant."))


@needs("delivery.replay")
@require_POST
def keep(request: HttpRequest, id: UUID) -> HttpResponse:
    return _decided(request, acts.keep_here, id, _("La demande est dans votre file : un agent peut la traiter ici."))


@needs("delivery.replay")
@require_POST
def replay_all(request: HttpRequest) -> HttpResponse:
    """Every dead letter of my organisation, each in a transaction of its own."""
    actor, count = _actor(request), 0
    for each in queries.dead_letters(actor.organisation):
        try:
            acts.replay(actor=actor, delivery=each.id)
            count += 1
        except Refused as refusal:
            return troubled(request, refusal.sentence, "deliveries")
    told = ngettext("%d transmission repart maintenant.", "%d transmissions repartent maintenant.", count)
    return done(request, told % count, "deliveries")


@needs("delivery.see")
@require_POST
def check(request: HttpRequest, route: str) -> HttpResponse:
    """Ask the other side now whether it would take a request."""
    try:
        row = routes.route(route)
        if row.authority != _actor(request).organisation:
            raise NotFound(_("Cette destination n’est pas celle de votre organisme."))
        health = routes.health_of(row)
    except Refused as refusal:
        return troubled(request, refusal.sentence, "deliveries")
    return (done if health.ok else troubled)(request, health.sentence, "deliveries")


def _decided(request: HttpRequest, act: Callable[..., None], id: UUID, sentence: str) -> HttpResponse:
    try:
        act(actor=_actor(request), delivery=id)
    except Refused as refusal:
        return troubled(request, refusal.sentence, "deliveries")
    return done(request, sentence, "deliveries")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
