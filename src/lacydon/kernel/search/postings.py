"""Where each term occurs and how much it says there: the inverted index and its score (BM25F), as arrays.

A document's *impact* for a term is how well the term describes it, between 0 and 1: occurrences are weighted by field
(a title says more than a description), then saturated, so that repeating a word gains little. Length hardly counts.

    S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, §3.6 (BM25F)
"""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

SATURATION: Final = 6.0
DAMPING: Final = 0.6
"""Below 1, a rare word weighs less than theory says: what is rare in a question may be an aside (« mal », « fils »)."""

Scores = NDArray[np.float32]
"""One number for each document."""


class Postings:
    """Terms → documents and impacts. Built once, then only read: safe between threads."""

    def __init__(self, documents: Iterable[Mapping[str, float]]) -> None:
        """`documents`: for each, its terms and their occurrences weighted by field."""
        rows: dict[str, tuple[list[int], list[float]]] = {}
        self.size = 0
        for number, terms in enumerate(documents):
            self.size = number + 1
            for term, weight in terms.items():
                where, impacts = rows.setdefault(term, ([], []))
                where.append(number)
                impacts.append(weight / (weight + SATURATION))
        self._rows = {
            term: (np.array(where, dtype=np.int32), np.array(impacts, dtype=np.float32))
            for term, (where, impacts) in rows.items()
        }

    def __contains__(self, term: object) -> bool:
        return term in self._rows

    def frequency(self, term: str) -> int:
        """In how many documents a term occurs."""
        row = self._rows.get(term)
        return 0 if row is None else len(row[0])

    def rarity(self, found: int) -> float:
        """What a term found in so many documents says about them (inverse document frequency, damped; > 0)."""
        return float(np.log1p((self.size - found + 0.5) / (found + 0.5)) ** DAMPING)

    def nothing(self) -> Scores:
        return np.zeros(self.size, dtype=np.float32)

    def best_of(self, scores: Scores, term: str, weight: float) -> None:
        """Raise, in `scores`, the documents where `term` occurs to `weight` × its impact there."""
        row = self._rows.get(term)
        if row is not None:
            where, impacts = row
            scores[where] = np.maximum(scores[where], impacts * np.float32(weight))

    def together(self, terms: Iterable[Iterable[str]], *, least: float = 0.6) -> Scores:
        """How well documents match several words at once; each word is given as its possible terms.

        The mean impact weighted by rarity, times the square of the share that was found; less than `least` is nothing.
        """
        total, gained, shared = 0.0, self.nothing(), self.nothing()
        for choices in terms:
            one = self.nothing()
            for term in choices:
                self.best_of(one, term, 1.0)
            found = one > 0
            rarity = np.float32(self.rarity(int(found.sum())))
            total += float(rarity)
            gained += one * rarity
            shared += found * rarity
        if not total:
            return gained
        shared /= np.float32(total)
        return np.where(shared >= least, gained / np.float32(total) * shared * shared, np.float32(0))
