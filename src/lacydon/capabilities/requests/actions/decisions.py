"""What the authority decides, and what ends a request: taken in charge, decided, solved, withdrawn."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from lacydon.kernel import uploads
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput

from ..errors import NotNow
from ..models import Decision, Outcome, RequestKind, RequestState, Step
from ..queries.appeal import UNFAVOURABLE, means_of_appeal
from .documents import drop_asked
from .enclosing import Sent, enclose, looked_at
from .messages import written
from .moving import Change, changing

DECIDED = frozenset({Outcome.ACCEPTED, Outcome.PARTLY, Outcome.REFUSED})


def take_in_charge(*, actor: Actor, number: str, revision: int | None = None, words: str = "") -> Step:
    """An agent takes a request in charge, as its assignee when it has none."""
    said = written(words, field="words", required=False)
    with changing(actor=actor, action="request.handle", number=number, revision=revision) as change:
        if change.request.state not in (RequestState.RECEIVED, RequestState.SENT):
            raise NotNow(_("Cette demande est déjà prise en charge, ou close."))
        change.move(RequestState.IN_PROGRESS)
        if change.request.assignee_id is None:
            change.request.assignee_id = change.actor.person
        return change.note("taken", words={"words": said} if said else None)


def decide(
    *,
    actor: Actor,
    number: str,
    revision: int | None,
    outcome: str,
    reason: str,
    appeal: str = "",
    attachments: Sequence[Sent] = (),
) -> Decision:
    """Accept, accept in part or refuse. A refusal, whole or in part, says why (CRPA, art. L. 211-2 and L. 211-5).

    `appeal`: how to dispute it, when it is not what the form or the law says by default. Raises BadInput.
    """
    if outcome not in DECIDED:
        raise BadInput(_("Choisissez : acceptée, acceptée en partie, ou refusée."), field="outcome")
    unfavourable = outcome in UNFAVOURABLE
    why = written(reason, field="reason", required=False)
    if unfavourable and not why:
        raise BadInput(
            _("Un refus, même en partie, se motive : écrivez pourquoi, en fait et en droit."), field="reason"
        )
    other = written(appeal, field="appeal", required=False)
    checked = looked_at(attachments)
    with changing(actor=actor, action="request.decide", number=number, revision=revision) as change:
        words = {"reason": why}
        if unfavourable:
            words["appeal"] = other or means_of_appeal(change.request)
        return _decided(change, Outcome(outcome), words=words, checked=checked, field="decision")


def close_report(
    *,
    actor: Actor,
    number: str,
    revision: int | None,
    solved: bool,
    words: str = "",
    attachments: Sequence[Sent] = (),
) -> Decision:
    """A report is solved, with a photo that shows it when there is one, or will not be, and then says why."""
    said = written(words, field="words", required=False)
    if not solved and not said:
        raise BadInput(_("Dites pourquoi ce n’est pas résolu, et qui peut agir."), field="words")
    checked = looked_at(attachments)
    with changing(actor=actor, action="request.decide", number=number, revision=revision) as change:
        if change.request.kind != RequestKind.REPORT:
            raise NotNow(_("Une demande se décide : acceptée, en partie, ou refusée."))
        outcome = Outcome.SOLVED if solved else Outcome.UNSOLVED
        return _decided(change, outcome, words={"reason": said}, checked=checked, field="proof")


def withdraw(
    *, actor: Actor, number: str, reason: str = "", secret: str | None = None, revision: int | None = None
) -> Step:
    """The resident gives their request up."""
    said = written(reason, field="reason", required=False)
    with changing(
        actor=actor, action="request.write", number=number, secret=secret, revision=revision,
        about=_("Retrait de la demande %s") % number,
    ) as change:  # fmt: skip
        change.close(Outcome.WITHDRAWN)
        drop_asked(change)
        return change.note("withdrawn", words={"reason": said} if said else None)


def decided_by_silence(change: Change, outcome: Outcome, *, words: dict[str, Any]) -> Decision:
    """What the silence decided, on the day the delay was over."""
    row = change.request
    over = row.due_at or now()
    change.close(outcome)
    drop_asked(change)
    step = change.note("tacit", facts={"outcome": outcome.value, "on": over.isoformat()}, words=words)
    return Decision.objects.create(request=row, step=step, outcome=outcome, tacit=True, takes_effect_at=over)


def _decided(
    change: Change, outcome: Outcome, *, words: dict[str, str], checked: Sequence[uploads.Checked], field: str
) -> Decision:
    change.close(outcome)
    drop_asked(change)
    step = change.note("decided", facts={"outcome": outcome.value}, words=words)
    enclose(step, checked, field=field)
    return Decision.objects.create(request=change.request, step=step, outcome=outcome, takes_effect_at=step.at)
