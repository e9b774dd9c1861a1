"""The door of requests."""

from .actions.opening import Opened, Where, open_request
from .actions.reading import File, read_by_secret, read_request
from .errors import ChangedMeanwhile, NobodyCompetent, NotNow, UnknownDraft, UnknownForm, UnknownRequest, WrongAnswers
from .events import DeliveryDied, DeliveryQueued, RequestMoved, RequestOpened
from .ports import (
    Channel,
    ChannelClosed,
    Contact,
    Health,
    Parcel,
    ParcelFile,
    ParcelRefused,
    Receipt,
    Return,
    Status,
    channels,
)
from .queries.routes import route_healths

__all__ = [
    "ChangedMeanwhile",
    "Channel",
    "ChannelClosed",
    "Contact",
    "DeliveryDied",
    "DeliveryQueued",
    "File",
    "Health",
    "NobodyCompetent",
    "NotNow",
    "Opened",
    "Parcel",
    "ParcelFile",
    "ParcelRefused",
    "Receipt",
    "RequestMoved",
    "RequestOpened",
    "Return",
    "Status",
    "UnknownDraft",
    "UnknownForm",
    "UnknownRequest",
    "Where",
    "WrongAnswers",
    "channels",
    "open_request",
    "read_by_secret",
    "read_request",
    "route_healths",
]
