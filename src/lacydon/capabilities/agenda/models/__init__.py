"""What the agenda keeps."""

from .states import Frozen, State

__all__ = ["Frozen", "State"]
