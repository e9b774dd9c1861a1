"""The search of the whole house: one index in the memory of each process, that understands how residents write.

    index = Index.build(documents, WordList.parse(text))
    index.search("ma poubele est cassée", kind="service", limit=10).hits

See docs/developers/search.md.
"""

from .documents import Document
from .index import Index, Results
from .wordlist import Entry, WordList

__all__ = ["Document", "Entry", "Index", "Results", "WordList"]
