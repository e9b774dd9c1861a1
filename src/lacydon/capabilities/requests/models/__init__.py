"""Tables of requests."""

from .desk import Bulk, CannedAnswer, SavedView
from .drafts import Attachment, Draft
from .forms import FormState, FormVersion
from .requests import ByKind, Outcome, Request, RequestKind, RequestState, Silence, Step

__all__ = [
    "Attachment",
    "Bulk",
    "ByKind",
    "CannedAnswer",
    "Draft",
    "FormState",
    "FormVersion",
    "Outcome",
    "Request",
    "RequestKind",
    "RequestState",
    "SavedView",
    "Silence",
    "Step",
]
