"""Everyday words and what they stand for: the lists of `words/*.txt`, one way only.

`poubelle = bac, conteneur`: who types the left also finds the right.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from ..folder import Fault
from .words import LANGUAGES, cut

LONGEST_LINE: Final = 500
FORM: Final = "poubelle = bac, conteneur"


@dataclass(frozen=True)
class Entry:
    """An everyday expression in `lang`, and the expressions of the catalogue (French) it stands for."""

    said: str
    meant: tuple[str, ...]
    lang: str = "fr"


@dataclass(frozen=True)
class WordList:
    """Entries, and the faults met when reading them; lists add up: `french + english`."""

    entries: tuple[Entry, ...] = ()
    faults: tuple[Fault, ...] = ()

    def __add__(self, other: "WordList") -> "WordList":
        return WordList(self.entries + other.entries, self.faults + other.faults)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "WordList":
        """A list from entries kept elsewhere (the database)."""
        return cls(tuple(entries))

    @classmethod
    def parse(cls, text: str, *, lang: str = "fr", file: str = "") -> "WordList":
        """A list from the text of a file; a line that is not well formed is left out and named in `faults`.

        `lang` is the language of the left sides; `file` is only repeated in the faults.
        """
        if lang not in LANGUAGES:
            raise ValueError(f"no words are known in {lang}")
        entries: list[Entry] = []
        faults: list[Fault] = []
        for number, line in enumerate(text.splitlines(), 1):
            content = line.partition("#")[0].strip().removeprefix("\ufeff")
            if not content:
                continue
            wrong = _wrong(content)
            if wrong:
                faults.append(Fault(file=file, line=number, found=wrong[0], expected=wrong[1]))
                continue
            said, _equals, meant = content.partition("=")
            entries.append(Entry(said.strip(), tuple(part.strip() for part in meant.split(",")), lang))
        return cls(tuple(entries), tuple(faults))


def _wrong(content: str) -> tuple[str, str] | None:
    """What is wrong with a line (found, expected), or None."""
    said, equals, meant = content.partition("=")
    if len(content) > LONGEST_LINE:
        return _("une ligne de %d signes") % len(content), _("au plus %d signes") % LONGEST_LINE
    if not equals:
        return _("« %s », sans =") % content[:80], _("« mot = sens, autre sens », comme %s") % FORM
    if "=" in meant:
        return _("deux = sur la même ligne"), _("un mot par ligne, comme %s") % FORM
    if not cut(said):
        return _("rien avant le ="), _("un mot de tous les jours, comme %s") % FORM
    for part in meant.split(","):
        if not cut(part):
            found = _("rien après le =") if not meant.strip() else _("un sens vide entre deux virgules")
            return found, _("un ou plusieurs sens séparés par des virgules, comme %s") % FORM
    return None
