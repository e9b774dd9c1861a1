"""Internal notes: read by the organisation that wrote them, and by the one they were written for."""

from lacydon.kernel.access import Actor

from ..models import Request, Step


def hidden_notes(request: Request, actor: Actor) -> frozenset[int]:
    """Positions of the notes that are not for this agent: those of another organisation the request was with."""
    rows = Step.objects.filter(request=request, kind="note").exclude(organisation_id=actor.organisation)
    return frozenset(position for position, facts in rows.values_list("position", "facts")
                     if facts.get("for") != actor.organisation)  # fmt: skip
