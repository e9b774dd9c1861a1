"""Reading timetables as operators publish them (GTFS Schedule) and merging them in one."""

from .gathered import Given
from .gathering import gather

__all__ = ["Given", "gather"]
