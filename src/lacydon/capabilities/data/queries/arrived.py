"""The rows of an arrival once it was read: typed Parquet, not published yet."""

from pathlib import Path

from ..models import Arrival
from . import lake
from .columns import Column, read_columns


def rows_of(arrival: Arrival) -> Path:
    """Where its Parquet file is; it may not be there yet."""
    return lake.workshop() / str(arrival.pk) / "rows.parquet"


def columns_of(arrival: Arrival) -> tuple[Column, ...]:
    """Its columns once its rows are prepared."""
    return read_columns(arrival.corrected.get("columns") or [])


def mark_of(arrival: Arrival) -> str:
    """What tells these rows from those that a correction made since; empty when there are none."""
    try:
        found = rows_of(arrival).stat()
    except FileNotFoundError:
        return ""
    return f"{found.st_size}-{found.st_mtime_ns}"


def is_looked_at(arrival: Arrival) -> bool:
    """Whether personal data was looked for in the rows as they are now."""
    mark = mark_of(arrival)
    return bool(mark) and arrival.personal.get("rows") == mark
