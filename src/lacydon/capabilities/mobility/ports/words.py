"""Texts of operators: some write HTML where the standard wants plain words."""

import html
import re
from typing import Final

LONGEST: Final = 8_000
"""Letters kept of one text."""
_BREAKS: Final = re.compile(r"<\s*(?:br|/p|/li|/div|/tr|/h[1-6])\b[^>]{0,500}>", re.IGNORECASE)
_MARKS: Final = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-zA-Z][^<>]{0,2000}>", re.IGNORECASE | re.DOTALL
)


def plain_words(text: str) -> str:
    """Without markup, one line a paragraph, of a bearable length."""
    words = html.unescape(_MARKS.sub(" ", _BREAKS.sub("\n", text[: 4 * LONGEST])))
    lines = (" ".join(line.split()) for line in words.splitlines())
    return "\n".join(filter(None, lines))[:LONGEST]
