"""Tables of transport: feeds and their versions. Times are files (queries/timetable), real time passes through."""

from .feeds import Feed, FeedVersion, Grouping, TimetableVersion
from .live import LiveHour, LiveSource, LiveTurn, LiveWords, LookedAt

__all__ = [
    "Feed",
    "FeedVersion",
    "Grouping",
    "LiveHour",
    "LiveSource",
    "LiveTurn",
    "LiveWords",
    "LookedAt",
    "TimetableVersion",
]
