"""The door of requests."""

from .actions.opening import Opened, Where, open_request
from .actions.reading import File, read_by_secret, read_request
from .errors import ChangedMeanwhile, NobodyCompetent, NotNow, UnknownDraft, UnknownForm, UnknownRequest, WrongAnswers
from .events import RequestMoved, RequestOpened

__all__ = [
    "ChangedMeanwhile",
    "File",
    "NobodyCompetent",
    "NotNow",
    "Opened",
    "RequestMoved",
    "RequestOpened",
    "UnknownDraft",
    "UnknownForm",
    "UnknownRequest",
    "Where",
    "WrongAnswers",
    "open_request",
    "read_by_secret",
    "read_request",
]
