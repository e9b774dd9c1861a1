"""Text messages (SMS): what a connector must offer to send them, and the one that is switched on.

    gateway = texter()
    if gateway: gateway.send(Text(to="+33612345678", words="…", reference=id))

A connector leaves itself at `plugs.texters`. A text costs money and is read by whoever holds the telephone: it says
that something happened and where to read it, never what.
"""

from dataclasses import dataclass
from typing import Protocol

from . import plugs
from .errors import Refused

LONGEST = 306
"""Characters of two texts joined (3GPP TS 23.040: 153 each)."""
_PLAIN = str.maketrans({"’": "'", "«": '"', "»": '"', "\u00a0": " ", "\u202f": " ", "…": "...", "–": "-", "œ": "oe"})


class TextRefused(Refused):
    """The gateway will never send this one: a number nobody has, a sender it does not know."""

    code = "text-refused"


@dataclass(frozen=True, slots=True)
class Text:
    """One message. `to`: E.164 (+33612345678). `reference`: the same at each try of the same message."""

    to: str
    words: str
    reference: str


class Texter(Protocol):
    """What a connector leaves at `plugs.texters`, behind a function without arguments."""

    def is_on(self) -> bool: ...

    def send(self, text: Text) -> str:
        """The gateway's own number for it. Raises TextRefused; Unavailable when nobody knows, or not now."""


def texter() -> Texter | None:
    """The gateway that is switched on; None when there is none."""
    for _name, offer in plugs.texters.items():
        found: Texter = offer()
        if found.is_on():
            return found
    return None


def plain(words: str) -> str:
    """Words as a text carries them at 7 bits a sign (GSM 03.38), so that they are not sent as three texts."""
    return words.translate(_PLAIN)[:LONGEST]
