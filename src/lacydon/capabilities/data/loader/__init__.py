"""The data's part of a territory folder."""

from .datasets import DataReader
from .schemas import SchemasReader
from .sources import SourcesReader

__all__ = ["DataReader", "SchemasReader", "SourcesReader"]
