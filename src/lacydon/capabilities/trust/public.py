"""The door of trust."""

from .actions.journal import record
from .actions.mandates import acting
from .actions.organisations import appoint
from .errors import ErasedPerson, IdentityTaken, MandateOver, NotAllowed, UnknownPerson
from .ports import Beginning, IdentityProvider, Proven, identity_providers
from .queries.agents import agent_names, members
from .queries.keys import seal_for, unseal_of
from .queries.policy import can, require
from .queries.wall import house, in_house

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
    "agent_names",
    "appoint",
    "can",
    "house",
    "identity_providers",
    "in_house",
    "members",
    "record",
    "require",
    "seal_for",
    "unseal_of",
]
