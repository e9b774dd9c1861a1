"""The index of a process: built from documents and a word list, then only read."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from django.utils.translation import gettext as _

from ..errors import BadInput
from .documents import Document
from .filters import Filters, Tags
from .postings import Postings, Scores
from .reading import Concept, Reader, Reading
from .spelling import Speller
from .vocabulary import Vocabulary
from .wordlist import WordList
from .words import tidy

LONGEST_QUESTION: Final = 500
COVERED: Final = 0.5
"""A hit that covers none of the question's weight would keep this share of its score."""
KEPT: Final = 0.25
"""Hits worth less than this share of the best one of their kind are not shown."""


@dataclass(frozen=True)
class Results:
    """`count` hits in all; `hits` are those of the page asked for, best first, as (id, score).

    `corrected` is the question as it was understood, when a word of it was misspelt.
    """

    count: int
    hits: tuple[tuple[str, float], ...]
    corrected: str | None = None


class Index:
    """Finds documents from a resident's words. Immutable, so that threads may share it."""

    def __init__(self, documents: Iterable[Document], words: WordList, *, ignored: Iterable[str] = ()) -> None:
        ordered = sorted(documents, key=lambda document: document.id)
        self._ids = [document.id for document in ordered]
        twice = [one for one, other in pairwise(self._ids) if one == other]
        if twice:
            raise ValueError(f"documents given twice: {', '.join(twice[:5])}")
        vocabulary = Vocabulary()
        self._postings = Postings(vocabulary.learn(document) for document in ordered)
        for entry in words.entries:
            vocabulary.hear(entry.said, entry.lang)
        self._reader = Reader(
            spellers={lang: Speller(known) for lang, known in vocabulary.known.items()},
            written=vocabulary.written,
            terms=self._postings,
            words=words,
            ignored=ignored,
        )
        self._boosts = np.array([document.boost for document in ordered], dtype=np.float32)
        self._filters = Filters(ordered)

    @classmethod
    def build(cls, documents: Iterable[Document], words: WordList, *, ignored: Iterable[str] = ()) -> "Index":
        """An index of these documents. `ignored`: names a question may hold that say where, not what (communes).

        Raises ValueError when two documents have the same id.
        """
        return cls(documents, words, ignored=ignored)

    def __len__(self) -> int:
        return len(self._ids)

    def understood(self, q: str, *, lang: str = "fr") -> Reading:
        """The question as it is read, before any document is looked at."""
        return self._reader.read(tidy(q), lang=lang)

    def search(
        self,
        q: str,
        *,
        kind: str | None = None,
        tags: Tags | None = None,
        citycode: str | None = None,
        lang: str = "fr",
        limit: int = 20,
        offset: int = 0,
    ) -> Results:
        """The documents that answer `q`, best first; equal scores in the order of ids, so that pages never overlap.

        An empty question finds everything. Filters only narrow: `kind`; `tags` (any of the values given, for each tag
        named); `citycode`, the commune where the document must exist. `lang` is the language of the page ("fr", "en").
        Raises BadInput when `q` is longer than 500 characters; nothing else, whatever is in it.
        """
        if len(q) > LONGEST_QUESTION:
            raise BadInput(
                _("Votre recherche est trop longue : %(longest)d caractères au plus.") % {"longest": LONGEST_QUESTION},
                field="q",
            )
        text = tidy(q)
        let_through = self._filters.mask(kind=kind, tags=tags or {}, citycode=citycode)
        if text:
            reading = self._reader.read(text, lang=lang)
            scores = self._scores(reading)
            let_through &= scores > 0
        else:
            reading = Reading((), None)
            scores = self._boosts
        found = np.flatnonzero(let_through)
        ranked = found[np.argsort(-scores[found], kind="stable")]
        page = ranked[max(offset, 0) :][: max(limit, 0)]
        hits = tuple((self._ids[number], round(float(scores[number]), 4)) for number in page)
        return Results(count=len(found), hits=hits, corrected=reading.corrected)

    def _scores(self, reading: Reading) -> Scores:
        """How well each document answers; 0 for those that do not, or much less well than the best of their kind."""
        total, covered, whole = self._postings.nothing(), self._postings.nothing(), 0.0
        for concept in reading.concepts:
            one = self._concept(concept)
            found = one > 0
            if found.any():
                worth = np.float32(self._rarity(concept, int(found.sum())) * concept.share)
                total += one * worth
                covered += found * worth
                whole += float(worth)
        if not whole:
            return total
        scores = total / np.float32(whole) * (COVERED + (1 - COVERED) * covered / np.float32(whole)) * self._boosts
        scores = np.round(scores, 5)
        for mask in self._filters.kinds.values():
            best = scores[mask].max()
            scores[mask & (scores < best * KEPT)] = 0
        return scores

    def _rarity(self, concept: Concept, found: int) -> float:
        """A concept is as rare as the word typed; what it stands for may be common without making it less telling."""
        itself = concept.ways[0].words
        alone = self._postings.frequency(itself[0][0]) if len(itself) == 1 else 0
        return self._postings.rarity(alone or found)

    def _concept(self, concept: Concept) -> Scores:
        best = self._postings.nothing()
        for way in concept.ways:
            if len(way.words) == 1:
                for one in way.words[0]:
                    self._postings.best_of(best, one, way.weight)
            else:
                best = np.maximum(best, self._postings.together(way.words) * np.float32(way.weight))
        return best
