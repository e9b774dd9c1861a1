"""What is taken out of a text before it is public: what looks like a way to reach somebody, or to name them."""

import re

from django.utils.translation import gettext as _

MASKS = (
    # E-mail addresses. Without an end to what may stand before « @ », a word of 20 000 letters took three seconds.
    re.compile(r"[\w.+-]{1,100}@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?<!\w)(?:\+|00)?\d(?:[\s.\-/]?\d){8,}(?!\w)"),  # phone, social security and account numbers
    re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,}\b"),  # IBAN
    re.compile(r"\b[A-Z]{2}[- ]?\d{3}[- ]?[A-Z]{2}\b"),  # number plates
    re.compile(r"\b(?:M\.|Mme|Mlle|Monsieur|Madame|Mr|Mrs|Ms)\s+[A-ZÀ-Þ][\w’'-]+(?:\s+[A-ZÀ-Þ][\w’'-]+)*"),
    re.compile(r"https?://\S+"),
)


def masked(text: str) -> str:
    """The text with each of these replaced by a word in brackets; people reread it, machines only help."""
    for pattern in MASKS:
        text = pattern.sub(_("[masqué]"), text)
    return text
