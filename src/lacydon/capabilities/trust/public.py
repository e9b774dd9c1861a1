"""The door of trust."""

from .actions.consents import ask_consent
from .actions.journal import Draft, record, record_all, record_alone
from .actions.mandates import acting
from .actions.notices import Reach, reach_of
from .actions.organisations import appoint
from .actions.people import sign_in
from .actions.proofs import download_proof
from .actions.publication import publish_checkpoint
from .actions.reading import UsedProof, read_civil_identity, read_contact_point, use_proof
from .errors import (
    ErasedPerson,
    IdentityTaken,
    MandateOver,
    NoConsent,
    NoContract,
    NotAllowed,
    PurposeNeeded,
    UnknownPerson,
)
from .ports import Beginning, IdentityProvider, Proven, identity_providers
from .queries import policies
from .queries.agents import agent_names, colleagues, holders, members
from .queries.consents import consent_for
from .queries.doers import Doer, doers_of
from .queries.journal import entries_of, entry_of, proof_file, proof_of
from .queries.keys import seal_for, unseal_of
from .queries.organisations import authorities, organisation, roles_of
from .queries.own import OwnCompany, own_company, own_contact, own_proof
from .queries.people import person_of_identity
from .queries.policy import can, require
from .queries.themes import THEMES
from .queries.wall import bring, bring_public, house, in_house

__all__ = [
    "THEMES",
    "Beginning",
    "Doer",
    "Draft",
    "ErasedPerson",
    "IdentityProvider",
    "IdentityTaken",
    "MandateOver",
    "NoConsent",
    "NoContract",
    "NotAllowed",
    "OwnCompany",
    "Proven",
    "PurposeNeeded",
    "Reach",
    "UnknownPerson",
    "UsedProof",
    "acting",
    "agent_names",
    "appoint",
    "ask_consent",
    "authorities",
    "bring",
    "bring_public",
    "can",
    "colleagues",
    "consent_for",
    "doers_of",
    "download_proof",
    "entries_of",
    "entry_of",
    "holders",
    "house",
    "identity_providers",
    "in_house",
    "members",
    "organisation",
    "own_company",
    "own_contact",
    "own_proof",
    "person_of_identity",
    "policies",
    "proof_file",
    "proof_of",
    "publish_checkpoint",
    "reach_of",
    "read_civil_identity",
    "read_contact_point",
    "record",
    "record_all",
    "record_alone",
    "require",
    "roles_of",
    "seal_for",
    "sign_in",
    "unseal_of",
    "use_proof",
]
