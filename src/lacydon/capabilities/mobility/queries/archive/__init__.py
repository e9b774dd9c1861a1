"""What was observed: vehicles seen at stops, kept for ever. Never a prediction."""

from .columns import COLUMNS, STORED
from .engine import archive, asking, days_kept, files_of, literal, month_files
from .observed import Observed, observed

__all__ = [
    "COLUMNS",
    "STORED",
    "Observed",
    "archive",
    "asking",
    "days_kept",
    "files_of",
    "literal",
    "month_files",
    "observed",
]
