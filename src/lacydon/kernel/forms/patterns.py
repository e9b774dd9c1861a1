"""The regular expressions a form may hold: those that mean the same in Python and in a browser, and never run away.

Sets, digits, counts and groups are allowed; what differs between the two (look-around, names, lazy or possessive
counts, `\\s`, `\\b`) is not, nor what makes the time explode: a repetition or a choice inside a repetition, which can
read the same text in as many ways as there are powers of two, more than three open ones.
"""

import re
import warnings
from re import _parser  # the only way to see what an expression is made of
from typing import Any

from django.utils.translation import gettext as _

LONGEST_TEXT = 200
"""Characters of an answer that is compared with a pattern."""
MOST_OPEN = 3
_SIGN = re.compile(
    r"\\[dDwW.\\/()\[\]{}+*?|^$]"  # an escape both read alike
    r"|\[\^?(?:\\[dDwW.\\/()\[\]{}+*?|^$-]|[^\\\[\]])+\]"  # a set
    r"|\(\?:|[()|]|[*+?](?![*+?])|\{[0-9]{1,3}(?:,[0-9]{0,3})?\}(?![*+?])|[^\\\[\]{}()*+?|^$]"
)
_ALLOWED = {"LITERAL", "NOT_LITERAL", "ANY", "IN", "BRANCH", "SUBPATTERN", "MAX_REPEAT"}


def why_not(pattern: str) -> str | None:
    """None when the pattern may be used, else what was expected."""
    at = 0
    while at < len(pattern):
        sign = _SIGN.match(pattern, at)
        if sign is None:
            return _("une expression simple (ensembles, chiffres, répétitions), sans ^ ni $")
        at = sign.end()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern, re.ASCII)
            parsed = _parser.parse(pattern, re.ASCII)
    except (re.error, Warning, RecursionError, OverflowError) as error:
        return _("une expression régulière (%s)") % error
    if not _calm(parsed, inside=False) or _open(parsed) > MOST_OPEN:
        return _(
            "une expression sans répétition ni choix dans une répétition, "
            "avec trois répétitions ou choix libres au plus"
        )
    return None


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text is of the pattern's form."""
    return re.fullmatch(pattern, text, re.ASCII) is not None


def _calm(parsed: Any, *, inside: bool) -> bool:
    for kind, argument in parsed:
        if str(kind) not in _ALLOWED:
            return False
        if str(kind) == "MAX_REPEAT":
            least, most, inner = argument
            if least != most and inside:
                return False
            if not _calm(inner, inside=inside or most != 1):
                return False
        elif str(kind) == "BRANCH" and inside:
            return False  # a choice between single signs is a set once it is parsed
        elif str(kind) in ("SUBPATTERN", "BRANCH"):
            inner = [argument[-1]] if str(kind) == "SUBPATTERN" else argument[1]
            if not all(_calm(each, inside=inside) for each in inner):
                return False
    return True


def _open(parsed: Any) -> int:
    """How many repetitions have no fixed count, and how many choices there are."""
    found = 0
    for kind, argument in parsed:
        if str(kind) == "MAX_REPEAT":
            least, most, inner = argument
            found += (least != most and most != 1) + _open(inner)
        elif str(kind) == "SUBPATTERN":
            found += _open(argument[-1])
        elif str(kind) == "BRANCH":
            found += 1 + sum(_open(each) for each in argument[1])
    return found
