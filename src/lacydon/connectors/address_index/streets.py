"""The streets in memory: an inverted index of their words, that forgives typos and unfinished words.

A street's score is the share of the question's words it has, each weighted by rarity and by how sure the match is, then
moderated by the share of its own name that was asked for. numpy arrays: 50,000 streets are scored in a millisecond.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from lacydon.capabilities.territory.public import IndexedStreet
from lacydon.connectors.address_index.words import WAYS, meaningful, opened, tokens
from lacydon.kernel.search.spelling import Speller

WAY_SHARE: Final = 0.3
"""What the kind of way counts for beside a word of the name."""
NAME_SHARE: Final = 0.22
"""What the part of the name that was not asked for may cost; less while typing."""
NAME_SHARE_TYPING: Final = 0.12
ORDER_SHARE: Final = 0.12
FINALISTS: Final = 60
COMPLETED: Final = 0.93
PLURAL: Final = 0.97

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Found:
    """A street and how well it matches, 0 to 1."""

    street: IndexedStreet
    score: float


class Streets:
    """Every street and locality of the territory. Immutable, safe between threads."""

    def __init__(self, streets: Iterable[IndexedStreet]) -> None:
        self.rows = list(streets)
        size = len(self.rows)
        self._names = [" ".join(opened(tokens(row.name))) for row in self.rows]
        postings: dict[str, list[int]] = {}
        for at, name in enumerate(self._names):
            for word in set(meaningful(name.split())):
                postings.setdefault(word, []).append(at)
        self._postings = {word: np.array(where, dtype=np.int32) for word, where in postings.items()}
        self._weights = {word: self._weight(word, len(where)) for word, where in postings.items()}
        self._rarest = float(np.log1p(size)) + 0.1
        self._name_weights = np.full(size, 1e-6, dtype=np.float32)
        for word, where in self._postings.items():
            self._name_weights[where] += np.float32(self._weights[word])
        self._speller = Speller({word: len(where) for word, where in postings.items()})
        self._by_city = _groups(row.citycode for row in self.rows)
        self._by_postcode = _groups(row.postcode for row in self.rows)
        self._ids = np.array([row.id for row in self.rows], dtype=np.int64)
        self._points = np.array([(row.lon, row.lat) for row in self.rows], dtype=np.float64).reshape(-1, 2)

    def __len__(self) -> int:
        return len(self.rows)

    def mask(self, *, citycodes: Collection[str] | None = None, postcode: str | None = None) -> Mask | None:
        """The streets of these communes (arrondissements) and this postal code; None for no condition."""
        kept: Mask | None = None
        if citycodes is not None:
            kept = np.zeros(len(self.rows), dtype=np.bool_)
            for code in citycodes:
                kept[self._by_city.get(code, _NONE)] = True
        if postcode is not None:
            there = np.zeros(len(self.rows), dtype=np.bool_)
            there[self._by_postcode.get(postcode, _NONE)] = True
            kept = there if kept is None else kept & there
        return kept

    def has_postcode(self, postcode: str) -> bool:
        """Whether any street has this postal code."""
        return postcode in self._by_postcode

    def find(self, words: Sequence[str], *, typing: bool, mask: Mask | None = None) -> list[Found]:
        """The streets whose name resembles `words` (folded, as typed), best first; `typing`: the last is unfinished."""
        if not self.rows or not words or (mask is not None and not mask.any()):
            return []
        name = opened(words)
        asked = meaningful(name)
        gained = np.zeros(len(self.rows), dtype=np.float32)
        covered = np.zeros(len(self.rows), dtype=np.float32)
        total = 0.0
        known = False
        for at, word in enumerate(asked):
            unfinished = typing and at == len(asked) - 1 and word == name[-1]
            choices = self._choices(word, written=words[-1] if unfinished else None, mask=mask)
            share = max((self._weights[each] for each in choices), default=self._rarest)
            one = np.zeros(len(self.rows), dtype=np.float32)
            for choice, trust in choices.items():
                where = self._postings[choice]
                one[where] = np.maximum(one[where], np.float32(trust))
            total += share
            gained += one * np.float32(share)
            covered += (one > 0) * np.float32(share)
            known = known or any(choice not in WAYS for choice in choices)
        if not known and any(word not in WAYS for word in asked):
            return []
        part = np.float32(NAME_SHARE_TYPING if typing else NAME_SHARE)
        scores = gained / np.float32(total)
        scores *= (1 - part) + part * np.minimum(covered / self._name_weights, 1.0)
        if mask is not None:
            scores *= mask
        return self._finalists(scores, " ".join(name))

    def near(self, lon: float, lat: float, *, limit: int) -> list[tuple[float, IndexedStreet]]:
        """The nearest streets to a point: (metres to their middle, street)."""
        if not self.rows:
            return []
        scale = np.array([np.cos(np.radians(lat)), 1.0]) * 111_195.0
        metres = np.hypot(*((self._points - (lon, lat)) * scale).T)
        nearest = np.argsort(metres, kind="stable")[:limit]
        return [(float(metres[at]), self.rows[at]) for at in nearest]

    def by_id(self, ids: Collection[int]) -> dict[int, IndexedStreet]:
        """Streets by the id of their row. Ids are in order: a search by halves."""
        if not ids or not self.rows:
            return {}
        places = np.searchsorted(self._ids, sorted(ids))
        return {self.rows[at].id: self.rows[at] for at in places if at < len(self.rows) and self.rows[at].id in ids}

    def _finalists(self, scores: NDArray[np.float32], asked: str) -> list[Found]:
        count = min(FINALISTS, int((scores > 0.2).sum()))
        if not count:
            return []
        best = np.argpartition(-scores, count - 1)[:count]
        found = []
        for at in best:
            order = fuzz.ratio(asked, self._names[at]) / 100
            found.append(Found(self.rows[at], float(scores[at]) * (1 - ORDER_SHARE + ORDER_SHARE * order)))
        return sorted(found, key=lambda each: (-round(each.score, 4), -each.street.numbers, each.street.id))

    def _choices(self, word: str, *, written: str | None, mask: Mask | None) -> Mapping[str, float]:
        """The known words that a word may be, and how surely."""
        choices: dict[str, float] = {}
        if word in self._postings:
            choices[word] = 1.0
        for other in (word + "s", word[:-1] if word.endswith("s") else ""):
            if len(other) > 3 and other in self._postings:
                choices.setdefault(other, PLURAL)
        if written is not None:
            for beginning in {word, written}:
                for each in self._speller.completions(beginning):
                    choices.setdefault(each, COMPLETED)
        if not choices or (mask is not None and not any(mask[self._postings[each]].any() for each in choices)):
            for suggestion in self._speller.suggestions(word):
                choices.setdefault(suggestion.word, suggestion.trust)
        return choices

    def _weight(self, word: str, count: int) -> float:
        if word in WAYS:
            return WAY_SHARE
        return float(np.log1p(len(self.rows) / count)) + 0.1


_NONE: Final = np.array([], dtype=np.int32)


def _groups(keys: Iterable[str]) -> dict[str, NDArray[np.int32]]:
    groups: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        groups.setdefault(key, []).append(at)
    return {key: np.array(where, dtype=np.int32) for key, where in groups.items()}
