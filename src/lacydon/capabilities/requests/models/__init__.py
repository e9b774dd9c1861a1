"""Tables of requests."""

from .delivery import Callback, Delivery, DeliveryState, Route, RouteSecret, RouteState
from .drafts import Attachment, Draft
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
    "ByKind",
    "Callback",
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
    "PushSubscription",
    "Report",
    "Request",
    "RequestKind",
    "RequestState",
    "Route",
    "RouteSecret",
    "RouteState",
    "Silence",
    "Step",
    "Telling",
]
