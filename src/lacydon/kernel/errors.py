"""What can be refused to a person, and how it is said.

Refused                     a person can mend it; `code` names it, `sentence` says how
├── NotFound                404: what was named does not exist
├── BadInput                422: a value is wrong; `field` says which one
│   ├── UnknownParameter    400: a parameter nobody asked for
│   └── OutsideTerritory    404: a place this territory does not cover; says whom to ask
├── Forbidden               403: this visitor may not
├── Conflict                409: somebody else changed it meanwhile
├── TooManyRequests         429: slow down; `retry_after` in seconds
└── Unavailable             503: something we need does not answer; try again
"""

from typing import Any, ClassVar


class Refused(Exception):  # noqa: N818  (the house word for an error that a person can mend)
    """An act refused for a reason that a person can understand and mend."""

    status: ClassVar[int] = 400
    code: str = "refused"
    leads_to: ClassVar[str] = ""
    """The name of a page that says it better and helps to mend it: people are sent there."""

    def __init__(self, sentence: Any, *, code: str | None = None, field: str | None = None, **facts: Any) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.code = code or self.code
        self.field = field
        self.facts = facts


class NotFound(Refused):
    status = 404
    code = "not-found"


class BadInput(Refused):
    status = 422
    code = "bad-input"


class UnknownParameter(BadInput):
    status = 400
    code = "unknown-parameter"


class OutsideTerritory(BadInput):
    status = 404
    code = "outside-territory"


class Forbidden(Refused):
    status = 403
    code = "forbidden"


class Conflict(Refused):
    status = 409
    code = "conflict"


class TooManyRequests(Refused):
    status = 429
    code = "too-many-requests"

    def __init__(self, sentence: Any, *, retry_after: int, **kwargs: Any) -> None:
        super().__init__(sentence, retry_after=retry_after, **kwargs)
        self.retry_after = retry_after


class Unavailable(Refused):
    status = 503
    code = "unavailable"
