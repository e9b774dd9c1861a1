"""Who in the organisation looks after a request: oneself, a colleague, nobody."""

from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.errors import BadInput

from ..errors import NotNow
from ..models import RequestState, Step
from ..queries.roles import HANDLING
from .moving import Change, changing

NEW = (RequestState.RECEIVED, RequestState.SENT)


def take(*, actor: Actor, number: str, revision: int | None = None) -> Step | None:
    """The agent looks after it from now on; the resident is told when nobody did before. None: they did already."""
    with changing(actor=actor, action="request.assign", number=number, revision=revision) as change:
        row = change.request
        _open(change)
        if row.state in NEW:
            change.move(RequestState.IN_PROGRESS)
            row.assignee_id = change.actor.person
            return change.note("taken")
        if str(row.assignee_id) == actor.person:
            return None
        return _given(change, actor.person)


def assign(*, actor: Actor, number: str, to: str, revision: int | None = None) -> Step | None:
    """A colleague who may handle requests of this organisation looks after it; nobody when `to` is empty.

    Raises BadInput when they may not. None: it is so already.
    """
    with changing(actor=actor, action="request.assign", number=number, revision=revision) as change:
        row = change.request
        _open(change)
        if str(row.assignee_id or "") == to:
            return None
        if to and trust.roles_of(to, organisation=row.organisation_id).isdisjoint(HANDLING):
            raise BadInput(_("Choisissez un collègue qui traite les demandes de votre organisme."), field="to")
        return _given(change, to)


def _given(change: Change, to: str) -> Step:
    change.request.assignee_id = to or None
    if not to:
        return change.note("unassigned", public=False)
    return change.note("assigned", words={"to": to}, public=False)


def _open(change: Change) -> None:
    if not change.request.open:
        raise NotNow(_("Cette demande est close : rouvrez-la d’abord."))
