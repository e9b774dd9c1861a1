"""Tables of requests."""

from .delivery import Callback, Delivery, DeliveryState, Route, RouteSecret, RouteState
from .drafts import Attachment, Draft
from .forms import FormState, FormVersion
from .requests import ByKind, Outcome, Request, RequestKind, RequestState, Silence, Step

__all__ = [
    "Attachment",
    "ByKind",
    "Callback",
    "Delivery",
    "DeliveryState",
    "Draft",
    "FormState",
    "FormVersion",
    "Outcome",
    "Request",
    "RequestKind",
    "RequestState",
    "Route",
    "RouteSecret",
    "RouteState",
    "Silence",
    "Step",
]
