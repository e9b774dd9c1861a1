"""An address as words: abbreviations opened, articles left aside, the house number taken out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lacydon.kernel.search.words import cut

ABBREVIATIONS: Mapping[str, str] = {
    "all": "allee",
    "allees": "allee",
    "av": "avenue",
    "ave": "avenue",
    "aven": "avenue",
    "bat": "batiment",
    "bd": "boulevard",
    "bld": "boulevard",
    "blvd": "boulevard",
    "boul": "boulevard",
    "bvd": "boulevard",
    "cal": "caporal",
    "cdt": "commandant",
    "ch": "chemin",
    "che": "chemin",
    "chem": "chemin",
    "chm": "chemin",
    "cpt": "capitaine",
    "col": "colonel",
    "cor": "corniche",
    "cr": "cours",
    "crs": "cours",
    "dom": "domaine",
    "dr": "docteur",
    "esp": "esplanade",
    "fbg": "faubourg",
    "fg": "faubourg",
    "gal": "general",
    "gen": "general",
    "gl": "general",
    "imp": "impasse",
    "lot": "lotissement",
    "lt": "lieutenant",
    "mal": "marechal",
    "mar": "marechal",
    "mte": "montee",
    "pass": "passage",
    "pce": "prince",
    "pdt": "president",
    "pl": "place",
    "prof": "professeur",
    "prom": "promenade",
    "qu": "quai",
    "qua": "quartier",
    "quart": "quartier",
    "r": "rue",
    "res": "residence",
    "rpt": "rondpoint",
    "rte": "route",
    "rle": "ruelle",
    "sgt": "sergent",
    "sq": "square",
    "st": "saint",
    "ste": "sainte",
    "tra": "traverse",
    "trav": "traverse",
    "vc": "vieuxchemin",
    "vge": "village",
}
WAYS = frozenset(
    "allee avenue boulevard chemin cite clos corniche cours domaine escalier esplanade faubourg hameau impasse "
    "lotissement mail montee parc passage place promenade quai quartier residence rondpoint route rue ruelle sentier "
    "square traverse vallon venelle villa voie zone".split()
)
"""Kinds of ways: they say less than the name that follows."""
ARTICLES = frozenset("a au aux d de des du en et l la le les".split())
SUFFIXES: Mapping[str, str] = {"b": "bis", "t": "ter", "q": "quater", "bis": "bis", "ter": "ter", "quater": "quater"}
NUMBER = re.compile(r"(\d{1,4})(bis|ter|quater|quinquies|[a-z])?")


@dataclass(frozen=True, slots=True)
class HouseNumber:
    """A house number as typed: `suffixes` are those it may mean (`12 b` → b or bis), best first; "" for none."""

    number: int
    suffixes: tuple[str, ...]


def tokens(text: str) -> list[str]:
    """The folded words of a text, apostrophes and hyphens separating them."""
    return [word.folded for word in cut(text)]


def opened(words: Sequence[str]) -> list[str]:
    """Words with their abbreviations opened and two-word kinds of ways joined; articles are kept."""
    found: list[str] = []
    for word in words:
        word = ABBREVIATIONS.get(word, word)
        if found and (found[-1], word) in (("rond", "point"), ("ronds", "points")):
            found[-1] = "rondpoint"
        else:
            found.append(word)
    return found


def meaningful(words: Sequence[str]) -> list[str]:
    """Words without articles; all of them when nothing else is left."""
    return [word for word in words if word not in ARTICLES] or list(words)


def house_number(words: Sequence[str]) -> tuple[HouseNumber | None, list[str]]:
    """The house number that begins the words, and the rest; (None, words) when there is none, or nothing after it."""
    match = NUMBER.fullmatch(words[0]) if words else None
    if match is None or len(words) < 2 or match[1].startswith("0"):
        return None, list(words)
    number, glued, rest = int(match[1]), match[2], list(words[1:])
    if glued:
        return HouseNumber(number, _suffixes(glued)), rest
    if len(rest) > 1 and _is_suffix(rest[0], rest[1]):
        return HouseNumber(number, _suffixes(rest[0])), rest[1:]
    return HouseNumber(number, ("",)), rest


def last_number(words: Sequence[str]) -> tuple[HouseNumber | None, list[str]]:
    """The house number that ends the words (`rue Thiers 12 bis`), and the rest."""
    for length in (1, 2):
        tail = list(words[-length:])
        if len(words) > length and NUMBER.fullmatch(tail[0]) and (length == 1 or tail[1] in SUFFIXES):
            found, _rest = house_number([*tail, "rue"])
            return found, list(words[:-length])
    return None, list(words)


def _is_suffix(word: str, following: str) -> bool:
    """`12 bis`, or a lone letter when a kind of way follows: `12 b rue`, but `12 r de la Loge` is a street."""
    if word in ("bis", "ter", "quater", "quinquies"):
        return True
    return len(word) == 1 and word.isalpha() and ABBREVIATIONS.get(following, following) in WAYS and word != "r"


def _suffixes(written: str) -> tuple[str, ...]:
    meant = SUFFIXES.get(written, written)
    return (written, meant) if meant != written else (written,)
