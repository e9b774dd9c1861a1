"""The door of the agenda."""

from .actions.freezing import freeze
from .actions.writing import Wanted, write
from .errors import AlreadyFrozen, ChangedMeanwhile, NotCoherent, UnknownObject
from .events import AgendaChanged, AgendaFrozen
from .queries.chart import Chart, chart

__all__ = [
    "AgendaChanged",
    "AgendaFrozen",
    "AlreadyFrozen",
    "ChangedMeanwhile",
    "Chart",
    "NotCoherent",
    "UnknownObject",
    "Wanted",
    "chart",
    "freeze",
    "write",
]
