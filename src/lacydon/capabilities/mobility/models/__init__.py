"""Tables of transport: feeds and their versions. Times are files (queries/timetable), real time passes through."""

from .feeds import Feed, FeedVersion, Grouping, TimetableVersion

__all__ = ["Feed", "FeedVersion", "Grouping", "TimetableVersion"]
