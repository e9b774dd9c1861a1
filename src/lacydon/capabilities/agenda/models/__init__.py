"""What the agenda keeps."""

from .indicators import Reading, Standing
from .money import Annex
from .sharing import SharedScreen
from .states import Frozen, State

__all__ = ["Annex", "Frozen", "Reading", "SharedScreen", "Standing", "State"]
