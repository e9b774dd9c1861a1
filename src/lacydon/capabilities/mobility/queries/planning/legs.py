"""From numbers to what people read: where, when, which line, how sure."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from django.utils.translation import gettext as _

from ...ports.journeys import Call, Journey, Leg, Spot
from ..departures.nouns import Sureness
from ..departures.spoken import MEASURED, silent, spoken
from ..departures.telling import NONE
from ..live import LiveState
from ..timetable import Wheelchair, start_of
from .days import Day, Part
from .ends import Approach
from .search import Chain, End, Ride
from .walking import DETOUR, Access, metres

TIGHT = 120
"""Seconds between being able to board and leaving under which a change is said to be tight."""
SOON = 7_200
"""Seconds ahead within which a silent source is worth telling."""


class Teller:
    """Tells the chains of one question."""

    def __init__(
        self, day: Day, origin: Spot, goal: Spot, said: LiveState, *,
        approaches: tuple[Sequence[Approach], Sequence[Approach]],
    ) -> None:  # fmt: skip
        self.day, self.origin, self.goal, self.said = day, origin, goal, said
        self.table = day.network.table
        self.access = day.network.access
        self.before, self.after = approaches
        self.told = spoken(self.table, said) if said.trips or said.added else None

    def journey(self, chain: Chain) -> Journey:
        """A chain in full."""
        start = self.day.start
        legs: list[Leg] = []
        tight: list[int] = []
        first, last = chain.rides[0], chain.rides[-1]
        legs += self._end(
            chain.begin, self.origin, self.spot(self._stop(first.from_node)), start + chain.leave, before=True
        )
        for n, ride in enumerate(chain.rides):
            if n:
                before = chain.rides[n - 1]
                ready = start + before.arrival
                one, other = self._stop(before.to_node), self._stop(ride.from_node)
                seconds = self._seconds(before.to_node, ride.from_node)
                if one != other:
                    legs.append(self._walk(self.spot(one), self.spot(other), ready, seconds))
                if ride.departure - before.arrival - seconds < TIGHT:
                    tight.append(len(legs))
            legs += self._ride(ride)
        legs += self._end(chain.end, self.spot(self._stop(last.to_node)), self.goal, start + last.arrival, before=False)
        return Journey(legs=tuple(legs), tight=tuple(tight))

    def _stop(self, node: int) -> int:
        return int(self.day.network.node_stop[node])

    def spot(self, stop: int) -> Spot:
        its = self.table.stops[stop]
        citycode = self.table.places[its.place].citycode if its.place >= 0 else ""
        return Spot(
            name=its.name, lon=its.lon, lat=its.lat, stops=(stop,), place=its.place, platform=its.platform,
            citycode=citycode,
        )  # fmt: skip

    def _seconds(self, one: int, other: int) -> int:
        paths = self.day.network.paths
        low, high = int(paths.first[one]), int(paths.first[one + 1])
        return int(paths.seconds[low + int(np.searchsorted(paths.to[low:high], other))])

    def _walk(self, one: Spot, other: Spot, since: int, seconds: int) -> Leg:
        walk = self.day.network.walks.get((one.stops[0], other.stops[0])) if one.stops and other.stops else None
        unknown: tuple[str, ...] = ()
        if self.access != Access.ANYBODY and not (walk is not None and walk.step_free):
            unknown = (_("le chemin à pied de « %(one)s » à « %(other)s »") % {"one": one.name, "other": other.name},)
        return Leg(
            kind="walk", origin=one, goal=other, departure=since, arrival=since + seconds,
            metres=round(metres(one.lon, one.lat, other.lon, other.lat) * DETOUR),
            points=((one.lon, one.lat), (other.lon, other.lat)), unknown=unknown,
        )  # fmt: skip

    def _end(self, end: End, one: Spot, other: Spot, since: int, *, before: bool) -> list[Leg]:
        if end.how == 0:
            return [self._walk(one, other, since, end.seconds)] if end.seconds else []
        its = (self.before if before else self.after)[end.how - 1]
        here = Spot(name=its.first.name, lon=its.first.lon, lat=its.first.lat)
        there = here if its.second is None else Spot(name=its.second.name, lon=its.second.lon, lat=its.second.lat)
        legs = [self._walk(one, here, since, its.before)] if its.before else []
        since += its.before
        ride_from, ride_to = (one, here) if its.kind == "car" else (here, there)
        legs.append(
            Leg(
                kind=its.kind, origin=ride_from, goal=ride_to, departure=since, arrival=since + its.aboard,
                metres=its.distance, points=((ride_from.lon, ride_from.lat), (ride_to.lon, ride_to.lat)),
                note=_note(its),
            )
        )  # fmt: skip
        if its.after:
            legs.append(self._walk(ride_to, other, since + its.aboard, its.after))
        return legs

    def _ride(self, ride: Ride) -> list[Leg]:
        parts = self.day.parts(ride.line, ride.row)
        legs: list[Leg] = []
        for n, part in enumerate(parts):
            until = parts[n + 1].first if n + 1 < len(parts) else 10**9
            on, off = max(ride.on, part.first), min(ride.off, until)
            if on < off and on < until:
                legs.append(self._aboard(ride, part, on, off, seated=bool(legs)))
        return legs

    def _aboard(self, ride: Ride, part: Part, on: int, off: int, *, seated: bool) -> Leg:
        lines, table = self.day.lines, self.table
        first, rows, cell = int(lines.first[ride.line]), int(lines.rows[ride.line]), int(lines.cell[ride.line])
        calls = []
        for position in range(on, off + 1):
            at = cell + position * rows + ride.row
            planned = self._planned(part, position)
            calls.append(
                Call(
                    spot=self.spot(self._stop(int(lines.node[first + position]))),
                    arrival=self.day.start + int(lines.arrival[at]),
                    departure=self.day.start + int(lines.departure[at]),
                    planned_arrival=planned[0], planned_departure=planned[1],
                )
            )  # fmt: skip
        route = part.now.route if part.now is not None else int(table.pattern_route[table.trip_pattern[part.trip]])
        line = table.routes[route] if route >= 0 else None
        headsign = part.now.headsign if part.now is not None else ""
        if part.trip >= 0 and not headsign:
            headsign = table.headsigns[int(table.trip_headsign[part.trip])]
        if not headsign:
            headsign = self.spot(self._stop(int(lines.node[int(lines.first[ride.line + 1]) - 1]))).name
        leg = Leg(
            kind="ride", origin=calls[0].spot, goal=calls[-1].spot, departure=calls[0].departure,
            arrival=calls[-1].arrival, planned_departure=calls[0].planned_departure,
            planned_arrival=calls[-1].planned_arrival, route=route, trip=part.trip, day=part.day,
            trip_id=table.trip_ids[part.trip] if part.trip >= 0 else (part.now.id if part.now else ""),
            line=line.name if line else "", line_name=line.long_name if line else "",
            colour=line.colour if line else "", text_colour=line.text_colour if line else "",
            mode=line.type if line else 3, agency=table.agencies[line.agency].name if line and line.agency >= 0 else "",
            headsign=headsign, calls=tuple(calls), seated=seated,
            headway=int(table.trip_headway[part.trip]) if part.trip >= 0 else 0,
            points=self._points(part, calls), unknown=self._unknown(part, calls),
            metres=round(sum(metres(a.spot.lon, a.spot.lat, b.spot.lon, b.spot.lat) for a, b in pairwise(calls))),
        )  # fmt: skip
        return self._sure(leg, part, on)

    def _planned(self, part: Part, position: int) -> tuple[int | None, int | None]:
        if part.trip < 0 or part.now is not None:
            return None, None
        call = int(self.table.trip_first[part.trip]) + position - part.first
        if call >= int(self.table.trip_first[part.trip + 1]):
            return None, None
        base = start_of(part.day)
        return base + int(self.table.arrival[call]), base + int(self.table.departure[call])

    def _sure(self, leg: Leg, part: Part, on: int) -> Leg:
        """How sure the hour of leaving is, who says so."""
        if part.now is not None:
            return replace(leg, sureness=Sureness.PREDICTED.value, source=part.now.source, said_at=part.now.said_at)
        told = self.told.days.get(part.day) if self.told is not None else None
        if told is not None and told.slot[part.trip] >= 0:
            slot = int(told.slot[part.trip])
            call = int(told.first[slot]) + on - part.first
            if call < int(told.first[slot + 1]) and told.departure[call] != NONE:
                now = self.said.trips[part.trip, part.day]
                sure = Sureness.MEASURED if told.flags[call] & MEASURED else Sureness.PREDICTED
                return replace(leg, sureness=sure.value, source=now.source, said_at=now.said_at)
        if leg.departure - self.said.taken_at < SOON and leg.route >= 0:
            prefix = self.table.feeds[self.table.routes[leg.route].feed].prefix
            down = silent(self.said, prefix)
            if down is not None:
                return replace(leg, sureness=Sureness.SOURCE_DOWN.value, source=down.id, reason=down.reason)
        return leg

    def _unknown(self, part: Part, calls: Sequence[Call]) -> tuple[str, ...]:
        if self.access == Access.ANYBODY:
            return ()
        words = []
        if part.trip < 0 or self.table.trip_wheelchair[part.trip] == Wheelchair.UNKNOWN:
            route = (
                self.table.routes[int(self.table.pattern_route[self.table.trip_pattern[part.trip]])]
                if part.trip >= 0
                else None
            )
            words.append(_("le véhicule de la ligne %s") % (route.name if route else ""))
        words += [
            _("l’arrêt « %s »") % call.spot.name
            for call in (calls[0], calls[-1])
            if self.table.stops[call.spot.stops[0]].wheelchair == Wheelchair.UNKNOWN
        ]
        return tuple(dict.fromkeys(words))

    def _points(self, part: Part, calls: Sequence[Call]) -> tuple[tuple[float, float], ...]:
        """Along its shape when the feed draws it, else from stop to stop."""
        straight = tuple((call.spot.lon, call.spot.lat) for call in calls)
        if part.trip < 0:
            return straight
        shape = int(self.table.pattern_shape[self.table.trip_pattern[part.trip]])
        if shape < 0:
            return straight
        drawn = np.asarray(self.table.shape_points[self.table.shape_first[shape] : self.table.shape_first[shape + 1]])
        if len(drawn) < 2:
            return straight
        ends = [int(np.argmin(np.abs(drawn - np.array(point)).sum(axis=1))) for point in (straight[0], straight[-1])]
        if ends[0] >= ends[1]:
            return straight
        return tuple((float(x), float(y)) for x, y in drawn[ends[0] : ends[1] + 1])


def _note(approach: Approach) -> str:
    if approach.kind == "bike":
        free = approach.first.free
        return "" if free is None else _("%d vélos disponibles au dernier relevé") % free
    free = approach.first.free
    return "" if free is None else _("%d places libres au dernier relevé") % free


def on_foot_only(one: Spot, other: Spot, since: int, seconds: int) -> Journey:
    """A journey without any vehicle."""
    return Journey(
        legs=(
            Leg(
                kind="walk", origin=one, goal=other, departure=since, arrival=since + seconds,
                metres=round(metres(one.lon, one.lat, other.lon, other.lat) * DETOUR),
                points=((one.lon, one.lat), (other.lon, other.lat)),
            ),
        )
    )  # fmt: skip
