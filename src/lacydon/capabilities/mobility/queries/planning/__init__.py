"""Journeys: an embedded planner over the timetable in force, real time taken in."""

from .asking import journeys, planned_here
from .walking import Access

__all__ = ["Access", "journeys", "planned_here"]
