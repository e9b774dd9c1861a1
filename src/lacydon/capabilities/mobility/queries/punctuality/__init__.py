"""Public punctuality, computed from what was observed and nothing else; anybody can compute each figure again."""

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
