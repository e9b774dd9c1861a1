"""The rows of an arrival once it was read: typed Parquet, not published yet."""

from pathlib import Path

from ..models import Arrival
from . import lake
from .columns import Column, read_columns


def rows_of(arrival: Arrival) -> Path:
    """Where its Parquet file is; it may not be there yet."""
    return lake.workshop() / str(arrival.pk) / "rows.parquet"


def columns_of(arrival: Arrival) -> tuple[Column, ...]:
    """Its columns, as they were guessed and then corrected."""
    said = arrival.corrected.get("columns") or arrival.guessed.get("columns") or []
    names = ("name", "label", "type", "kind", "description", "nullable")
    return read_columns([{name: each[name] for name in names if name in each} for each in said])
