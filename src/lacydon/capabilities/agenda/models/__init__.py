"""What the agenda keeps."""

from .indicators import Reading, Standing
from .states import Frozen, State

__all__ = ["Frozen", "Reading", "Standing", "State"]
