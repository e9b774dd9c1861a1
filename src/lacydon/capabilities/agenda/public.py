"""The door of the agenda."""

from .actions.freezing import freeze
from .actions.indicators.measuring import Measured, measure
from .actions.money import annex, load_budget, load_grants
from .actions.writing import Wanted, write
from .errors import AlreadyFrozen, ChangedMeanwhile, NotCoherent, RefusedLines, UnknownObject
from .events import AgendaChanged, AgendaFrozen, IndicatorMoved, KitAdopted, KitPutBack
from .queries.chart import Chart, chart
from .queries.indicators import Gauge, gauge, gauges, readings
from .queries.money.sheets import day_of

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
    "RefusedLines",
    "UnknownObject",
    "Wanted",
    "annex",
    "chart",
    "day_of",
    "freeze",
    "gauge",
    "gauges",
    "load_budget",
    "load_grants",
    "measure",
    "readings",
    "write",
]
