"""What disturbs transport, now and soon, on a line, at a place, in a commune; and what did before."""

from .held import (
    DISRUPTIONS,
    current,
    disruption,
    in_commune,
    now_and_soon,
    on_line,
    on_place,
    on_trip,
)
from .history import Found, past
from .views import About, DisruptionView, Period, view_of
from .words import CAUSES, EFFECTS, SEVERITIES

__all__ = [
    "CAUSES",
    "DISRUPTIONS",
    "EFFECTS",
    "SEVERITIES",
    "About",
    "DisruptionView",
    "Found",
    "Period",
    "current",
    "disruption",
    "in_commune",
    "now_and_soon",
    "on_line",
    "on_place",
    "on_trip",
    "past",
    "view_of",
]
