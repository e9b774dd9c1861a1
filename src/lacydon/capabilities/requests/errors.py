"""What requests refuse, each with its code."""

from lacydon.kernel.errors import BadInput, Conflict, NotFound, Unavailable


class UnknownRequest(NotFound):
    code = "unknown-request"


class UnknownForm(NotFound):
    code = "unknown-form"


class UnknownDraft(NotFound):
    """There is no such draft, or it has expired, or it is somebody else's."""

    code = "unknown-draft"


class ChangedMeanwhile(Conflict):
    """Somebody else wrote to this request since it was read."""

    code = "changed-meanwhile"


class NotNow(Conflict):
    """The request is not in a state in which this can be done."""

    code = "not-now"


class NobodyCompetent(Unavailable):
    """No organisation of the platform is in charge of this here."""

    status = 409
    code = "nobody-competent"


class WrongAnswers(BadInput):
    """Answers that do not hold against the form; `facts["errors"]`: name of the field → sentence."""

    code = "wrong-answers"


class NameTaken(Conflict):
    code = "name-taken"
