"""What can be found, as a capability hands it over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..texts import Localised

WEIGHTS: Final[Mapping[str, float]] = {
    "title": 8.0,
    "keywords": 4.0,
    "summary": 2.0,
    "events": 0.6,
    "description": 0.8,
}
"""How much a word found in each field says about the document."""

Phrases = Mapping[str, Sequence[str]]
"""Short expressions by language: `{"fr": ["poubelle jaune", …]}`."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """Something a resident may look for: a service today, a dataset tomorrow.

    `id` is unique in its index. `keywords` are residents' own words for it, `events` the words of the life events it
    belongs to. `tags` are what one may filter by: `{"audience": {"senior"}}`. `citycodes` is where it exists, None for
    everywhere. `boost` multiplies the score: 1.1 for what most people want, never a way to win against a better match.
    """

    id: str
    kind: str
    title: Localised
    keywords: Phrases = field(default_factory=dict)
    summary: Localised = field(default_factory=dict)
    events: Phrases = field(default_factory=dict)
    description: Localised = field(default_factory=dict)
    tags: Mapping[str, Collection[str]] = field(default_factory=dict)
    citycodes: Collection[str] | None = None
    boost: float = 1.0

    def texts(self, *, lang: str) -> list[tuple[str, str]]:
        """Its texts in a language, as (name of the field in WEIGHTS, text); a phrase is one text."""
        whole = (("title", self.title), ("summary", self.summary), ("description", self.description))
        texts = [(name, said[lang]) for name, said in whole if said.get(lang)]
        for name, phrases in (("keywords", self.keywords), ("events", self.events)):
            texts += [(name, phrase) for phrase in phrases.get(lang, ())]
        return texts
