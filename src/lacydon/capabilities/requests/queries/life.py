"""What was decided on a request, as it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..models import Decision, Request
from .timeline import Enclosed, Line
from .words import OUTCOMES


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision that holds, in words. `appeal`: how to dispute it, in French, whatever the page's language."""

    outcome: str
    label: str
    tacit: bool
    at: datetime
    by: str
    reason: str
    appeal: str
    law: str
    files: tuple[Enclosed, ...] = ()


def decision_of(request: Request, lines: Sequence[Line]) -> Decided | None:
    """The latest decision of a closed request; None while it is open, or when nobody decided."""
    if request.open:
        return None
    row = Decision.objects.filter(request=request).select_related("step").order_by("-step__position").first()
    line = next((each for each in lines if row and each.position == row.step.position), None)
    if row is None or line is None or row.outcome != request.outcome:
        return None
    return Decided(
        outcome=row.outcome,
        label=str(OUTCOMES[row.outcome]),
        tacit=row.tacit,
        at=row.takes_effect_at,
        by=line.by,
        reason=str(line.more.get("reason", "")),
        appeal=str(line.more.get("appeal", "")),
        law=str(line.more.get("law", "")),
        files=line.files,
    )
