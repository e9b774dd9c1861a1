"""Tables of transport: feeds and their versions. Times are files (queries/timetable), real time passes through."""

from .alerts import AlertSubscription, AlertTold
from .disruptions import Concerned, Disruption, Revision, Said
from .feeds import Feed, FeedVersion, Grouping, TimetableVersion
from .live import LiveHour, LiveSource, LiveTurn, LiveWords, LookedAt

__all__ = [
    "AlertSubscription",
    "AlertTold",
    "Concerned",
    "Disruption",
    "Feed",
    "FeedVersion",
    "Grouping",
    "LiveHour",
    "LiveSource",
    "LiveTurn",
    "LiveWords",
    "LookedAt",
    "Revision",
    "Said",
    "TimetableVersion",
]
