"""Stops and lines by the name that people give them: no accents, « St » for « Saint », a letter wrong."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from lacydon.capabilities.territory.public import communes
from lacydon.kernel.french import plain

from .timetable import Place, Timetable, timetable

LONGEST = 100
CLOSE = 78.0
"""Likeness (0 to 100) under which a name is another one, not a typing mistake."""
SHORT_FORMS = {
    "st": "saint", "ste": "sainte", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard",
    "pl": "place", "gal": "general", "dr": "docteur", "mal": "marechal", "pdt": "president", "pte": "porte",
    "rpt": "rond point", "chu": "hopital", "hop": "hopital", "univ": "universite", "zi": "zone industrielle",
}  # fmt: skip
SMALL_WORDS = frozenset("le la les l de du des d a au aux et en sur".split())


@dataclass(frozen=True, slots=True)
class NamedStop:
    """A place that answers to what was typed; `score` from 0 to 1, 1 when it is the very name."""

    place: int
    """Position in the timetable."""
    id: str
    name: str
    citycode: str
    commune: str
    lon: float
    lat: float
    score: float


class _Entry(NamedTuple):
    """A place as it is compared: its words without accents, those of its commune, how many lines call there."""

    words: tuple[str, ...]
    text: str
    commune: tuple[str, ...]
    lines: int


def stops_named(text: str, limit: int = 10, *, citycode: str = "") -> tuple[NamedStop, ...]:
    """Places whose name, or name and commune, resembles what was typed, best first; of one commune when it is given.

    Nothing for an empty text; NoTimetable when none was imported.
    """
    table = timetable()
    wanted = folded(text[:LONGEST])
    if not wanted:
        return ()
    entries, names = _entries(table), _communes()
    scored = [
        (score, n)
        for n, entry in enumerate(entries)
        if (not citycode or table.places[n].citycode == citycode) and (score := _score(wanted, entry))
    ]
    if not scored:
        allowed = {n: e.text for n, e in enumerate(entries) if not citycode or table.places[n].citycode == citycode}
        close = process.extract(" ".join(wanted), allowed, scorer=fuzz.WRatio, limit=limit * 2, score_cutoff=CLOSE)
        scored = [(likeness / 100 * 0.6, n) for _text, likeness, n in close]
    scored.sort(key=lambda found: (-round(found[0], 2), -entries[found[1]].lines, entries[found[1]].text))
    return tuple(_named(table.places[n], n, score, names) for score, n in scored[:limit])


def lines_named(text: str, limit: int = 10) -> tuple[int, ...]:
    """Positions of the lines whose number or name resembles what was typed, best first."""
    table = timetable()
    wanted = folded(text[:LONGEST])
    if wanted and wanted[0] in ("ligne", "bus", "metro", "tram", "tramway", "car"):
        wanted = wanted[1:] or wanted
    if not wanted:
        return ()
    whole = "".join(wanted)
    scored: list[tuple[int, int, int]] = []
    for n, route in enumerate(table.routes):
        short = "".join(folded(route.short_name))
        if short == whole:
            scored.append((0, route.order, n))
        elif set(wanted) <= set(folded(f"{route.short_name} {route.long_name}")):
            scored.append((1, route.order, n))
    return tuple(n for _rank, _order, n in sorted(scored)[:limit])


@lru_cache(maxsize=4096)
def folded(text: str) -> tuple[str, ...]:
    """The words of a name without accents, short forms written out: « St-Just Hôtel du Dépt » → saint, just, hotel …"""
    words = "".join(sign if sign.isalnum() else " " for sign in plain(text)).split()
    written = " ".join(SHORT_FORMS.get(word, word) for word in words).split()
    return tuple(word for word in written if word not in SMALL_WORDS) or tuple(written)


@lru_cache(maxsize=1)
def _entries(table: Timetable) -> tuple[_Entry, ...]:
    names = _communes()
    return tuple(
        _Entry(words, " ".join(words), folded(names.get(place.citycode, "")), len(table.routes_of_place[n]))
        for n, place in enumerate(table.places)
        for words in (folded(place.name),)
    )


def _communes() -> dict[str, str]:
    return {each.code: each.name for each in communes()}


def _score(wanted: tuple[str, ...], entry: _Entry) -> float:
    """1 the same words; less when words only begin alike, or are those of the commune; 0 when one is nowhere."""
    if wanted == entry.words:
        return 1.0
    own = other = 0
    for word in wanted:
        if any(each.startswith(word) for each in entry.words):
            own += 1
        elif any(each.startswith(word) for each in entry.commune):
            other += 1
        else:
            return 0.0
    if not own and other:
        return 0.0 if len(wanted) > 1 else 0.3
    beginning = 0.1 if entry.words[0].startswith(wanted[0]) else 0.0
    exact = 0.1 * sum(word in entry.words for word in wanted) / len(wanted)
    return 0.6 + beginning + exact + 0.15 * min(1.0, math.sqrt(own / max(1, len(entry.words))))


def _named(place: Place, n: int, score: float, names: dict[str, str]) -> NamedStop:
    commune = names.get(place.citycode, "")
    return NamedStop(n, place.id, place.name, place.citycode, commune, place.lon, place.lat, round(score, 3))
