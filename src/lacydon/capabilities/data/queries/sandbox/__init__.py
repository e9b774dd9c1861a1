"""SQL that anybody may ask of what they may read: nothing else is within reach.

1. `reading` makes a tree of what was written; one SELECT passes, whose tables are datasets.
2. The text is made again from the tree, never the reader's own.
3. `cage` gives it to a process of its own (`child`): little memory, no environment, no file but those of the datasets.
4. There, the engine's own parser is asked what this text means, and only known functions pass (`allowed`).
"""

from .cage import Found, answer, limits_of_anybody, view_of
from .reading import Named, Reading, read
from .reading import read as read_sql

__all__ = ["Found", "Named", "Reading", "answer", "limits_of_anybody", "read", "read_sql", "view_of"]
