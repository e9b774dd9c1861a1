"""Any file people send, read, guessed, corrected and turned into the one shape of a version.

found = inspect(path, name="arbres.csv")
made = convert(path, corrected(found, {"3": {"type": "date"}}), to=target)
"""

from .converting import convert
from .inspection import Converted, Guess, Inspection, Misfit, corrected, read_inspection
from .opening import inspect

__all__ = ["Converted", "Guess", "Inspection", "Misfit", "convert", "corrected", "inspect", "read_inspection"]
