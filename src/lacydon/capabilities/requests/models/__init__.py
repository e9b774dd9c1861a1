"""Tables of requests."""

from .drafts import Attachment, Draft
from .forms import FormState, FormVersion
from .requests import ByKind, Outcome, Request, RequestKind, RequestState, Silence, Step

__all__ = [
    "Attachment",
    "ByKind",
    "Draft",
    "FormState",
    "FormVersion",
    "Outcome",
    "Request",
    "RequestKind",
    "RequestState",
    "Silence",
    "Step",
]
