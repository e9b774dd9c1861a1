"""Reading timetables as operators publish them (GTFS Schedule) and merging them in one."""

from .gathered import Given, Report
from .gathering import Merged, content_of, gather, merge
from .grouping import METRES, metres
from .remarks import Remark, Remarks
from .rules import RULES, Severity

__all__ = [
    "METRES",
    "RULES",
    "Given",
    "Merged",
    "Remark",
    "Remarks",
    "Report",
    "Severity",
    "content_of",
    "gather",
    "merge",
    "metres",
]
