"""The communes and arrondissements in memory: where in what was typed a town is named, and which."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from lacydon.capabilities.territory.public import CommuneView
from lacydon.connectors.address_index.words import ARTICLES, opened, tokens

LONGEST_NAME: Final = 6
CLOSE: Final = 84.0
"""From this likeness (0–100) on, a misspelt name is taken for a town's."""
SHORTEST_BEGINNING: Final = 3
ARRONDISSEMENT: Final = re.compile(r"(?P<city>.+?) (?P<number>\d{1,2})(?:er|e|eme|nd)? arrondissement")
ORDINALS: Final = ("", "e", "er", "eme", "ieme")


@dataclass(frozen=True, slots=True)
class Town:
    """A commune, or an arrondissement `of` one. `codes`: the INSEE codes its streets have."""

    code: str
    name: str
    city: str
    commune: str
    departement: str
    postcodes: tuple[str, ...]
    population: int
    lon: float
    lat: float
    codes: frozenset[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A town named in a question: at words `start` to `end`, how surely (0 to 1)."""

    town: Town
    start: int
    end: int
    trust: float


class Towns:
    """Every commune and arrondissement by what residents call it. Immutable."""

    def __init__(self, communes: Iterable[CommuneView]) -> None:
        self.all: list[Town] = []
        for commune in communes:
            parts = [part.code for part in commune.arrondissements]
            whole = Town(
                code=commune.code,
                name=commune.name,
                city=commune.name,
                commune=commune.code,
                departement=commune.departement,
                postcodes=commune.postal_codes,
                population=commune.population,
                lon=commune.lon,
                lat=commune.lat,
                codes=frozenset({commune.code, *parts}),
                whole=True,
            )
            self.all.append(whole)
            for part in commune.arrondissements:
                self.all.append(
                    Town(
                        code=part.code,
                        name=part.name,
                        city=commune.name,
                        commune=commune.code,
                        departement=commune.departement,
                        postcodes=(part.postal_code,),
                        population=0,
                        lon=part.lon,
                        lat=part.lat,
                        codes=frozenset({part.code}),
                        whole=False,
                    )
                )
        self.by_code = {town.code: town for town in self.all}
        self._names = self._calls()
        self._spoken = {" ".join(name): town for name, town in self._names.items() if town.whole}

    def of_postcode(self, postcode: str) -> list[Town]:
        """All the towns a postal code serves: an arrondissement rather than the whole commune it is a part of."""
        found = [town for town in self.all if postcode in town.postcodes]
        inside = {town.commune for town in found if not town.whole}
        kept = [town for town in found if not (town.whole and town.commune in inside)]
        return sorted(kept, key=lambda town: (-town.population, town.code))

    def named(self, words: Sequence[str], *, typing: bool) -> Iterator[Named]:
        """The towns named at the end or at the beginning of the words, whole names first."""
        words = opened(words)
        seen: set[tuple[str, int]] = set()
        for start, end in _edges(len(words)):
            town = self._names.get(tuple(words[start:end]))
            if town is not None and (town.code, start) not in seen:
                seen.add((town.code, start))
                yield Named(town, start, end, 1.0)
        for start, end in _edges(len(words)):
            said = " ".join(words[start:end])
            if len(said) < 4 or said.isdigit() or tuple(words[start:end]) in self._names:
                continue
            for _name, likeness, _at in process.extract(
                said, self._spoken.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE, limit=2
            ):
                town = self._spoken[_name]
                if (town.code, start) not in seen:
                    seen.add((town.code, start))
                    yield Named(town, start, end, likeness / 100)
        if typing:
            yield from self._begun(words, seen)

    def _begun(self, words: Sequence[str], seen: set[tuple[str, int]]) -> Iterator[Named]:
        """Towns whose name begins as the words end."""
        for start in range(max(0, len(words) - LONGEST_NAME), len(words)):
            said = " ".join(words[start:])
            if len(said) < SHORTEST_BEGINNING or (len(words) - start == 1 and said in ARTICLES):
                continue
            for name, town in self._spoken.items():
                if name.startswith(said) and (town.code, start) not in seen:
                    seen.add((town.code, start))
                    yield Named(town, start, len(words), 0.8 + 0.2 * len(said) / len(name))

    def _calls(self) -> dict[tuple[str, ...], Town]:
        """What each town is called: its name, without its article, its first word when no other begins so."""
        calls: dict[tuple[str, ...], Town] = {}
        firsts: dict[str, list[Town]] = {}
        for town in self.all:
            words = opened(tokens(town.name))
            calls[tuple(words)] = town
            arrondissement = None if town.whole else ARRONDISSEMENT.fullmatch(" ".join(tokens(town.name)))
            if arrondissement:
                city = opened(arrondissement["city"].split())
                for ordinal in ORDINALS:
                    for number in {arrondissement["number"], arrondissement["number"].zfill(2)}:
                        calls.setdefault((*city, number + ordinal), town)
                        calls.setdefault((*city, number + ordinal, "arrondissement"), town)
            elif words:
                short = words[1:] if words[0] in ARTICLES and len(words) > 1 else words
                calls.setdefault(tuple(short), town)
                firsts.setdefault(short[0], []).append(town)
        for first, towns in firsts.items():
            if len(towns) == 1 and len(first) >= SHORTEST_BEGINNING and first not in ("saint", "sainte"):
                calls.setdefault((first,), towns[0])
        return calls


def _edges(length: int) -> Iterator[tuple[int, int]]:
    """Places where a town may be named: the end first, then the beginning; longest first."""
    for size in range(min(LONGEST_NAME, length), 0, -1):
        yield length - size, length
    for size in range(min(LONGEST_NAME, length - 1), 0, -1):
        yield 0, size
