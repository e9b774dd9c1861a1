"""Refusals of trust."""

from django.utils.translation import gettext_lazy as _

from lacydon.kernel.access import StrongerSignInNeeded
from lacydon.kernel.errors import BadInput, Conflict, Forbidden, NotFound, Unavailable


class NotAllowed(Forbidden):
    """The policy says no; the sentence says why, as far as that may be told."""

    code = "not-allowed"


class SecondFactorNeeded(StrongerSignInNeeded):
    """A second factor would open it: the page that asks for one."""

    leads_to = "strengthen"


class FreshSignInNeeded(StrongerSignInNeeded):
    """The sign-in is too old to change what opens the space, and there is no second factor to show instead."""

    code = "fresh-sign-in-needed"
    leads_to = "sign-in-again"


class ErasedPerson(NotFound):
    """What this person had was erased: its key is gone."""

    code = "erased"


class UnknownPerson(NotFound):
    code = "unknown-person"


class IdentityTaken(Conflict):
    """The identity to link belongs to another account."""

    code = "identity-taken"


class MandateOver(Forbidden):
    """The mandate in hand no longer holds: revoked, ended, or left in hand too long. Nothing was written."""

    code = "mandate-over"
    leads_to = "mandate-over"

    def __init__(self) -> None:
        super().__init__(_("Ce mandat n’est plus valable : rien n’a été enregistré."))


class MandateUnknown(NotFound):
    code = "mandate-unknown"


class MandateNotReady(Conflict):
    """The mandate is not in a state where this can be done."""

    code = "mandate-not-ready"


class TextChanged(Conflict):
    """What was shown is not what would be confirmed."""

    code = "mandate-text-changed"


class WrongCode(BadInput):
    code = "wrong-code"


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


class UnknownEntry(NotFound):
    code = "unknown-entry"


class WitnessRefused(Unavailable):
    """A witness did not sign, or what it answered is not its signature."""

    code = "witness-refused"


class JournalDamaged(Unavailable):
    """What is stored of the journal's tree is not what was signed: nothing more is signed on top of it."""

    code = "journal-damaged"


class PurposeNeeded(BadInput):
    """Personal data are read for a reason that has words, or not at all."""

    code = "purpose-needed"


class NoConsent(Forbidden):
    """The person did not agree to this, or no longer does."""

    code = "no-consent"


class NoContract(Forbidden):
    """No sharing contract covers this."""

    code = "no-contract"


class NobodyAnswers(Conflict):
    """No organisation of this installation can answer; the sentence says whom to write to."""

    code = "nobody-answers"
