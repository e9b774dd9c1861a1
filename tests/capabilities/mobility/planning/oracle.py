"""Journeys found the slow and obvious way: every trip that can be boarded is ridden to its end, vehicle after vehicle.

Nothing is shared with the planner but the timetable and the rules that its page explains: no line, no row, no kernel.
"""

import heapq
import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from lacydon.capabilities.mobility.queries.timetable import StopKind, Timetable, start_of

Label = tuple[int, int]
"""Time, minutes on foot."""


class Oracle:
    """`wheelchair`: None for anybody, "known" or "unknown-too" else. `cancelled`: (trip, day) that do not run.
    `late`: (trip, day) → seconds that all its times are moved by."""

    def __init__(
        self, table: Timetable, day: date, *, wheelchair: str | None = None,
        cancelled: frozenset[tuple[int, date]] = frozenset(), late: dict[tuple[int, date], int] | None = None,
    ) -> None:  # fmt: skip
        self.table, self.day, self.wheelchair = table, day, wheelchair
        self.cancelled, self.late = cancelled, late or {}
        self.days = [day + timedelta(days=n) for n in (-1, 0, 1)]
        self.running = [table.running(each).tolist() for each in self.days]
        self.shift = [start_of(each) - start_of(day) for each in self.days]
        self.service = table.trip_service.tolist()
        self.wheels = table.trip_wheelchair.tolist()
        self.school = [table.route_of(trip).school for trip in range(len(self.service))]
        self._departures: dict[int, list[tuple[int, int, int, int]]] = {}
        self._calls: dict[int, tuple[list[int], list[int], list[int], list[bool], list[bool]]] = {}
        self._walks: dict[int, dict[int, int]] = {}
        self._walks_to: dict[int, dict[int, int]] = {}
        self._direct = self._directly()

    # -- what may be used

    def stop_open(self, stop: int) -> bool:
        access = int(self.table.stops[stop].wheelchair)
        return {None: True, "known": access == 1, "unknown-too": access != 2}[self.wheelchair]

    def trip_open(self, trip: int) -> bool:
        access = self.wheels[trip]
        right = {None: True, "known": access == 1, "unknown-too": access != 2}[self.wheelchair]
        return right and not self.school[trip]

    # -- on foot

    def _directly(self) -> dict[int, dict[int, tuple[int, bool]]]:
        found: dict[int, dict[int, tuple[int, bool]]] = {}
        if self.wheelchair == "known":
            return found
        speed = 0.8 if self.wheelchair else 1.2
        stops = self.table.stops
        quays = [n for n, stop in enumerate(stops) if stop.kind == StopKind.QUAY]
        by_lat = sorted(quays, key=lambda n: stops[n].lat)
        for i, one in enumerate(by_lat):
            for other in by_lat[i + 1 :]:
                a, b = stops[one], stops[other]
                if b.lat - a.lat > 0.004:
                    break
                x = math.radians(a.lon - b.lon) * math.cos(math.radians((a.lat + b.lat) / 2))
                distance = 6_371_008.8 * math.hypot(x, math.radians(a.lat - b.lat))
                if distance < 400:
                    seconds = math.ceil(distance * 1.3 / speed)
                    found.setdefault(one, {})[other] = (seconds, False)
                    found.setdefault(other, {})[one] = (seconds, False)
        for rule in self.table.transfers:
            if rule.type == 2 and rule.from_stop != rule.to_stop and rule.seconds >= 0:
                factor = 1.5 if self.wheelchair else 1
                found.setdefault(rule.from_stop, {})[rule.to_stop] = (math.ceil(rule.seconds * factor), True)
        return found

    def walks(self, stop: int) -> dict[int, int]:
        """Seconds on foot to every other stop, by any stops between, ten minutes at most (or what the feed gives)."""
        if stop not in self._walks:
            best = {stop: 0}
            again = [stop]
            while again:
                here = again.pop()
                for other, (seconds, _given) in self._direct.get(here, {}).items():
                    then = best[here] + seconds
                    if then <= 600 and then < best.get(other, 10**9):
                        best[other] = then
                        again.append(other)
            for other, (seconds, given) in self._direct.get(stop, {}).items():
                if given or other not in best:
                    best[other] = seconds
            del best[stop]
            self._walks[stop] = best
        return self._walks[stop]

    def walks_to(self, stop: int) -> dict[int, int]:
        """The other way round."""
        if not self._walks_to:
            for one in range(len(self.table.stops)):
                for other, seconds in self.walks(one).items():
                    self._walks_to.setdefault(other, {})[one] = seconds
        return self._walks_to.get(stop, {})

    def change(self, stop: int, other: int, seconds: int) -> int:
        """From getting off to being ready to board."""
        given = self._direct.get(stop, {}).get(other, (0, False))[1]
        return seconds if given else max(seconds, 60)

    # -- aboard

    def departures(self, stop: int) -> list[tuple[int, int, int, int]]:
        """Time, trip, day (0, 1, 2: the night before, the day, the next), position; in order."""
        if stop not in self._departures:
            table = self.table
            its = slice(int(table.passage_first[stop]), int(table.passage_first[stop + 1]))
            found = []
            for when, trip, position in zip(
                table.passage_departure[its].tolist(), table.passage_trip[its].tolist(),
                table.passage_position[its].tolist(), strict=True,
            ):  # fmt: skip
                for n in range(3):
                    key = (trip, self.days[n])
                    if n == 2 and table.departure[table.trip_first[trip]] >= 12 * 3600:
                        continue
                    if self.running[n][self.service[trip]] and self.trip_open(trip) and key not in self.cancelled:
                        found.append((when + self.shift[n] + self.late.get(key, 0), trip, n, position))
            self._departures[stop] = sorted(found)
        return self._departures[stop]

    def after(self, stop: int, since: int) -> Iterator[tuple[int, int, int, int]]:
        """Departures from `since` on."""
        found = self.departures(stop)
        return islice(found, bisect_left(found, (since,)), None)

    def calls(self, trip: int) -> tuple[list[int], list[int], list[int], list[bool], list[bool]]:
        """Stops, arrivals, departures, may board, may alight."""
        if trip not in self._calls:
            table = self.table
            pattern = int(table.trip_pattern[trip])
            where = slice(int(table.pattern_first[pattern]), int(table.pattern_first[pattern + 1]))
            self._calls[trip] = (
                table.stops_of(pattern).tolist(), table.arrival[table.calls_of(trip)].tolist(),
                table.departure[table.calls_of(trip)].tolist(), table.pattern_boards[where].tolist(),
                table.pattern_alights[where].tolist(),
            )  # fmt: skip
        return self._calls[trip]

    # -- answers

    def earliest(self, one: int, other: int, at: int, *, vehicles: int) -> list[int | None]:
        """Earliest arrival at a stop with at most 1, 2 … vehicles, from a stop left at `at`."""
        ready = {one: at} | {stop: at + seconds for stop, seconds in self.walks(one).items()}
        egress = {other: 0} | self.walks_to(other)
        arrived: dict[int, int] = {}
        boarded: dict[tuple[int, int], int] = {}
        best: int | None = None
        answers: list[int | None] = []
        fresh = dict(ready)
        for _vehicle in range(vehicles):
            off: dict[int, int] = {}
            # By the hour: what leaves after the best arrival that is known brings nothing.
            leaving = [self.after(stop, since) for stop, since in fresh.items() if self.stop_open(stop)]
            for when, trip, n, position in heapq.merge(*leaving):
                if best is not None and when > best:
                    break
                ridden = boarded.get((trip, n), 10**9)
                if ridden <= position:
                    continue
                stops, arrivals, _departures, boards, alights = self.calls(trip)
                if not boards[position]:
                    continue
                boarded[trip, n] = position
                shift = self.shift[n] + self.late.get((trip, self.days[n]), 0)
                for after in range(position + 1, min(ridden + 1, len(stops))):
                    there, arrival = stops[after], arrivals[after] + shift
                    if arrival < arrived.get(there, 10**9) and alights[after] and self.stop_open(there):
                        arrived[there] = off[there] = arrival
                        if there in egress and (best is None or arrival + egress[there] < best):
                            best = arrival + egress[there]
            answers.append(best)
            fresh = {}
            for stop, arrival in off.items():
                for to, seconds in [
                    (stop, 60),
                    *((to, self.change(stop, to, s)) for to, s in self.walks(stop).items()),
                ]:
                    if arrival + seconds < ready.get(to, 10**9):
                        ready[to] = fresh[to] = arrival + seconds
        return answers

    def every(self, one: int, other: int, at: int, *, vehicles: int) -> set[tuple[int, int, int]]:
        """All (arrival, vehicles, minutes on foot) that no other beats: for small networks, nothing is left out."""
        ready: dict[int, set[Label]] = {one: {(at, 0)}}
        for stop, seconds in self.walks(one).items():
            ready[stop] = {(at + seconds, (seconds + 30) // 60)}
        found: set[tuple[int, int, int]] = set()
        for taken in range(1, vehicles + 1):
            off: dict[int, set[Label]] = {}
            for stop, labels in ready.items():
                if not self.stop_open(stop):
                    continue
                for since, minutes in labels:
                    for when, trip, n, position in self.departures(stop):
                        stops, arrivals, _departures, boards, alights = self.calls(trip)
                        if when < since or not boards[position]:
                            continue
                        shift = self.shift[n] + self.late.get((trip, self.days[n]), 0)
                        for after in range(position + 1, len(stops)):
                            if alights[after] and self.stop_open(stops[after]):
                                off.setdefault(stops[after], set()).add((arrivals[after] + shift, minutes))
            ready = {}
            for stop, labels in off.items():
                for when, minutes in unbeaten(labels):
                    if stop == other:
                        found.add((when, taken, minutes))
                    ready.setdefault(stop, set()).add((when + 60, minutes))
                    for to, seconds in self.walks(stop).items():
                        on_foot = minutes + (seconds + 30) // 60
                        if to == other:
                            found.add((when + seconds, taken, on_foot))
                        ready.setdefault(to, set()).add((when + self.change(stop, to, seconds), on_foot))
            ready = {stop: set(unbeaten(labels)) for stop, labels in ready.items()}
        return {
            each for each in found
            if not any(o != each and o[0] <= each[0] and o[1] <= each[1] and o[2] <= each[2] for o in found)
        }  # fmt: skip


def unbeaten(labels: set[Label]) -> Sequence[Label]:
    """Those that no other beats."""
    kept: list[Label] = []
    for when, minutes in sorted(labels):
        if not kept or minutes < kept[-1][1]:
            kept.append((when, minutes))
    return kept
