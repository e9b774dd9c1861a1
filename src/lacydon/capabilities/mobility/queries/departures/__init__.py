"""Departures: what is planned and what really happens, in one list that says how sure each of its times is."""

from .board import between, departures
from .nouns import Departure, Sureness
from .words import Group, Shown, badge, groups, shown

__all__ = ["Departure", "Group", "Shown", "Sureness", "badge", "between", "departures", "groups", "shown"]
