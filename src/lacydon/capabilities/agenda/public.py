"""The door of the agenda."""

from .actions.freezing import freeze
from .actions.indicators.measuring import Measured, measure
from .actions.writing import Wanted, write
from .errors import AlreadyFrozen, ChangedMeanwhile, NotCoherent, UnknownObject
from .events import AgendaChanged, AgendaFrozen, IndicatorMoved, KitAdopted, KitPutBack
from .queries.chart import Chart, chart
from .queries.indicators import Gauge, gauge, gauges, readings

__all__ = [
    "AgendaChanged",
    "AgendaFrozen",
    "AlreadyFrozen",
    "ChangedMeanwhile",
    "Chart",
    "Gauge",
    "IndicatorMoved",
    "KitAdopted",
    "KitPutBack",
    "Measured",
    "NotCoherent",
    "UnknownObject",
    "Wanted",
    "chart",
    "freeze",
    "gauge",
    "gauges",
    "measure",
    "readings",
    "write",
]
