"""Looking for words: without case nor accents, at the beginning of words, each of them somewhere in the columns."""

import re
import unicodedata
from collections.abc import Sequence

from sqlglot import exp

from .values import call

WORD = re.compile(r"\w+")
MOST = 12
"""Words looked for; those after are not."""


def folded(text: str) -> str:
    """As the engine folds it (`fold`): lower case, no accents."""
    return "".join(each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each))


def fold(text: exp.Expr) -> exp.Expr:
    """The same, of a column."""
    return call("strip_accents", exp.Lower(this=text))


def searched(texts: Sequence[exp.Expr], looked_for: str) -> exp.Expr:
    """Whether every word begins one in one of these texts. Nothing to look for is found everywhere."""
    if not texts:
        return exp.false()
    words = WORD.findall(folded(looked_for))[:MOST]
    if not words:
        kept = looked_for.strip()
        return exp.or_(*(_holds(each, kept) for each in texts)) if kept else exp.true()
    return exp.and_(*(exp.or_(*(_begins_a_word(each, word) for each in texts)) for word in words))


def _holds(text: exp.Expr, part: str) -> exp.Expr:
    return call("contains", text.copy(), part)


def _begins_a_word(text: exp.Expr, word: str) -> exp.Expr:
    """`contains` first: it is many times quicker, and most rows do not hold the letters at all."""
    seen = fold(text.copy())
    # A word is letters and figures: nothing in it means anything to the pattern.
    pattern = rf"(^|[^\pL\pN_]){word}"
    return exp.and_(call("contains", seen, word), call("regexp_matches", seen.copy(), pattern))


def starts(text: exp.Expr, beginning: str) -> exp.Expr:
    """Whether the text begins so."""
    return call("starts_with", fold(text.copy()), folded(beginning))


def resembles(text: exp.Expr, pattern: str) -> exp.Expr:
    """LIKE: with `%` or `*`, the whole text; without, its words."""
    if "%" not in pattern and "*" not in pattern:
        return searched([text], pattern)
    made = folded(pattern).replace("!", "!!").replace("_", "!_").replace("*", "%")
    return exp.Escape(
        this=exp.Like(this=fold(text.copy()), expression=exp.Literal.string(made)), expression=exp.Literal.string("!")
    )
