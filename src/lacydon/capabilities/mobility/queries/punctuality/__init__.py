"""Public punctuality, computed from what was observed and nothing else; each figure can be computed again by anybody."""

from .definition import EARLY, FREQUENT, IRREGULAR, LATE, SMALL, early, late
from .figures import Figures, Row, Wish, figures, months, whole
from .names import SOURCES, dataset_of

__all__ = [
    "EARLY",
    "FREQUENT",
    "IRREGULAR",
    "LATE",
    "SMALL",
    "SOURCES",
    "Figures",
    "Row",
    "Wish",
    "dataset_of",
    "early",
    "figures",
    "late",
    "months",
    "whole",
]
