"""The words of the documents: which terms each one has, which words are known, and how they are usually written."""

from collections import Counter, defaultdict
from itertools import pairwise

from .documents import WEIGHTS, Document
from .stopwords import GRAMMAR
from .words import LANGUAGES, Word, cut, stem


def term(word: str, lang: str) -> str:
    """The name of a stem in the index: the two languages do not mix (`main`, `pain`, `car`)."""
    return f"{lang}:{stem(word, lang)}"


class Vocabulary:
    """Learns from documents and word lists; then tells, by language, in how many documents each folded word is."""

    def __init__(self) -> None:
        self.known: dict[str, Counter[str]] = {lang: Counter() for lang in LANGUAGES}
        self._written: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def written(self, word: str) -> str:
        """A folded word as it is most often written: `ecole` → `école`."""
        spellings = self._written.get(word)
        return spellings.most_common(1)[0][0] if spellings else word

    def learn(self, document: Document) -> dict[str, float]:
        """The terms of a document, with their occurrences weighted by field; its words are known from now on."""
        terms: dict[str, float] = {}
        for lang in LANGUAGES:
            seen: set[str] = set()
            for name, text in document.texts(lang=lang):
                words = [word for word in cut(text) if word.folded not in GRAMMAR[lang] and len(word.folded) > 1]
                folded = [word.folded for word in words] + _joined(words, text)
                for word in words:
                    self._written[word.folded][word.written.lower()] += 1
                for one in folded:
                    name_of_term = term(one, lang)
                    terms[name_of_term] = terms.get(name_of_term, 0.0) + WEIGHTS[name]
                seen.update(folded)
            self.known[lang].update(seen)
        return terms

    def hear(self, said: str, lang: str) -> None:
        """The words of an everyday expression are known too: it has a meaning in the word list."""
        for word in cut(said):
            self.known[lang][word.folded] += 1
            self._written[word.folded][word.written.lower()] += 1


def _joined(words: list[Word], text: str) -> list[str]:
    """Compounds as many write them, in one word: `vide-grenier` → videgrenier."""
    return [
        one.folded + two.folded
        for one, two in pairwise(words)
        if two.start == one.end + 1 and text[one.end : two.start] == "-"
    ]
