"""Quays of one place: same name, same commune, less than 400 m apart; a person's decision wins."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from lacydon.kernel.french import slug

from ..timetable.nouns import Place, Stop, StopKind, Wheelchair

METRES = 400.0
Decided = Mapping[tuple[str, str], bool]


def metres(a: Stop | Place, b: Stop | Place) -> float:
    """Metres between two stops, on a sphere: right to a few per thousand over a kilometre."""
    dx = math.radians(a.lon - b.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return 6_371_008.8 * math.hypot(dx, math.radians(a.lat - b.lat))


class _Union:
    """Which stops are together; two that a person said to be apart never are, even through others."""

    def __init__(self, size: int, apart: Sequence[tuple[int, int]]) -> None:
        self._above = list(range(size))
        self._apart = apart

    def root(self, n: int) -> int:
        above = self._above
        while above[n] != n:
            above[n] = above[above[n]]
            n = above[n]
        return n

    def join(self, one: int, other: int, *, whatever: bool = False) -> None:
        a, b = self.root(one), self.root(other)
        if a != b and (whatever or not any({self.root(x), self.root(y)} == {a, b} for x, y in self._apart)):
            self._above[a] = b


def grouped(
    stops: Sequence[Stop], *, citycode_at: Callable[[float, float], str], decided: Decided
) -> tuple[list[Stop], list[Place]]:
    """The stops, each knowing its place, and the places."""
    by_id = {stop.id: n for n, stop in enumerate(stops)} if decided else {}
    pairs = {(by_id[a], by_id[b]): kind for (a, b), kind in decided.items() if a in by_id and b in by_id}
    union = _Union(len(stops), [pair for pair, together in pairs.items() if not together])
    codes = [citycode_at(stop.lon, stop.lat) for stop in stops]
    for n, stop in enumerate(stops):
        if stop.parent >= 0 and stop.kind in (StopKind.QUAY, StopKind.BOARDING_AREA):
            union.join(n, stop.parent, whatever=True)
    for (one, other), together in pairs.items():
        if together:
            union.join(one, other, whatever=True)
    named: dict[tuple[str, str], list[int]] = {}
    for n, stop in enumerate(stops):
        if stop.kind in (StopKind.QUAY, StopKind.STATION):
            named.setdefault((slug(stop.name), codes[n]), []).append(n)
    for same in named.values():
        near = [
            (far, one, other)
            for rank, one in enumerate(same)
            for other in same[rank + 1 :]
            if (far := metres(stops[one], stops[other])) < METRES
        ]
        for _far, one, other in sorted(near):
            union.join(one, other)
    members: dict[int, list[int]] = {}
    for n, stop in enumerate(stops):
        if stop.kind in (StopKind.QUAY, StopKind.BOARDING_AREA):
            members.setdefault(union.root(n), []).append(n)
    return _places(stops, codes, sorted(members.values()))


def _places(
    stops: Sequence[Stop], codes: Sequence[str], groups: Sequence[Sequence[int]]
) -> tuple[list[Stop], list[Place]]:
    """Each group with an address of its own: the first one of a name and a commune has no number."""
    places: list[Place] = []
    taken: dict[str, int] = {}
    found = list(stops)
    for group in groups:
        first, code = stops[group[0]], codes[group[0]]
        stem = "-".join(filter(None, (slug(first.name), code))) or slug(first.id)
        taken[stem] = taken.get(stem, 0) + 1
        access = {stops[n].wheelchair for n in group}
        places.append(
            Place(
                id=stem if taken[stem] == 1 else f"{stem}-{taken[stem]}",
                name=first.name,
                citycode=code,
                lon=sum(stops[n].lon for n in group) / len(group),
                lat=sum(stops[n].lat for n in group) / len(group),
                stops=tuple(group),
                wheelchair=access.pop() if len(access) == 1 else Wheelchair.UNKNOWN,
            )
        )
        for n in group:
            found[n] = replace(stops[n], place=len(places) - 1)
    return found, places
