"""Readings of the indicators: what was measured, what proves it, whether it is still true."""

from .readings import Gauge, gauge, gauges, readings, series
from .sources import datasets_read

__all__ = ["Gauge", "datasets_read", "gauge", "gauges", "readings", "series"]
