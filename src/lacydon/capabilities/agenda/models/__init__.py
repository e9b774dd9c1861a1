"""What the agenda keeps."""

from .indicators import Reading, Standing
from .kits import Applied, KitVersion
from .money import Annex
from .sharing import SharedScreen
from .states import Frozen, State

__all__ = ["Annex", "Applied", "Frozen", "KitVersion", "Reading", "SharedScreen", "Standing", "State"]
