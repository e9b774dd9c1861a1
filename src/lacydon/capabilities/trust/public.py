"""The door of trust."""

from .actions.journal import record
from .errors import ErasedPerson, IdentityTaken, NotAllowed, UnknownPerson
from .queries.keys import seal_for, unseal_of
from .queries.policy import can, require

__all__ = [
    "ErasedPerson",
    "IdentityTaken",
    "NotAllowed",
    "UnknownPerson",
    "can",
    "record",
    "require",
    "seal_for",
    "unseal_of",
]
