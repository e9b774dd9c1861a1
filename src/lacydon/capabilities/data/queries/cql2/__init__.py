"""CQL2 (OGC 21-065r2): text or JSON, to conditions on a table.

`text` reads the text into the tree that CQL2 has in JSON; `conditions` makes of that tree expressions of sqlglot. The
parsers there are were looked at: one takes integers for floats and falls over a few thousand brackets with the whole
process, the other brings three libraries along.
"""

from .conditions import condition
from .text import read_text

__all__ = ["condition", "read_text"]
