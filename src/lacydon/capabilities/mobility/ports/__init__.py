"""What systems outside must offer to be plugged into transport, one module a port."""

from .columns import SaidCalls
from .said import Remark, Said, SaidAlert, SaidCall, SaidTrip, SaidVehicle, SaidVisit
from .sources import WHOLE, LiveConnector, LiveConnectors, Question, Subject, live_connectors, no_page
from .stations import SaidStations, Station

__all__ = [
    "WHOLE",
    "LiveConnector",
    "LiveConnectors",
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
    "live_connectors",
    "no_page",
]
