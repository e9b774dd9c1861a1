"""Tables of requests."""

from .drafts import Attachment, Draft
from .forms import FormState, FormVersion
from .life import AskedDocument, AskedState, Decision
from .notifications import Means, Preferences, PushSubscription, Telling
from .requests import ByKind, Outcome, Request, RequestKind, RequestState, Silence, Step

__all__ = [
    "AskedDocument",
    "AskedState",
    "Attachment",
    "ByKind",
    "Decision",
    "Draft",
    "FormState",
    "FormVersion",
    "Means",
    "Outcome",
    "Preferences",
    "PushSubscription",
    "Request",
    "RequestKind",
    "RequestState",
    "Silence",
    "Step",
    "Telling",
]
