"""The stops as riders change at them, and the ways between: a node is a stop, or a stop as one line or trip uses it.

transfers.txt may say that a change is forbidden, guaranteed or longer for some lines or trips only. Each line or trip
that a rule speaks of gets nodes of its own at the stops concerned: the kernels then know of nodes alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..timetable import StopKind, Timetable, Transfer, Wheelchair
from .walking import CHANGE, Access, Walk, quays_of, walks

Int32 = NDArray[np.int32]
FORBIDDEN, GUARANTEED, TIMED, SEATED, NOT_SEATED = 3, 1, 2, 4, 5


@dataclass(frozen=True, eq=False)
class Paths:
    """From each node to others (and to itself: the change at one stop), in the order of nodes."""

    first: Int32
    to: Int32
    ready: Int32
    """Seconds after getting off until one may board."""
    seconds: Int32
    """Seconds on foot."""
    walk: Int32
    """The same in whole minutes, rounded: what is compared."""

    def turned(self) -> "Paths":
        """The same ways, taken backwards."""
        sources = np.repeat(np.arange(len(self.first) - 1, dtype=np.int32), np.diff(self.first))
        order = np.argsort(self.to, kind="stable")
        first = np.searchsorted(self.to[order], np.arange(len(self.first))).astype(np.int32)
        return Paths(first, sources[order], self.ready[order], self.seconds[order], self.walk[order])


@dataclass(frozen=True, eq=False)
class Network:
    """What does not depend on the day."""

    table: Timetable
    access: Access
    node_stop: Int32
    """[nodes] the first ones are the stops themselves."""
    nodes_of_stop: Mapping[int, tuple[int, ...]]
    """Of the stops that have several."""
    node_of: Mapping[tuple[int, str, int], int]
    """(stop, "route" or "trip", its position) → node."""
    paths: Paths
    back: Paths
    walks: Mapping[tuple[int, int], Walk]
    open_stops: NDArray[np.bool_]
    """[stops] where this rider may get on and off."""
    seated: Mapping[int, tuple[int, ...]]
    """A trip → those that go on with the same vehicle, one staying in one's seat."""

    def nodes(self, stop: int) -> tuple[int, ...]:
        return self.nodes_of_stop.get(stop, (stop,))

    def node(self, stop: int, *, route: int, trip: int = -1) -> int:
        """The node that this trip of this route uses at a stop."""
        if stop not in self.nodes_of_stop:
            return stop
        for key in ((stop, "trip", trip), (stop, "route", route)):
            if key in self.node_of:
                return self.node_of[key]
        return stop


def network(table: Timetable, *, access: Access = Access.ANYBODY) -> Network:
    """Nodes and ways of a timetable. About a second for a large town."""
    found = walks(table, access=access)
    rules = [each for each in table.transfers if each.from_stop >= 0 and each.to_stop >= 0 and each.type != SEATED]
    precise = [each for each in rules if _precise(each)]
    node_stop = list(range(len(table.stops)))
    node_of: dict[tuple[int, str, int], int] = {}
    for rule in precise:
        for stop, kind, number in _asked(table, rule):
            if (stop, kind, number) not in node_of:
                node_of[stop, kind, number] = len(node_stop)
                node_stop.append(stop)
    nodes: dict[int, list[int]] = {}
    for (stop, _kind, _number), node in node_of.items():
        nodes.setdefault(stop, [stop]).append(node)
    who: dict[int, tuple[int, int]] = {}
    """Route and trip that a node is for."""
    for (_stop, kind, number), node in node_of.items():
        who[node] = (_route_of(table, number), number) if kind == "trip" else (number, -1)
    ways = _ways(table, found, rules, nodes, who)
    paths = _paths(ways, len(node_stop))
    return Network(
        table=table,
        access=access,
        node_stop=np.array(node_stop, np.int32),
        nodes_of_stop={stop: tuple(each) for stop, each in nodes.items()},
        node_of=node_of,
        paths=paths,
        back=paths.turned(),
        walks=found,
        open_stops=_open(table, access),
        seated=_seated(table.transfers),
    )


def _precise(rule: Transfer) -> bool:
    return max(rule.from_route, rule.to_route, rule.from_trip, rule.to_trip) >= 0


def _route_of(table: Timetable, trip: int) -> int:
    return int(table.pattern_route[table.trip_pattern[trip]])


def _asked(table: Timetable, rule: Transfer) -> Iterable[tuple[int, str, int]]:
    for stop, route, trip in (
        (rule.from_stop, rule.from_route, rule.from_trip),
        (rule.to_stop, rule.to_route, rule.to_trip),
    ):
        if trip >= 0 or route >= 0:
            for quay in quays_of(table, stop):
                yield (quay, "trip", trip) if trip >= 0 else (quay, "route", route)


def _ways(
    table: Timetable,
    found: Mapping[tuple[int, int], Walk],
    rules: Iterable[Transfer],
    nodes: Mapping[int, list[int]],
    who: Mapping[int, tuple[int, int]],
) -> dict[tuple[int, int], tuple[int, int]]:
    """(from, to) → seconds until ready, seconds on foot."""
    ways: dict[tuple[int, int], tuple[int, int]] = {}
    for (one, other), walk in found.items():
        ready = walk.seconds if walk.given else max(walk.seconds, CHANGE)
        for a in nodes.get(one, (one,)):
            for b in nodes.get(other, (other,)):
                ways[a, b] = ready, walk.seconds
    for stop, each in enumerate(table.stops):
        if each.kind == StopKind.QUAY:
            for a in nodes.get(stop, (stop,)):
                for b in nodes.get(stop, (stop,)):
                    ways[a, b] = CHANGE, 0
    strength: dict[tuple[int, int], int] = {}
    for rule in rules:
        said = _strength(rule)
        if rule.type == 0 and said == 0:
            continue
        for one in quays_of(table, rule.from_stop):
            for other in quays_of(table, rule.to_stop):
                for a in nodes.get(one, (one,)):
                    for b in nodes.get(other, (other,)):
                        if _fits(rule, who.get(a), who.get(b)) and said >= strength.get((a, b), 0):
                            strength[a, b] = said
                            _say(ways, found, rule, (a, b), (one, other))
    return ways


def _say(
    ways: dict[tuple[int, int], tuple[int, int]],
    found: Mapping[tuple[int, int], Walk],
    rule: Transfer,
    pair: tuple[int, int],
    stops: tuple[int, int],
) -> None:
    """What a rule makes of one way. The walk itself has to exist: a rule does not build steps away."""
    walk = 0 if stops[0] == stops[1] else found[stops].seconds if stops in found else -1
    if rule.type == FORBIDDEN or walk < 0:
        ways.pop(pair, None)
    elif rule.type == GUARANTEED:
        ways[pair] = 0, walk
    elif rule.type == TIMED and rule.seconds >= 0 and (_precise(rule) or stops[0] == stops[1]):
        ways[pair] = rule.seconds, walk
    elif rule.type in (0, NOT_SEATED) and _precise(rule):
        ways[pair] = max(walk, CHANGE), walk


def _strength(rule: Transfer) -> int:
    """GTFS: a rule by trips wins over one by a trip and a route, then a trip, two routes, one route, none."""
    sides = [3 if trip >= 0 else 1 if route >= 0 else 0 for trip, route in (
        (rule.from_trip, rule.from_route), (rule.to_trip, rule.to_route))]  # fmt: skip
    return sum(sides)


def _fits(rule: Transfer, one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    for side, route, trip in ((one, rule.from_route, rule.from_trip), (other, rule.to_route, rule.to_trip)):
        if trip >= 0 and (side is None or side[1] != trip):
            return False
        if trip < 0 and route >= 0 and (side is None or side[0] != route):
            return False
    return True


def _paths(ways: Mapping[tuple[int, int], tuple[int, int]], nodes: int) -> Paths:
    pairs = sorted(ways)
    sources = np.array([one for one, _other in pairs], np.int32)
    ready = np.array([ways[pair][0] for pair in pairs], np.int32)
    seconds = np.array([ways[pair][1] for pair in pairs], np.int32)
    return Paths(
        np.searchsorted(sources, np.arange(nodes + 1)).astype(np.int32),
        np.array([other for _one, other in pairs], np.int32),
        ready,
        seconds,
        ((seconds + 30) // 60).astype(np.int32),
    )


def _open(table: Timetable, access: Access) -> NDArray[np.bool_]:
    said = np.array([each.wheelchair for each in table.stops], np.int8)
    if access == Access.KNOWN:
        return said == Wheelchair.YES
    if access == Access.UNKNOWN_TOO:
        return said != Wheelchair.NO
    return np.ones(len(said), np.bool_)


def _seated(transfers: Iterable[Transfer]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {}
    for rule in transfers:
        if rule.type == SEATED and rule.from_trip >= 0 and rule.to_trip >= 0:
            found.setdefault(rule.from_trip, []).append(rule.to_trip)
    return {trip: tuple(each) for trip, each in found.items()}
