"""Tables of requests."""

from .delivery import Callback, Delivery, DeliveryState, Route, RouteSecret, RouteState
from .desk import Bulk, CannedAnswer, SavedView
from .drafts import Attachment, Draft
from .figures import PublishedFigures
from .forms import FormState, FormVersion
from .life import AskedDocument, AskedState, Decision
from .notifications import Means, Preferences, PushSubscription, Telling
from .reports import ApiKey, Follower, Report
from .requests import ByKind, Outcome, Request, RequestKind, RequestState, Silence, Step

__all__ = [
    "ApiKey",
    "AskedDocument",
    "AskedState",
    "Attachment",
    "Bulk",
    "ByKind",
    "Callback",
    "CannedAnswer",
    "Decision",
    "Delivery",
    "DeliveryState",
    "Draft",
    "Follower",
    "FormState",
    "FormVersion",
    "Means",
    "Outcome",
    "Preferences",
    "PublishedFigures",
    "PushSubscription",
    "Report",
    "Request",
    "RequestKind",
    "RequestState",
    "Route",
    "RouteSecret",
    "RouteState",
    "SavedView",
    "Silence",
    "Step",
    "Telling",
]
