"""What agents tell each other about a request: sealed, never shown to its resident nor to another organisation."""

from lacydon.kernel.access import Actor

from ..models import Step
from .messages import written
from .moving import changing


def add_note(*, actor: Actor, number: str, words: str) -> Step:
    """An internal note. It overwrites nothing, so it is taken whatever happened meanwhile. Raises BadInput."""
    said = written(words, field="words")
    with changing(actor=actor, action="request.handle", number=number) as change:
        return change.note("note", words={"words": said}, public=False)
