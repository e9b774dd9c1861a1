"""Refusals of trust."""

from lacydon.kernel.errors import BadInput, Conflict, Forbidden, NotFound


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


class LinkSpent(NotFound):
    """A link of an e-mail that is unknown, too old, used, or for something else."""

    code = "link-spent"


class WrongSecret(BadInput):
    """An address, passphrase or code that does not open; which of them is wrong is not said."""

    code = "wrong-secret"


class WeakPassphrase(BadInput):
    code = "weak-passphrase"


class PasskeyRefused(BadInput):
    """What the browser brought back does not prove anything: wrong place, too late, unknown key."""

    code = "passkey-refused"


class AddressTaken(Conflict):
    """The address opens another account."""

    code = "address-taken"
