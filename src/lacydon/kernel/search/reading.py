"""What a resident meant: the question read as a few *concepts*, each with the ways the catalogue may say it."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from .spelling import Speller
from .stopwords import GRAMMAR, POLITE
from .vocabulary import term
from .wordlist import WordList
from .words import LANGUAGES, Word, cut, stem

CATALOGUE: Final = "fr"
"""The language of the whole catalogue; the others only have a part of it."""
MOST_WORDS: Final = 40
MOST_UNKNOWN: Final = 8
MEANT: Final = 0.75
"""What a synonym is worth beside the word itself."""
COMPLETED: Final = 0.7
"""What the end of an unknown word still being typed is worth."""
GOING_ON: Final = 0.3
"""The same for a known word: `pass`, then `passeport`."""
POLITE_SHARE: Final = 0.3
PART_SHARE: Final = 0.35
"""What a word counts for when an expression it belongs to already has a meaning: `carte` in `carte grise`."""
OTHER_LANGUAGE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Way:
    """One way to say a concept: words that must go together, each given as its possible terms; and its worth."""

    words: tuple[tuple[str, ...], ...]
    weight: float


@dataclass
class Concept:
    """One thing the question is about. `share` is how much it counts beside the others."""

    ways: list[Way] = field(default_factory=list)
    share: float = 1.0


@dataclass(frozen=True)
class Reading:
    """A question understood: its concepts, and the question as corrected when a word was misspelt."""

    concepts: tuple[Concept, ...]
    corrected: str | None


def _first(lang: str) -> list[str]:
    """The languages, this one first."""
    return sorted(LANGUAGES, key=lambda one: one != lang)


def content(words: Iterable[Word], lang: str) -> list[str]:
    """The folded words that mean something; all of them when none does."""
    folded = [word.folded for word in words]
    meant = [word for word in folded if word not in GRAMMAR[lang] and len(word) > 1]
    return meant or folded


class Reader:
    """Reads questions with the words of an index (`speller`, `written`), a word list, and names to leave aside."""

    def __init__(
        self,
        *,
        spellers: Mapping[str, Speller],
        written: Callable[[str], str],
        terms: Container[str],
        words: WordList,
        ignored: Iterable[str] = (),
    ) -> None:
        """`spellers`: by language; `written`: how a folded word is written; `terms`: those of the index."""
        self._spellers = spellers
        self._written = written
        self._terms = terms
        self._meant: dict[str, dict[tuple[str, ...], list[Way]]] = {lang: {} for lang in LANGUAGES}
        self._longest = 1
        for entry in words.entries:
            said = tuple(stem(word.folded, entry.lang) for word in cut(entry.said))
            ways = self._meant[entry.lang].setdefault(said, [])
            ways += [Way(self._in_french(meaning), MEANT) for meaning in entry.meant]
            self._longest = max(self._longest, len(said))
        self._ignored = {tuple(word.folded for word in cut(name)) for name in ignored}
        self._longest_ignored = max(map(len, self._ignored), default=0)

    @staticmethod
    def _in_french(meaning: str) -> tuple[tuple[str, ...], ...]:
        return tuple((term(word, "fr"),) for word in content(cut(meaning), "fr"))

    def read(self, text: str, *, lang: str) -> Reading:
        """The question in concepts. `text` is tidy; `lang` is the page's language: the question may be in another."""
        words = cut(text)[:MOST_WORDS]
        spoken = self._languages(words, lang)
        lang = spoken[0]
        kept = list(self._without_ignored(words))
        meaningful = self._meaningful(kept, lang)
        typing = bool(words) and words[-1].end == len(text)
        concepts: list[Concept] = []
        fixes: dict[Word, str] = {}
        parts: set[int] = set()
        for start, end, ways in self._expressions(kept, lang):
            if end - start == 1 and start in meaningful:
                continue  # a word and what it stands for are one concept: below
            literal = tuple((term(kept[at].folded, lang),) for at in range(start, end) if at in meaningful)
            concepts.append(Concept([Way(literal, 1.0), *ways] if literal else ways))
            parts.update(range(start, end))
        unknown = 0
        for at in sorted(meaningful):
            word = kept[at]
            last = typing and word is words[-1]
            concept = self._concept(word, spoken if unknown < MOST_UNKNOWN else (), lang, last=last, fixes=fixes)
            unknown += not self._ways(word.folded, lang)
            if concept.ways:
                polite = word.folded in POLITE[lang]
                concept.share = PART_SHARE if at in parts else POLITE_SHARE if polite else 1.0
                concepts.append(concept)
        return Reading(tuple(concepts), self._corrected(text, fixes))

    def _languages(self, words: Sequence[Word], lang: str) -> list[str]:
        """The languages the words may belong to, likeliest first; the page's when one cannot tell."""
        votes = {one: sum(self._vote(word.folded, one) for word in words) for one in LANGUAGES}
        ranked = sorted(LANGUAGES, key=lambda one: (-votes[one], one != lang))
        return [one for one in ranked if votes[one] or not votes[ranked[0]]]

    def _vote(self, word: str, lang: str) -> int:
        """How much a word speaks for a language: seen as such, seen with another ending, or not at all."""
        if word in GRAMMAR[lang] or word in self._spellers[lang]:
            return 2
        return 1 if self._known(word, lang) else 0

    def _without_ignored(self, words: Sequence[Word]) -> Iterator[Word]:
        at = 0
        while at < len(words):
            for length in range(min(self._longest_ignored, len(words) - at), 0, -1):
                if tuple(word.folded for word in words[at : at + length]) in self._ignored and length < len(words):
                    at += length
                    break
            else:
                yield words[at]
                at += 1

    def _meaningful(self, words: Sequence[Word], lang: str) -> set[int]:
        """Positions of the words that are not grammar."""
        return {at for at, word in enumerate(words) if word.folded not in GRAMMAR[lang] and len(word.folded) > 1}

    def _expressions(self, words: Sequence[Word], lang: str) -> Iterator[tuple[int, int, list[Way]]]:
        """Expressions of the word list met in the question, the longest first: (start, end, what they stand for)."""
        stems = [stem(word.folded, lang) for word in words]
        at = 0
        while at < len(stems):
            for length in range(min(self._longest, len(stems) - at), 0, -1):
                ways = self._meant[lang].get(tuple(stems[at : at + length]))
                if ways:
                    yield at, at + length, ways
                    at += length
                    break
            else:
                at += 1

    def _concept(self, word: Word, guessed: Sequence[str], lang: str, *, last: bool, fixes: dict[Word, str]) -> Concept:
        """A word and the other ways to say it; an unknown one is completed, corrected or related.

        `guessed`: the languages an unknown word may belong to; what was corrected is noted in `fixes`.
        """
        ways = self._ways(word.folded, lang)
        if ways and last:
            for completion in self._spellers[lang].completions(word.folded):
                ways += self._ways(completion, lang, GOING_ON)
        if ways:
            return Concept(ways)
        for one in guessed:
            if last:
                for completion in self._spellers[one].completions(word.folded):
                    ways += self._ways(completion, one, COMPLETED)
            if ways:
                break
            suggestions = self._spellers[one].suggestions(word.folded)
            for suggestion in suggestions:
                ways += self._ways(suggestion.word, one, suggestion.trust)
            if suggestions and suggestions[0].typo:
                fixes[word] = self._written(suggestions[0].word)
            if ways:
                break
        return Concept(ways)

    def _known(self, word: str, lang: str) -> bool:
        return term(word, lang) in self._terms or (stem(word, lang),) in self._meant[lang]

    def _ways(self, word: str, lang: str, weight: float = 1.0) -> list[Way]:
        """How a known word may be said: itself, and what it stands for; empty when it is unknown.

        A word of the question's language is not read as a word of another one (`car`, `pain`), except that French words
        and acronyms are in everybody's questions.
        """
        ways: list[Way] = []
        for one in _first(lang):
            if not self._known(word, one) or (ways and one != CATALOGUE):
                continue
            worth = weight if one == lang else weight * OTHER_LANGUAGE
            meant = [] if ways else self._meant[one].get((stem(word, one),), [])
            ways.append(Way(((term(word, one),),), worth))
            ways += [Way(way.words, way.weight * worth) for way in meant]
        return ways

    def _corrected(self, text: str, fixes: dict[Word, str]) -> str | None:
        if not fixes:
            return None
        for word in sorted(fixes, key=lambda word: -word.start):
            text = text[: word.start] + fixes[word] + text[word.end :]
        return text
