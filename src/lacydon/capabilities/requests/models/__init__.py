"""Tables of requests."""

from .delivery import Callback, Delivery, DeliveryState, Route, RouteSecret, RouteState
from .drafts import Attachment, Draft
from .forms import FormState, FormVersion
from .reports import ApiKey, Follower, Report
from .requests import ByKind, Outcome, Request, RequestKind, RequestState, Silence, Step

__all__ = [
    "ApiKey",
    "Attachment",
    "ByKind",
    "Callback",
    "Delivery",
    "DeliveryState",
    "Draft",
    "Follower",
    "FormState",
    "FormVersion",
    "Outcome",
    "Report",
    "Request",
    "RequestKind",
    "RequestState",
    "Route",
    "RouteSecret",
    "RouteState",
    "Silence",
    "Step",
]
