"""The door of transport."""

from .actions.live.demand import looked_at
from .errors import NoTimetable, NotWhatWasAsked, UnknownLine, UnknownSource, UnknownStop, UnreadableFeed
from .events import TimetableChanged
from .ports import (
    Question,
    Remark,
    Said,
    SaidAlert,
    SaidCall,
    SaidCalls,
    SaidStations,
    SaidTrip,
    SaidVehicle,
    SaidVisit,
    Station,
    Subject,
    live_connectors,
    no_page,
)
from .ports.said import MEASURED, NO_DELAY, SKIPPED, STANDS, UNCERTAIN
from .ports.words import plain_words
from .queries.live import live
from .queries.live.health import live_healths

__all__ = [
    "MEASURED",
    "NO_DELAY",
    "SKIPPED",
    "STANDS",
    "UNCERTAIN",
    "NoTimetable",
    "NotWhatWasAsked",
    "Question",
    "Remark",
    "Said",
    "SaidAlert",
    "SaidCall",
    "SaidCalls",
    "SaidStations",
    "SaidTrip",
    "SaidVehicle",
    "SaidVisit",
    "Station",
    "Subject",
    "TimetableChanged",
    "UnknownLine",
    "UnknownSource",
    "UnknownStop",
    "UnreadableFeed",
    "live",
    "live_connectors",
    "live_healths",
    "looked_at",
    "no_page",
    "plain_words",
]
