"""Words as the search sees them: cut from a text, folded, and brought to their stem, in French and in English.

A word is *folded* (lower case, no accents, ligatures opened), then *stemmed*. Residents seldom type accents, so stems
are taken from the folded word, after giving back the accents that French endings always have (`annee` → `année`).
"""

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

import snowballstemmer

LANGUAGES: Final = ("fr", "en")
LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l"})
WORD: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|[^\W_]+")
"""Initials with their dots, or letters and digits that follow each other."""
FOREIGN: Final = re.compile(r"[^a-z0-9]+")
LONGEST_WORD: Final = 40
IRREGULAR: Final = {
    "travaux": "travail",
    "mere": "maman",
    "meres": "maman",
    "porte": "portail",
    "portes": "portail",
    "taxi": "taximan",
    "taxis": "taximan",
}
"""French words that the stemmer would take for others (`mère` for `mer`, `taxi` for `taxe`) or not for the same."""

_SEEN: Final = {"Cc": " ", "Cs": " ", "Co": " ", "Cn": " ", "Cf": ""}
_stemmers = {"fr": snowballstemmer.stemmer("french"), "en": snowballstemmer.stemmer("english")}
_one_at_a_time = threading.Lock()  # a stemmer keeps the word it works on


class Word(NamedTuple):
    """A word of a text: as written, folded, and where (`start`, `end` in the text that `cut` was given)."""

    written: str
    folded: str
    start: int
    end: int


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """`Éléments` → `elements`, `œuvre` → `oeuvre`; what is not a Latin letter or a digit disappears."""
    decomposed = unicodedata.normalize("NFKD", word.translate(LIGATURES))
    return FOREIGN.sub("", "".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower())


def cut(text: str) -> list[Word]:
    """The words of a text, apostrophes and hyphens separating: `l’école` → l, ecole; `R.S.A.` → rsa."""
    return [
        Word(match.group(), folded, match.start(), match.end())
        for match in WORD.finditer(unicodedata.normalize("NFC", text))
        if (folded := fold(match.group())[:LONGEST_WORD])
    ]


def tidy(text: str) -> str:
    """The text in composed form, its spaces made single, without control characters nor invisible ones."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(_SEEN.get(unicodedata.category(sign), sign) for sign in composed).split())


@lru_cache(maxsize=131_072)
def stem(folded: str, lang: str) -> str:
    """The stem of a folded word: `poubelles` → `poubel`, `inscriptions` → `inscript`."""
    prepared = _ENDINGS[lang](folded)
    with _one_at_a_time:
        return fold(_stemmers[lang].stemWord(prepared)) or folded


def _french(word: str) -> str:
    """Gives back to a folded French word what its stem depends on."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) >= 5 and word[-1] == "s" and word[-2] in "aiou":
        word = word[:-1]  # vélos, permis: the stemmer leaves this s, that people forget
    if len(word) >= 6 and word.endswith(("ere", "eres")):
        return word.removesuffix("s")[:-1]  # première, étrangère: as premier, étranger
    return re.sub(r"ee(s?)$", r"ée\1", word) if len(word) > 3 else word


_ENDINGS: dict[str, Callable[[str], str]] = {"fr": _french, "en": str}
