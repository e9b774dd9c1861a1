"""Readings of the indicators: what was measured, what proves it, whether it is still true."""

from .readings import Gauge, gauge, gauges, readings

__all__ = ["Gauge", "gauge", "gauges", "readings"]
