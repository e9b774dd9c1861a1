"""What the agenda keeps."""

from .kits import Applied, KitVersion
from .states import Frozen, State

__all__ = ["Applied", "Frozen", "KitVersion", "State"]
