"""Departures: what is planned and what really happens, in one list that says how sure each of its times is."""

from .board import between, departures
from .nouns import Departure, Sureness

__all__ = ["Departure", "Sureness", "between", "departures"]
