"""French as it is printed: typography, and the small words before the name of a town."""

import re
import unicodedata

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"
VOWELS = "aeiouyh"


def plain(text: str) -> str:
    """Lower case without accents: `Châteauneuf-sur-Loire` → `chateauneuf-sur-loire`."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).lower()


def slug(text: str) -> str:
    """For addresses of pages: `Les Sables-d’Olonne` → `les-sables-d-olonne`."""
    return re.sub(r"[^a-z0-9]+", "-", plain(text)).strip("-")


def typeset(text: str) -> str:
    """French typography: curly apostrophes, no-break spaces inside « » and before : ; ? ! % €."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(rf"«[ {NBSP}]?", f"«{NBSP}", text)
    text = re.sub(rf"[ {NBSP}]?»", f"{NBSP}»", text)
    text = re.sub(r" ([:%€])", rf"{NBSP}\1", text)
    text = re.sub(r" ([;?!])", rf"{NARROW_NBSP}\1", text)
    return re.sub(r"(?<=\d) (?=\d{3}\b)", NARROW_NBSP, text)


def of(name: str) -> str:
    """`Angers` → `d’Angers`, `Le Havre` → `du Havre`, `Les Ulis` → `des Ulis`."""
    if name.startswith("Le "):
        return f"du {name[3:]}"
    if name.startswith("Les "):
        return f"des {name[4:]}"
    return f"d’{name}" if plain(name)[:1] in VOWELS else f"de {name}"


def at(name: str) -> str:
    """`Angers` → `à Angers`, `Le Havre` → `au Havre`, `Les Ulis` → `aux Ulis`."""
    if name.startswith("Le "):
        return f"au {name[3:]}"
    if name.startswith("Les "):
        return f"aux {name[4:]}"
    return f"à {name}"
