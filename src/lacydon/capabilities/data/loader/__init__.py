"""The data's part of a territory folder."""

from .datasets import DataReader
from .sources import SourcesReader

__all__ = ["DataReader", "SourcesReader"]
