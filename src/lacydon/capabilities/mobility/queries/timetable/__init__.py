"""What is planned: one timetable made of every feed in force, as arrays on the disk."""

from .days import day_of, moment, seconds_in, service_days, start_of
from .held import SNAPSHOT, known, timetable
from .nouns import Agency, Fare, FeedInfo, Pathway, Place, Route, Stop, StopKind, Transfer, Wheelchair
from .shelf import opened, shelve
from .table import Timetable, Words

__all__ = [
    "SNAPSHOT",
    "Agency",
    "Fare",
    "FeedInfo",
    "Pathway",
    "Place",
    "Route",
    "Stop",
    "StopKind",
    "Timetable",
    "Transfer",
    "Wheelchair",
    "Words",
    "day_of",
    "known",
    "moment",
    "opened",
    "seconds_in",
    "service_days",
    "shelve",
    "start_of",
    "timetable",
]
