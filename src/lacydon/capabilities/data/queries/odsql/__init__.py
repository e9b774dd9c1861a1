"""ODSQL, the query language of the Explore API 2.1: read, and made into questions asked of a table."""

from .clauses import Asked, asked, condition, zone_of

__all__ = ["Asked", "asked", "condition", "zone_of"]
