"""The door of trust."""

from .actions.journal import Draft, record, record_all, record_alone
from .actions.publication import publish_checkpoint
from .errors import ErasedPerson, IdentityTaken, NotAllowed, UnknownPerson
from .ports import Beginning, IdentityProvider, Proven, identity_providers
from .queries.journal import entries_of, entry_of, proof_file, proof_of
from .queries.keys import seal_for, unseal_of
from .queries.policy import can, require

__all__ = [
    "Beginning",
    "Draft",
    "ErasedPerson",
    "IdentityProvider",
    "IdentityTaken",
    "NotAllowed",
    "Proven",
    "UnknownPerson",
    "can",
    "entries_of",
    "entry_of",
    "identity_providers",
    "proof_file",
    "proof_of",
    "publish_checkpoint",
    "record",
    "record_all",
    "record_alone",
    "require",
    "seal_for",
    "unseal_of",
]
