"""The door of transport."""

from .actions.feeds import Progress, describe_feed, receive_version
from .actions.fetching import fetch_feed
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
from .ports import records as rows
from .ports.journeys import Answer, Ask, Call, Journey, Leg, Planner, Spot, planners
from .ports.records import Row, moment_of
from .ports.said import MEASURED, NO_DELAY, SKIPPED, STANDS, UNCERTAIN
from .ports.words import plain_words
from .queries.feeds import feeds_shown
from .queries.gtfs import Remark as FeedRemark
from .queries.gtfs import Severity
from .queries.live import live
from .queries.live.health import live_healths
from .queries.planning.held import keep_the_rest
from .queries.siri import from_json as siri_json
from .queries.siri import from_xml as siri_xml
from .queries.siri import siri_said
from .queries.stops import NamedStop, stops_named
from .queries.timetable import known, timetable

__all__ = [
    "MEASURED",
    "NO_DELAY",
    "SKIPPED",
    "STANDS",
    "UNCERTAIN",
    "Answer",
    "Ask",
    "Call",
    "FeedRemark",
    "Journey",
    "Leg",
    "NamedStop",
    "NoTimetable",
    "NotWhatWasAsked",
    "Planner",
    "Progress",
    "Question",
    "Remark",
    "Row",
    "Said",
    "SaidAlert",
    "SaidCall",
    "SaidCalls",
    "SaidStations",
    "SaidTrip",
    "SaidVehicle",
    "SaidVisit",
    "Severity",
    "Spot",
    "Station",
    "Subject",
    "TimetableChanged",
    "UnknownLine",
    "UnknownSource",
    "UnknownStop",
    "UnreadableFeed",
    "describe_feed",
    "feeds_shown",
    "fetch_feed",
    "keep_the_rest",
    "known",
    "live",
    "live_connectors",
    "live_healths",
    "looked_at",
    "moment_of",
    "no_page",
    "plain_words",
    "planners",
    "receive_version",
    "rows",
    "siri_json",
    "siri_said",
    "siri_xml",
    "stops_named",
    "timetable",
]
