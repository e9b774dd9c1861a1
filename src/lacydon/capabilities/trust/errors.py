"""Refusals of trust."""

from lacydon.kernel.errors import Conflict, Forbidden, NotFound


class NotAllowed(Forbidden):
    """The policy says no; the sentence says why, as far as that may be told."""

    code = "not-allowed"


class ErasedPerson(NotFound):
    """What this person had was erased: its key is gone."""

    code = "erased"


class UnknownPerson(NotFound):
    code = "unknown-person"


class IdentityTaken(Conflict):
    """The identity to link belongs to another account."""

    code = "identity-taken"
