"""Reading what was typed in every sensible way, and keeping the best: a street or a town, a number or a date.

`8 mai 1945 angers` may be number 8 of a street, or the street of a date; `rue de paris` a street, or any street of
Paris. Each reading is scored; a place keeps its best.
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lacydon.capabilities.territory.public import IndexedNumber, IndexedStreet
from lacydon.connectors.address_index.streets import Mask, Streets
from lacydon.connectors.address_index.towns import Town, Towns
from lacydon.connectors.address_index.words import WAYS, HouseNumber, house_number, last_number, opened, tokens

MOST_WORDS: Final = 24
MOST_READINGS: Final = 8
NO_TOWN: Final = 0.95
"""What is left of a score when the town was not named."""
OTHER_POSTCODE: Final = 0.8
ONLY_WAYS: Final = 0.6
NO_SUCH_NUMBER: Final = 0.88
OTHER_SUFFIX: Final = 0.96
TOWN_OF_POSTCODE: Final = 0.9
TOWN_INSTEAD: Final = 0.45
ENOUGH: Final = 0.6
NUMBERED: Final = 20
"""How many streets the house number is looked for in."""
NEAR_BONUS: Final = 0.08
NEAR_METRES: Final = 5_000.0

Numbers = Callable[..., list[IndexedNumber]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for. `types` empty means any; `citycodes` and `postcode` are conditions, not wishes."""

    text: str
    typing: bool = False
    types: frozenset[str] = frozenset()
    citycodes: frozenset[str] | None = None
    postcode: str | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer: a town, or a street with, if it was asked for and exists, a house number of it."""

    score: float
    town: Town | None = None
    street: IndexedStreet | None = None
    number: IndexedNumber | None = None

    @property
    def kind(self) -> str:
        if self.town is not None:
            return "municipality"
        if self.number is not None:
            return "housenumber"
        return "locality" if self.street is not None and self.street.locality else "street"

    @property
    def point(self) -> tuple[float, float]:
        place = self.town or self.number or self.street
        assert place is not None
        return place.lon, place.lat

    @property
    def weight(self) -> float:
        """How important the place is, 0 to 1, among those of its kind."""
        if self.town is not None:
            return min(math.log1p(self.town.population) / math.log(2_000_000), 1.0)
        return min(math.log1p(self.street.numbers) / math.log(2_000), 1.0) if self.street else 0.0


@dataclass(frozen=True, slots=True)
class _Reading:
    words: tuple[str, ...]
    town: Town | None
    trust: float
    typing: bool


@dataclass(frozen=True, slots=True)
class _Wished:
    """A street, its score, and the house number that was read beside it."""

    street: IndexedStreet
    score: float
    number: HouseNumber | None


def search(asked: Asked, *, streets: Streets, towns: Towns, numbers: Numbers, limit: int) -> list[Hit]:
    """The best places, best first. `numbers(streets=…, number=…)` gives the house numbers of streets."""
    words, postcode, known = _postcode(tokens(asked.text)[:MOST_WORDS], streets=streets, towns=towns)
    typing = asked.typing and bool(words) and asked.text[-1:].isalnum() and tokens(asked.text)[-1] == words[-1]
    readings = list(_readings(words, asked=asked, towns=towns, typing=typing))[:MOST_READINGS]
    hits: list[Hit] = []
    if asked.types != {"municipality"}:
        wished: dict[int, _Wished] = {}
        for reading in readings:
            for wish in _streets_of(reading, asked=asked, postcode=postcode, streets=streets):
                held = wished.get(wish.street.id)
                if held is None or wish.score > held.score:
                    wished[wish.street.id] = wish
        penalty = 1.0 if known or not postcode else OTHER_POSTCODE
        hits += _numbered([replace(wish, score=wish.score * penalty) for wish in wished.values()], numbers=numbers)
    hits += _towns(words, readings, asked=asked, postcode=postcode, towns=towns, instead=_best(hits) < ENOUGH)
    if asked.types:
        hits = [hit for hit in hits if hit.kind in asked.types]
    return sorted(hits, key=lambda hit: _rank(hit, asked))[:limit]


def _best(hits: Sequence[Hit]) -> float:
    return max((hit.score for hit in hits), default=0.0)


def _rank(hit: Hit, asked: Asked) -> tuple[float, float, str]:
    bonus = 0.0
    if asked.lon is not None and asked.lat is not None:
        bonus = NEAR_BONUS * math.exp(-metres(hit.point, (asked.lon, asked.lat)) / NEAR_METRES)
    code = hit.town.code if hit.town else hit.street.ban_id if hit.street else ""
    return -round(hit.score + bonus, 4), -hit.weight, code


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two near points (lon, lat in degrees)."""
    across = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(across, one[1] - other[1]) * 111_195.0


def _postcode(words: Sequence[str], *, streets: Streets, towns: Towns) -> tuple[list[str], str | None, bool]:
    """The words without postal code, cedex and country; the postal code; whether anything here has it."""
    kept: list[str] = []
    postcode: str | None = None
    for at, word in enumerate(words):
        if len(word) == 5 and word.isdigit() and postcode is None:
            postcode = word
        elif (
            word == "cedex"
            or (at and words[at - 1] == "cedex" and word.isdigit())
            or (word == "france" and at == len(words) - 1 and kept)
        ):
            continue
        else:
            kept.append(word)
    known = postcode is not None and (bool(towns.of_postcode(postcode)) or streets.has_postcode(postcode))
    return kept, postcode, known


def _readings(words: Sequence[str], *, asked: Asked, towns: Towns, typing: bool) -> Iterator[_Reading]:
    if not words:
        return
    yield _Reading(tuple(words), None, NO_TOWN if asked.citycodes is None else 1.0, typing)
    for named in towns.named(words, typing=typing):
        if asked.citycodes is not None and named.town.codes.isdisjoint(asked.citycodes):
            continue
        rest = (*words[: named.start], *words[named.end :])
        yield _Reading(rest, named.town, named.trust, typing and named.end < len(words))


def _streets_of(reading: _Reading, *, asked: Asked, postcode: str | None, streets: Streets) -> Iterator[_Wished]:
    codes = reading.town.codes if reading.town else None
    if asked.citycodes is not None:
        codes = asked.citycodes if codes is None else codes & asked.citycodes
    for number, words in _numbers_read(reading.words):
        trust = reading.trust * (ONLY_WAYS if all(word in WAYS for word in opened(words)) else 1.0)
        mask = streets.mask(citycodes=codes, postcode=asked.postcode or postcode)
        found = streets.find(words, typing=reading.typing, mask=mask)
        if postcode and not asked.postcode and (not found or found[0].score < ENOUGH):
            elsewhere: Mask | None = streets.mask(citycodes=codes)
            for each in streets.find(words, typing=reading.typing, mask=elsewhere):
                yield _Wished(each.street, each.score * trust * OTHER_POSTCODE, number)
        for each in found:
            yield _Wished(each.street, each.score * trust, number)


def _numbers_read(words: Sequence[str]) -> Iterator[tuple[HouseNumber | None, list[str]]]:
    """The words with a house number at their beginning or their end, and as they are when a number may be a date."""
    if not words:
        return
    number, rest = house_number(words)
    if number is not None:
        yield number, rest
        if len(rest) > 1:
            yield None, list(words)
        return
    yield None, list(words)
    number, rest = last_number(words)
    if number is not None:
        yield number, rest


def _numbered(wished: Collection[_Wished], *, numbers: Numbers) -> list[Hit]:
    """Streets with the house number that was asked for, when it exists there."""
    best = sorted(wished, key=lambda wish: (-round(wish.score, 4), -wish.street.numbers, wish.street.id))
    by_number: dict[int, set[int]] = {}
    for wish in best[:NUMBERED]:
        if wish.number is not None and wish.street.numbers:
            by_number.setdefault(wish.number.number, set()).add(wish.street.id)
    there: dict[tuple[int, int], list[IndexedNumber]] = {}
    for number, ids in by_number.items():
        for row in numbers(streets=ids, number=number):
            there.setdefault((row.street, number), []).append(row)
    hits = []
    for wish in best:
        if wish.number is None:
            hits.append(Hit(wish.score, street=wish.street))
            continue
        rows = {row.suffix: row for row in there.get((wish.street.id, wish.number.number), ())}
        exact = next((rows[suffix] for suffix in wish.number.suffixes if suffix in rows), None)
        if exact is not None:
            hits.append(Hit(wish.score, street=wish.street, number=exact))
        elif rows:
            hits.append(Hit(wish.score * OTHER_SUFFIX, street=wish.street, number=rows[min(rows)]))
        else:
            hits.append(Hit(wish.score * NO_SUCH_NUMBER, street=wish.street))
    return hits


def _towns(
    words: Sequence[str],
    readings: Collection[_Reading],
    *,
    asked: Asked,
    postcode: str | None,
    towns: Towns,
    instead: bool,
) -> list[Hit]:
    """Towns that were named; all those of a postal code that stands alone; towns `instead` of a street not found."""
    found: dict[str, tuple[float, Town]] = {}

    def keep(town: Town, score: float) -> None:
        if asked.citycodes is not None and town.code not in asked.citycodes:
            return
        if asked.postcode is not None and asked.postcode not in town.postcodes:
            return
        if town.code not in found or found[town.code][0] < score:
            found[town.code] = score, town

    for reading in readings:
        if reading.town is None:
            continue
        agrees = postcode is None or postcode in reading.town.postcodes
        if not reading.words:
            keep(reading.town, reading.trust * (1.0 if agrees else OTHER_POSTCODE))
        elif instead and reading.trust > 0.9:
            keep(reading.town, TOWN_INSTEAD * reading.trust)
    if postcode and (not words or instead):
        for town in towns.of_postcode(postcode):
            keep(town, TOWN_OF_POSTCODE if not words else TOWN_INSTEAD - 0.05)
    return [Hit(score, town=town) for score, town in found.values()]
