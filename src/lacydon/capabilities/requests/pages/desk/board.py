"""How the work goes: figures, and what comes against what ends, drawn and in a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lacydon.capabilities.services import public as services
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor, needs
from lacydon.kernel.texts import Localised
from lacydon.kernel.ui.shown import done

from ...actions import notifications
from ...queries import desk, workload
from ...queries.digest import reads_digest
from ...queries.roles import HANDLING, MANAGER
from .queue import desk_page

HEIGHT, WIDTH = 180, 660
"""Of the drawing, in its own units."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Two columns of a week, in units of the drawing."""

    x: float
    arrived: float
    closed: float
    week: workload.Week


@needs("desk.see")
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The work of the organisation; by agent for who manages the desk only: it steers the work, it watches nobody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = workload.board(actor)
    manages = MANAGER in actor.roles
    names = desk.colleagues(actor) if manages else {}
    context = {
        "board": found,
        "services": [(each, _service(each.id)) for each in found.services],
        "agents": [
            (each, names.get(each.id) or (_("Agent %s") % each.id[:8] if each.id else "")) for each in found.agents
        ],
        "manages": manages,
        "told": reads_digest(actor.person, manages=manages) if not HANDLING.isdisjoint(actor.roles) else None,
        "reached": bool(trust.reach_of(actor.person).emails),
        "bars": _bars(found.weeks),
        "most": max((max(each.arrived, each.closed) for each in found.weeks), default=0),
        "message": _message(found.weeks),
        "height": HEIGHT,
        "width": WIDTH,
    }
    return desk_page(request, "board", context, title=_("Tableau de bord"), here="board")


@needs("desk.see")
@require_POST
def choose_digest(request: HttpRequest) -> HttpResponse:
    """`recevoir`: 1 or 0."""
    wanted = request.POST.get("recevoir") == "1"
    notifications.choose_digest(actor=request.actor, wanted=wanted)  # type: ignore[attr-defined]
    sentence = _("Vous recevrez le point du matin.") if wanted else _("Vous ne recevrez plus le point du matin.")
    return done(request, sentence, "desk-board")


def _bars(weeks: Sequence[workload.Week]) -> list[Bar]:
    held = list(weeks)
    most = max((max(each.arrived, each.closed) for each in held), default=0) or 1
    step = WIDTH / max(len(held), 1)
    return [
        Bar(round(at * step, 1), round(each.arrived / most * HEIGHT, 1), round(each.closed / most * HEIGHT, 1), each)
        for at, each in enumerate(held)
    ]


def _message(weeks: Sequence[workload.Week]) -> str:
    """What the drawing says: the title of a chart is its message."""
    held = list(weeks)
    arrived, closed = sum(each.arrived for each in held), sum(each.closed for each in held)
    if not arrived and not closed:
        return _("Rien n’est arrivé ces 12 dernières semaines")
    told = {"closed": closed, "arrived": arrived}
    if closed == arrived:
        return _("Demandes en 12 semaines : autant de closes que d’arrivées, %(arrived)d") % told
    if closed > arrived:
        return _("La file se vide : en 12 semaines, demandes closes %(closed)d, arrivées %(arrived)d") % told
    return _("La file grandit : en 12 semaines, demandes arrivées %(arrived)d, closes %(closed)d") % told


def _service(id: str) -> Localised:
    try:
        return services.service(id).title
    except services.UnknownService:
        return {"fr": id}
