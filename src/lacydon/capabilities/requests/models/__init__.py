"""Tables of requests."""

from .appointments import (
    Appointment,
    AppointmentState,
    Closure,
    CounterDesk,
    CounterPlace,
    HeldTime,
    Motive,
    Opening,
)
from .delivery import Callback, Delivery, DeliveryState, Route, RouteSecret, RouteState
from .desk import Bulk, CannedAnswer, SavedView
from .drafts import Attachment, Draft
from .figures import PublishedFigures
from .forms import FormState, FormVersion
from .life import AskedDocument, AskedState, Decision
from .notifications import Means, Preferences, PushSubscription, Telling
from .payments import AttemptState, Payment, PaymentAttempt, PaymentState
from .reports import ApiKey, Follower, Report
from .requests import ByKind, Outcome, Request, RequestKind, RequestState, Silence, Step

__all__ = [
    "ApiKey",
    "Appointment",
    "AppointmentState",
    "AskedDocument",
    "AskedState",
    "Attachment",
    "AttemptState",
    "Bulk",
    "ByKind",
    "Callback",
    "CannedAnswer",
    "Closure",
    "CounterDesk",
    "CounterPlace",
    "Decision",
    "Delivery",
    "DeliveryState",
    "Draft",
    "Follower",
    "FormState",
    "FormVersion",
    "HeldTime",
    "Means",
    "Motive",
    "Opening",
    "Outcome",
    "Payment",
    "PaymentAttempt",
    "PaymentState",
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
