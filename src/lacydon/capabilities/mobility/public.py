"""The door of transport."""

from .errors import NoTimetable, UnknownLine, UnknownSource, UnknownStop, UnreadableFeed
from .events import TimetableChanged

__all__ = ["NoTimetable", "TimetableChanged", "UnknownLine", "UnknownSource", "UnknownStop", "UnreadableFeed"]
