"""The door of trust."""

from .actions.journal import record
from .actions.mandates import acting
from .errors import ErasedPerson, IdentityTaken, MandateOver, NotAllowed, UnknownPerson
from .ports import Beginning, IdentityProvider, Proven, identity_providers
from .queries.keys import seal_for, unseal_of
from .queries.policy import can, require

__all__ = [
    "Beginning",
    "ErasedPerson",
    "IdentityProvider",
    "IdentityTaken",
    "MandateOver",
    "NotAllowed",
    "Proven",
    "UnknownPerson",
    "acting",
    "can",
    "identity_providers",
    "record",
    "require",
    "seal_for",
    "unseal_of",
]
