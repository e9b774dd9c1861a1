"""Tables of requests."""

from .drafts import Attachment, Draft
from .figures import PublishedFigures
from .forms import FormState, FormVersion
from .reports import ApiKey, Follower, Report
from .requests import ByKind, Outcome, Request, RequestKind, RequestState, Silence, Step

__all__ = [
    "ApiKey",
    "Attachment",
    "ByKind",
    "Draft",
    "Follower",
    "FormState",
    "FormVersion",
    "Outcome",
    "PublishedFigures",
    "Report",
    "Request",
    "RequestKind",
    "RequestState",
    "Silence",
    "Step",
]
