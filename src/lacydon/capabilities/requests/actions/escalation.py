"""The request of somebody who knocked at the wrong door: it is sent on, and they are told (CRPA, art. L. 114-2).

It moves whole, with its history and its number. Who sent it on sees it no more: what is left is the journal.
"""

from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput

from ..errors import NotNow
from ..models import RequestState, Silence, Step
from ..queries.deadlines import due
from .delivery import queue_delivery
from .documents import drop_asked
from .messages import written
from .moving import changing


def transfer(*, actor: Actor, number: str, revision: int | None, to: str, why: str, note: str = "") -> Step:
    """Send a request on to another organisation. `why` is told to the resident; `note` only to who gets it.

    The clock (CRPA L. 114-3): when silence means refusal it runs since the first administration had it; when it means
    acceptance it starts when the competent one has it, which is now; a promise of delay was made to the resident and
    is not moved. What was on its way to the former authority's own system is stopped, and it goes to that of the next
    one, when it has one. Raises BadInput (`to`, `why`), NotNow.
    """
    reason = written(why, field="why")
    word = written(note, field="note", required=False)
    if to not in {each.pk for each in trust.authorities()}:
        raise BadInput(_("Choisissez l’organisme compétent."), field="to")
    with changing(actor=actor, action="request.transfer", number=number, revision=revision) as change:
        row = change.request
        if not row.open:
            raise NotNow(_("Cette demande est close."))
        if to == row.organisation_id:
            raise BadInput(_("C’est déjà votre organisme qui en est chargé."), field="to")
        change.move(RequestState.RECEIVED)
        drop_asked(change)
        if row.silence == Silence.ACCEPT:
            row.due_at = due(row.form.content, opened=now())
        step = change.note("transferred", facts={"from": row.organisation_id, "to": to}, words={"why": reason})
        if word:
            change.note("note", facts={"for": to}, words={"words": word}, public=False)
        row.organisation_id, row.assignee_id = to, None
        with trust.house():
            queue_delivery(request=row)
        return step
