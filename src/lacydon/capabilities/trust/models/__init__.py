"""Tables of trust."""

from .consents import Consent, ConsentRequest, Proof, SharingContract
from .contests import Contest
from .exports import DataExport
from .journal import Checkpoint, Cosignature, Entry, KeyNote, Tile
from .local import Authenticator, EmailChange, LinkPurpose, LocalAccount, OneTimeLink, Passkey, RecoveryCode
from .mandates import Evidence, Mandate, MandateHelper, MandateKind
from .organisations import Membership, Organisation, OrganisationKind, RoleGrant
from .people import CivilIdentity, ContactKind, ContactPoint, Identity, Person, PersonKey, PersonKind
from .sessions import Session

__all__ = [
    "Authenticator", "Checkpoint", "CivilIdentity", "Consent", "ConsentRequest", "ContactKind", "ContactPoint",
    "Contest", "Cosignature", "DataExport", "EmailChange", "Entry", "Evidence", "Identity",
    "KeyNote", "LinkPurpose", "LocalAccount", "Mandate", "MandateHelper", "MandateKind", "Membership", "OneTimeLink",
    "Organisation", "OrganisationKind", "Passkey", "Person", "PersonKey", "PersonKind", "Proof",
    "RecoveryCode", "RoleGrant", "Session", "SharingContract", "Tile",
]  # fmt: skip
