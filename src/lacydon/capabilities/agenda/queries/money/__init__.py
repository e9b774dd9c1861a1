"""Money in the terms of French local finance: totals that always make the whole, files that are read line by line."""

from .annexes import Compared, compared_with, gaps
from .totals import BY, Group, Share, grouped, shares, whole, years

__all__ = ["BY", "Compared", "Group", "Share", "compared_with", "gaps", "grouped", "shares", "whole", "years"]
