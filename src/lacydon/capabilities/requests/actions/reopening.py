"""An agent opens a closed request again: it was closed by mistake, or there is more to do."""

from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now

from ..errors import NotNow
from ..models import Outcome, Silence, Step
from ..queries.deadlines import due
from .delivery import queue_delivery
from .messages import written
from .moving import changing

NEVER = frozenset({Outcome.WITHDRAWN})
"""What its resident gave up is theirs to ask again."""


def reopen_at_desk(*, actor: Actor, number: str, revision: int | None, reason: str) -> Step:
    """The resident is told why. One that was joined to another stands alone again. Raises BadInput, NotNow."""
    said = written(reason, field="reason")
    with changing(actor=actor, action="request.decide", number=number, revision=revision) as change:
        row = change.request
        if row.outcome in NEVER:
            raise NotNow(_("Son auteur a retiré cette demande : lui seul peut en refaire une."))
        outcome = row.outcome
        change.reopen()
        row.merged_into = None
        row.assignee_id = row.assignee_id or change.actor.person
        row.due_at, row.silence = due(row.form.content, opened=now()), Silence.NONE
        with trust.house():
            queue_delivery(request=row)
        return change.note("reopened", facts={"appeal": False, "outcome": outcome}, words={"reason": said})
