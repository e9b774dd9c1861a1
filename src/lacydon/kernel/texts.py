"""Texts people read, in French and English: how they are written in a folder, stored, and chosen."""

from collections.abc import Callable, Mapping
from typing import Annotated

from django.conf import settings
from django.utils.translation import get_language, override
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from .french import typeset

Localised = Mapping[str, str]
"""`{"fr": …, "en": …}` as stored; English may be missing."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
French = Annotated[Line, AfterValidator(typeset)]


class Written(BaseModel):
    """What a folder may say: a field that is not foreseen is a fault, not a note."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Text(Written):
    """A text whose English is not compulsory."""

    fr: French
    en: Line | None = None

    def stored(self) -> dict[str, str]:
        return {"fr": self.fr} | ({"en": self.en} if self.en else {})

    def get(self, lang: str, default: str = "") -> str:
        """As a mapping of languages would: what is read as it was written is shown as what was stored."""
        return (self.fr if lang == "fr" else self.en if lang == "en" else None) or default


class Bilingual(Text):
    en: Line


def said(text: "Localised | Text", *, lang: str | None = None) -> str:
    """The text in the language asked for (default: the active one), in French when it was not translated."""
    language = (lang or get_language() or "fr")[:2]
    return text.get(language) or text.get("fr", "")


def language_of(text: "Localised | Text", *, lang: str | None = None) -> str:
    """The language `said` answers in: for the `lang` attribute of what is shown."""
    language = (lang or get_language() or "fr")[:2]
    return language if text.get(language) else "fr"


def in_every_language(say: Callable[[], str]) -> dict[str, str]:
    """What gettext says in each language of the platform: for a text that is stored though no folder wrote it."""
    told = {}
    for lang, _name in settings.LANGUAGES:
        with override(lang):
            told[lang] = say()
    return told
