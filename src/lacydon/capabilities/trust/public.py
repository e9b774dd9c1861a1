"""The door of trust."""

from .actions.journal import record
from .actions.organisations import appoint
from .errors import ErasedPerson, IdentityTaken, NotAllowed, UnknownPerson
from .ports import Beginning, IdentityProvider, Proven, identity_providers
from .queries.agents import agent_names, members
from .queries.keys import seal_for, unseal_of
from .queries.policy import can, require

__all__ = [
    "Beginning",
    "ErasedPerson",
    "IdentityProvider",
    "IdentityTaken",
    "NotAllowed",
    "Proven",
    "UnknownPerson",
    "agent_names",
    "appoint",
    "can",
    "identity_providers",
    "members",
    "record",
    "require",
    "seal_for",
    "unseal_of",
]
