"""Trips that two feeds both say: they are counted once, that of the feed that comes first."""

import hashlib
from collections.abc import Sequence

import numpy as np

from ..timetable.nouns import Stop
from .gathered import Gathered
from .remarks import Remarks


def drop_what_is_said_twice(to: Gathered, stops: Sequence[Stop], remarks: Sequence[tuple[str, Remarks]]) -> None:
    """A trip is the same when its line has the same number and it leaves the same places at the same times.

    On the days when both run, the later feed is not heard; on the others it is, by a service of the days that remain.
    """
    place = np.array([stop.place for stop in stops], np.int32)
    route = np.frombuffer(to.trip_route, np.int32)
    said: dict[bytes, set[int]] = {}
    rests: dict[tuple[int, frozenset[int]], int] = {}
    for (first, calls), (_feed, its) in zip(to.calls, remarks, strict=True):
        fresh: dict[bytes, set[int]] = {}
        twice = 0
        shown: list[str] = []
        for n in np.flatnonzero(calls.length > 1).tolist():
            here, trip = calls.of(n), first + n
            line = to.routes[int(route[trip])]
            digest = hashlib.blake2b(line.name.casefold().encode(), digest_size=16)
            digest.update(place[calls.stop[here]].tobytes())
            digest.update(calls.departure[here].tobytes())
            key = digest.digest()
            service = to.trip_service[trip]
            runs = to.runs[service]
            before = said.get(key, set())
            both = runs & before
            if both:
                twice += 1
                shown = [*shown[:2], f"{line.name} {to.trip_ids[trip]}"]
                if both == runs:
                    calls.length[n] = 0
                else:
                    to.trip_service[trip] = _rest(to, service, frozenset(both), rests)
            fresh.setdefault(key, set()).update(runs)
        for key, days in fresh.items():
            said.setdefault(key, set()).update(days)
        its.add_all("same-trips", "trips.txt", lines=(), count=twice, examples=shown)


def _rest(to: Gathered, service: int, both: frozenset[int], rests: dict[tuple[int, frozenset[int]], int]) -> int:
    if (service, both) not in rests:
        rests[service, both] = len(to.services)
        to.services.append(f"{to.services[service]}#{len(rests)}")
        to.runs.append(to.runs[service] - both)
    return rests[service, both]
