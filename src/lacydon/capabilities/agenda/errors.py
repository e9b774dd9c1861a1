"""What is refused here, each with a code and a sentence."""

from lacydon.kernel.errors import BadInput, Conflict, NotFound


class UnknownObject(NotFound):
    """The agenda holds nothing of this kind and name, or did not at that date."""

    code = "unknown-object"


class NotCoherent(BadInput):
    """What is written contradicts the rest of the agenda: the sentence names what, and how to mend it."""

    code = "not-coherent"


class ChangedMeanwhile(Conflict):
    """Somebody else changed it since it was read."""

    code = "changed-meanwhile"


class AlreadyFrozen(Conflict):
    """A vote freezes the agenda once."""

    code = "already-frozen"


class DateVoted(Conflict):
    """What a vote froze is not changed without another act."""

    code = "date-voted"


class RefusedLines(BadInput):
    """A file that cannot be taken: `facts["lines"]` says every Refusal; nothing of it was written."""

    code = "refused-lines"
