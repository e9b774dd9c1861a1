"""Every write of the territory."""

from .folder import load_territory

__all__ = ["load_territory"]
