"""Disruptions: written here by agents of an operator, or taken in from what sources say."""

from .content import Content, content_of, faults
from .outside import take_in
from .writing import change, discard, duplicate, end_now, publish_now, undo, withdraw, write

__all__ = [
    "Content",
    "change",
    "content_of",
    "discard",
    "duplicate",
    "end_now",
    "faults",
    "publish_now",
    "take_in",
    "undo",
    "withdraw",
    "write",
]
