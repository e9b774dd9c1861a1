"""What the agenda keeps."""

from .indicators import Reading, Standing
from .kits import Applied, KitVersion
from .money import Annex
from .reminders import Reminder
from .sharing import SharedScreen
from .states import Frozen, State

__all__ = ["Annex", "Applied", "Frozen", "KitVersion", "Reading", "Reminder", "SharedScreen", "Standing", "State"]
