"""Quays of one place: same name, same commune, less than 400 m apart; a person's decision wins."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from django.utils.text import slugify

from ..timetable.nouns import Place, Stop, StopKind, Wheelchair

METRES = 400.0


def metres(a: Stop, b: Stop) -> float:
    """Metres between two stops, on a sphere: right to a few per thousand over a kilometre."""
    dx = math.radians(a.lon - b.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
    return 6_371_008.8 * math.hypot(dx, math.radians(a.lat - b.lat))


def grouped(
    stops: Sequence[Stop],
    *,
    citycode_at: Callable[[float, float], str],
    decided: Mapping[tuple[str, str], bool],
) -> tuple[list[Stop], list[Place]]:
    """The stops, each knowing its place, and the places."""
    above = list(range(len(stops)))

    def root(n: int) -> int:
        while above[n] != n:
            above[n] = above[above[n]]
            n = above[n]
        return n

    codes = [citycode_at(stop.lon, stop.lat) for stop in stops]
    named: dict[tuple[str, str], list[int]] = {}
    for n, stop in enumerate(stops):
        if stop.kind in (StopKind.QUAY, StopKind.STATION):
            named.setdefault((slugify(stop.name), codes[n]), []).append(n)
    for same in named.values():
        for i, one in enumerate(same):
            for other in same[i + 1 :]:
                pair = (min(stops[one].id, stops[other].id), max(stops[one].id, stops[other].id))
                if decided.get(pair, metres(stops[one], stops[other]) < METRES):
                    above[root(one)] = root(other)
    by_id = {stop.id: n for n, stop in enumerate(stops)}
    for (one_id, other_id), together in decided.items():
        if together and one_id in by_id and other_id in by_id:
            above[root(by_id[one_id])] = root(by_id[other_id])
    for n, stop in enumerate(stops):
        if stop.parent >= 0 and stop.kind == StopKind.QUAY:
            above[root(n)] = root(stop.parent)
    members: dict[int, list[int]] = {}
    for n, stop in enumerate(stops):
        if stop.kind == StopKind.QUAY:
            members.setdefault(root(n), []).append(n)
    places: list[Place] = []
    taken: dict[str, int] = {}
    found = list(stops)
    for group in sorted(members.values()):
        first = stops[group[0]]
        code = codes[group[0]]
        stem = f"{slugify(first.name)}-{code}" if code else slugify(first.name)
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
