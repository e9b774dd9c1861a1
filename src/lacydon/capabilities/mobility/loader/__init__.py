"""Transport's part of a territory folder: mobility/feeds.yaml, and the networks it holds in full."""

from .feeds import FeedsReader

__all__ = ["FeedsReader"]
