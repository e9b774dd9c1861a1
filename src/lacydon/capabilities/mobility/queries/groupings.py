"""Stops that may be grouped wrongly, for a person to look at: what the rule cannot tell by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rapidfuzz import fuzz

from lacydon.kernel.french import slug

from ..models import Grouping
from .gtfs import METRES, metres
from .stops import folded
from .timetable import Place, Stop, Timetable, timetable

FAR = 2 * METRES
WIDE = 250.0
NEAR = 80.0
ALIKE = 80.0
CELL = 0.004
"""Degrees: a little more than 400 m from north to south."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Two quays, the places they are in, and why one may doubt.

    why: far (same name and commune, 400 to 800 m), border (same name, two communes, under 400 m),
    alike (close, names that resemble), wide (one place whose quays are far from one another).
    """

    why: str
    stop: Stop
    other: Stop
    place: Place
    other_place: Place
    metres: int

    @property
    def together(self) -> bool:
        return self.place is self.other_place

    @property
    def pair(self) -> tuple[str, str]:
        return pair_of(self.stop.id, self.other.id)


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Two identifiers in the order of the alphabet."""
    return (one, other) if one < other else (other, one)


def doubts() -> list[Doubt]:
    """Those that nobody decided yet, by what they are, the closest first. Raises NoTimetable."""
    decided = set(Grouping.objects.values_list("stop", "other"))
    return [each for each in _doubts(timetable()) if each.pair not in decided]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, with the stops when they still exist."""

    grouping: Grouping
    stop: Stop | None
    other: Stop | None


def decisions() -> list[Decision]:
    """The last decided first. Raises NoTimetable."""
    table = timetable()
    found = {id: table.stops[n] for id, n in table.stop_of_id.items()}
    return [
        Decision(grouping=each, stop=found.get(each.stop), other=found.get(each.other))
        for each in Grouping.objects.order_by("-decided_at")
    ]


@lru_cache(maxsize=1)
def _doubts(table: Timetable) -> tuple[Doubt, ...]:
    found: dict[tuple[str, str], Doubt] = {}
    for why, one, other in (*_same_names(table), *_neighbours(table)):
        doubt = _closest(table, why, one, other)
        if doubt is not None:
            found.setdefault(doubt.pair, doubt)
    for place in table.places:
        stops = [table.stops[n] for n in place.stops]
        if 1 < len(stops) <= 30:
            far, one_stop, other_stop = max(
                ((metres(a, b), a, b) for a, b in combinations(stops, 2)), key=lambda each: each[0]
            )
            if far > WIDE:
                doubt = Doubt(
                    why="wide", stop=one_stop, other=other_stop, place=place, other_place=place, metres=round(far)
                )
                found.setdefault(doubt.pair, doubt)
    order = ("border", "far", "alike", "wide")
    return tuple(sorted(found.values(), key=lambda each: (order.index(each.why), each.metres, each.pair)))


def _same_names(table: Timetable) -> Iterable[tuple[str, Place, Place]]:
    named: dict[str, list[Place]] = {}
    for place in table.places:
        named.setdefault(slug(place.name), []).append(place)
    for same in named.values():
        for one, other in combinations(same, 2):
            far = metres(one, other)
            if far < 2 * FAR:
                yield ("far" if one.citycode == other.citycode else "border"), one, other


def _neighbours(table: Timetable) -> Iterable[tuple[str, Place, Place]]:
    """Places a few steps apart whose names resemble: « Gare » and « Gare SNCF »."""
    cells: dict[tuple[int, int], list[Place]] = {}
    for place in table.places:
        cells.setdefault((int(place.lon / CELL), int(place.lat / CELL)), []).append(place)
    for (x, y), here in cells.items():
        around = [
            each for dx in (0, 1) for dy in (-1, 0, 1) if (dx, dy) > (0, 0) for each in cells.get((x + dx, y + dy), ())
        ]
        for one, other in (*combinations(here, 2), *((a, b) for a in here for b in around)):
            names = [" ".join(folded(each.name)) for each in (one, other)]
            if (
                slug(one.name) != slug(other.name)
                and metres(one, other) < METRES
                and fuzz.token_set_ratio(*names) >= ALIKE
            ):
                yield "alike", one, other


def _closest(table: Timetable, why: str, one: Place, other: Place) -> Doubt | None:
    far, a, b = min(
        ((metres(table.stops[n], table.stops[m]), n, m) for n in one.stops for m in other.stops),
        key=lambda each: each[0],
    )
    low, high = {"far": (0.0, FAR), "border": (0.0, METRES), "alike": (0.0, NEAR)}[why]
    if not low <= far < high:
        return None
    return Doubt(why=why, stop=table.stops[a], other=table.stops[b], place=one, other_place=other, metres=round(far))
