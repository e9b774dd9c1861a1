"""Lacydon, the digital platform of a territory."""

__version__ = "0.1.0"
