"""What an unknown word may have been meant to be: a typo, a sound-alike, a beginning, or a relative of a known word."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST_TYPO: Final = 4
"""Letters: shorter words are too close to each other to be corrected."""
MOST_SUGGESTIONS: Final = 3
MOST_COMPLETIONS: Final = 24
GLUED: Final = ("l", "d", "j", "qu", "s", "n", "m", "t", "c")
"""Elided words that are often typed without their apostrophe: `lecole`."""

_SOUNDS: Final = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"eaux?|aux?|ots?$", "o"),
        (r"ai|ei|ay|ey|et$|er$|ez$", "e"),
        (r"oeu|eu", "e"),
        (r"(?<=[^aeiouy])y|y(?=[^aeiouy])", "i"),
        (r"qu|ck|k|c(?=[aour lt])|ch(?=[rl])", "k"),
        (r"sc(?=[eiy])|c(?=[eiy])|ti(?=on)|z|ss", "s"),
        (r"ge(?=[aou])|g(?=[eiy])", "j"),
        (r"gu(?=[eiy])", "g"),
        (r"[ae][nm](?=[^aeiouy]|$)", "an"),
        (r"[iy][nm](?=[^aeiouy]|$)", "in"),
        (r"h", ""),
        (r"(.)\1+", r"\1"),
        (r"(?<=..)(?:es|ent|[esxtd])$", ""),
    )
]


def sound(word: str) -> str:
    """A rough key of how a folded word sounds in French: `pharmacie` and `farmassi` share theirs."""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A known word, and how sure we are that it was meant (0 to 1); `typo` when the word typed is simply misspelt."""

    word: str
    trust: float
    typo: bool


class Speller:
    """Knows the words of an index (`{folded word: how many documents have it}`) and answers for the unknown ones."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._count = dict(known)
        self._sorted = sorted(self._count)
        by_length: dict[int, list[str]] = {}
        self._by_sound: dict[str, list[str]] = {}
        for word in self._sorted:
            if len(word) >= SHORTEST_TYPO and not word.isdigit():
                by_length.setdefault(len(word), []).append(word)
                self._by_sound.setdefault(sound(word), []).append(word)
        self._by_length = {
            length: (words, np.array([_letters(word) for word in words], dtype=np.uint32))
            for length, words in by_length.items()
        }

    def __contains__(self, word: str) -> bool:
        return word in self._count

    def completions(self, beginning: str) -> list[str]:
        """Known words that begin so, the most used first."""
        if len(beginning) < 2:
            return []
        found = []
        for at in range(bisect_left(self._sorted, beginning), len(self._sorted)):
            if not self._sorted[at].startswith(beginning):
                break
            found.append(self._sorted[at])
        return sorted(found, key=lambda word: (-self._count[word], word))[:MOST_COMPLETIONS]

    def suggestions(self, word: str) -> list[Suggestion]:
        """What an unknown word may have been meant to be, the surest first."""
        if word.isdigit() or len(word) < SHORTEST_TYPO:
            return []
        for glued in GLUED:
            rest = word.removeprefix(glued)
            if rest != word and len(rest) >= SHORTEST_TYPO and rest in self._count:
                return [Suggestion(rest, 0.95, True)]
        allowed = _allowed(word)
        trusts: dict[str, float] = {}
        alike = self._alike(word, wrong=allowed)
        near = process.extract(word, alike, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        for candidate, distance, _at in near:
            if len(candidate) <= 5 and candidate[0] != word[0]:
                continue  # in a short word, the first letter is the last one people get wrong
            trusts[candidate] = 0.9 - 0.8 * distance / max(len(word), len(candidate))
        for candidate in self._by_sound.get(sound(word), ()):
            trusts[candidate] = max(trusts.get(candidate, 0.0) + 0.05, 0.8)
        if trusts:
            best = max(trusts.values())
            ranked = sorted(trusts, key=lambda known: (-trusts[known], -self._count[known], known))
            kept = [known for known in ranked if trusts[known] >= best - 0.15]
            return [Suggestion(known, trusts[known], True) for known in kept[:MOST_SUGGESTIONS]]
        return [Suggestion(known, 0.5, False) for known in self._relatives(word)]

    def _alike(self, word: str, *, wrong: int) -> list[str]:
        """Known words that may be this one with so many `wrong` letters: few need to be compared letter by letter.

        A wrong letter makes a word longer or shorter by one at most, and changes two letters of its alphabet at most.
        """
        letters = _letters(word)
        alike: list[str] = []
        for length in range(len(word) - wrong, len(word) + wrong + 1):
            words, alphabets = self._by_length.get(length, NONE)
            close = np.bitwise_count(alphabets ^ letters) <= 2 * wrong
            alike += [words[at] for at in close.nonzero()[0].tolist()]
        return alike

    def _relatives(self, word: str) -> list[str]:
        """Known words of the same family: as long a beginning in common as makes it likely (`chomeur`, `chomage`)."""
        for length in range(len(word) - 1, max(4, round(len(word) * 0.6)) - 1, -1):
            beginning = word[:length]
            relatives = [known for known in self.completions(beginning) if len(known) <= len(word) + 5]
            if relatives:
                return relatives[:MOST_SUGGESTIONS]
        return []


def _letters(word: str) -> np.uint32:
    """The letters of a word as a set of bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return np.uint32(bits)


NONE: Final[tuple[list[str], NDArray[np.uint32]]] = ([], np.array([], dtype=np.uint32))


def _allowed(word: str) -> int:
    """How many wrong letters a word of this length may have."""
    return 1 if len(word) < 8 else 2 if len(word) < 13 else 3
