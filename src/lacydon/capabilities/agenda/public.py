"""The door of the agenda."""

from .actions.freezing import freeze
from .actions.writing import Wanted, write
from .errors import AlreadyFrozen, ChangedMeanwhile, NotCoherent, UnknownObject
from .events import AgendaChanged, AgendaFrozen, KitAdopted, KitPutBack
from .queries.chart import Chart, chart

__all__ = [
    "AgendaChanged",
    "AgendaFrozen",
    "AlreadyFrozen",
    "ChangedMeanwhile",
    "Chart",
    "KitAdopted",
    "KitPutBack",
    "NotCoherent",
    "UnknownObject",
    "Wanted",
    "chart",
    "freeze",
    "write",
]
