"""From the identifiers of a source to places in the timetable; those that lead nowhere are counted."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from ...ports import Remark
from ..timetable import Timetable

EXAMPLES: Final = 5
_indexed: list[tuple[str, dict[bytes, int]]] = []


def trips_by_id(table: Timetable) -> dict[bytes, int]:
    """Every trip by its identifier (UTF-8, with its prefix): made once for a timetable, in the process that asks."""
    if not _indexed or _indexed[0][0] != table.content:
        letters, first = table.trip_ids.letters.tobytes(), table.trip_ids.first.tolist()
        index = {letters[first[n] : first[n + 1]]: n for n in range(len(first) - 1)}
        _indexed[:] = [(table.content, index)]
    return _indexed[0][1]


class Names:
    """The identifiers of one source. `patterns`: how it writes ours, by noun: `{"route": "RTM:Line::{id}:LOC"}`."""

    def __init__(self, table: Timetable, *, prefixes: Sequence[str], patterns: Mapping[str, str]) -> None:
        self.table = table
        self.prefixes = tuple(prefixes)
        self.patterns = patterns
        self.unknown: dict[str, Counter[str]] = {"trip": Counter(), "stop": Counter(), "route": Counter()}
        self._reading = {noun: _reading(patterns.get(noun, "")) for noun in ("trip", "stop", "route", "agency")}
        self.trips = trips_by_id(table)
        self.given: dict[str, int] = {}
        """Trips that were found otherwise, by the name they are given meanwhile."""
        self.given_stops: dict[str, int] = {"": -1}
        self._routes: dict[str, int] = {"": -1}

    def trip(self, raw: str, *, start: int | None = None) -> int:
        """-1 when the timetable has none. `start`: which one of a frequency, by when it leaves."""
        if raw in self.given:
            return self.given[raw]
        for id in self.ids("trip", raw):
            place = self.trips.get(id.encode())
            if place is not None:
                return place
            if f"{id}#1".encode() in self.trips:
                place = self._of_frequency(id, start)
                if place >= 0:
                    return place
        self.unknown["trip"][raw] += 1
        return -1

    def stop(self, raw: str, *, times: int = 1) -> int:
        """-1 when the timetable has none. `times`: how often it was told."""
        place = self.given_stops.get(raw)
        if place is None:
            place = self.given_stops[raw] = self._stop(raw)
        if place < 0 and raw:
            self.unknown["stop"][raw] += times
        return place

    def route(self, raw: str) -> int:
        place = self._routes.get(raw)
        if place is None:
            place = self._routes[raw] = self._route(raw)
        if place < 0 and raw:
            self.unknown["route"][raw] += 1
        return place

    def remarks(self) -> list[Remark]:
        """The identifiers that lead nowhere, for the page of the health of sources."""
        sentences = {
            "trip": _("Courses que nos horaires ne connaissent pas."),
            "stop": _("Arrêts que nos horaires ne connaissent pas."),
            "route": _("Lignes que nos horaires ne connaissent pas."),
        }
        return [
            Remark(
                code=f"unknown-{noun}",
                sentence=sentences[noun],
                count=len(found),
                examples=[raw[:80] for raw, _count in found.most_common(EXAMPLES)],
            )
            for noun, found in self.unknown.items()
            if found
        ]

    def written(self, noun: str, id: str) -> str:
        """How the source writes this identifier of ours (without its prefix)."""
        bare = id.partition(":")[2] if id.partition(":")[0] in self.prefixes else id
        return self.patterns.get(noun, "{id}").replace("{id}", bare)

    def ids(self, noun: str, raw: str) -> list[str]:
        """What an identifier of theirs may be here, feed by feed."""
        reading = self._reading[noun]
        if reading is not None and (found := reading.fullmatch(raw)):
            raw = found.group(1)
        return [f"{prefix}:{raw}" for prefix in self.prefixes]

    def _stop(self, raw: str) -> int:
        here = self.table.stop_of_id
        by_netex = self.table.stop_of_netex_id
        if raw in by_netex:
            return by_netex[raw]
        for id in self.ids("stop", raw):
            if id in here:
                return here[id]
            bare = id.partition(":")[2]
            if bare in by_netex:
                return by_netex[bare]
        return -1

    def _route(self, raw: str) -> int:
        return next((self.table.route_of_id[id] for id in self.ids("route", raw) if id in self.table.route_of_id), -1)

    def _of_frequency(self, id: str, start: int | None) -> int:
        """The trip of this frequency that leaves then; when it has no exact times, the nearest one."""
        if start is None:
            return -1
        best, gap = -1, 10**9
        number = 1
        while (place := self.trips.get(f"{id}#{number}".encode())) is not None:
            away = abs(int(self.table.departure[self.table.trip_first[place]]) - start)
            headway = int(self.table.trip_headway[place])
            if away < gap and away <= headway / 2:
                best, gap = place, away
            number += 1
        return best


def _reading(pattern: str) -> re.Pattern[str] | None:
    """What takes our identifier out of theirs."""
    if "{id}" not in pattern or pattern == "{id}":
        return None
    before, _mark, after = pattern.partition("{id}")
    return re.compile(f"{re.escape(before)}(.+){re.escape(after)}")
