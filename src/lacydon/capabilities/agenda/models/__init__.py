"""What the agenda keeps."""

from .indicators import Reading, Standing
from .kits import Applied, KitVersion
from .states import Frozen, State

__all__ = ["Applied", "Frozen", "KitVersion", "Reading", "Standing", "State"]
