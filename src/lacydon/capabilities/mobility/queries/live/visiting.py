"""Vehicles expected at a stop (SIRI): found in the timetable by the line, the stop and the planned moment."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np

from ...ports import SaidCall, SaidTrip, SaidVisit
from ...ports.said import MEASURED, SKIPPED
from ..timetable import Timetable, start_of
from .names import Names
from .nouns import Visit

CLOSE: Final = 90
"""Seconds between the planned moment of the source and ours: some write minutes only."""


def visits_of(
    said: Sequence[SaidVisit], *, names: Names, source: str, said_at: int
) -> tuple[tuple[Visit, ...], list[SaidTrip]]:
    """Visits that no planned trip explains, and the planned trips that the others speak of."""
    left: list[Visit] = []
    calls: dict[tuple[int, date], list[tuple[SaidCall, SaidVisit]]] = {}
    taken: set[tuple[int, date, int]] = set()
    for each in said:
        stop = names.stop(each.stop)
        if stop < 0:
            continue
        route = names.route(each.route) if each.route else -1
        if not (each.expected or each.cancelled or each.measured):
            continue
        planned = names.trip(each.journey) if each.journey and _known(names, each.journey) else -1
        found = planned_call(
            names.table, stop=stop, route=route, aimed=each.aimed or each.expected, taken=taken, trip=planned
        )
        if found is None:
            left.append(
                Visit(
                    stop=stop, route=route, headsign=each.headsign, aimed=each.aimed or None,
                    expected=each.expected or None, source=source, said_at=each.said_at or said_at,
                    measured=each.measured, cancelled=each.cancelled, journey=each.journey, platform=each.platform,
                )
            )  # fmt: skip
            continue
        trip, day, position, quay = found
        taken.add((trip, day, position))
        call = SaidCall(
            sequence=_sequence(names.table, trip, position),
            stop=names.table.stops[quay].id,
            departure=each.expected,
            flags=(SKIPPED if each.cancelled else 0) | (MEASURED if each.measured else 0),
            platform=each.platform,
        )
        calls.setdefault((trip, day), []).append((call, each))
    trips = []
    for (trip, day), its in calls.items():
        raw = f"visit:{trip}"
        names.given[raw] = trip
        ordered = sorted(its, key=lambda each: each[0].sequence)
        for call, _visit in ordered:
            names.given_stops[call.stop] = names.table.stop_of_id[call.stop]
        newest = max((visit for _call, visit in ordered), key=lambda visit: visit.said_at)
        trips.append(
            SaidTrip(
                trip=raw,
                day=day,
                state="cancelled" if any(visit.whole for _call, visit in ordered) else "scheduled",
                said_at=newest.said_at,
                vehicle=newest.vehicle,
                calls=[call for call, _visit in ordered],
            )
        )
    return tuple(left), trips


def planned_call(
    table: Timetable,
    *,
    stop: int,
    route: int,
    aimed: int,
    taken: set[tuple[int, date, int]],
    trip: int = -1,
) -> tuple[int, date, int, int] | None:
    """The planned call nearest to this moment: trip, day, position, quay. None when none is close."""
    if not aimed:
        return None
    place = table.stops[stop].place
    others = [quay for quay in table.places[place].stops if quay != stop] if place >= 0 else []
    day = date.fromtimestamp(aimed)  # noqa: DTZ012 (the days around are tried too)
    best: tuple[int, int, date, int, int] | None = None
    for far, quays in enumerate(([stop], others)):
        for quay in quays:
            for back in (-1, 0, 1, 2):
                service_day = day - timedelta(days=back)
                start = start_of(service_day)
                its = slice(int(table.passage_first[quay]), int(table.passage_first[quay + 1]))
                times = table.passage_departure[its]
                wanted = aimed - start
                begin, end = np.searchsorted(times, [wanted - CLOSE, wanted + CLOSE + 1])
                if begin == end:
                    continue
                runs = table.running(service_day)
                for n in range(int(begin), int(end)):
                    one = int(table.passage_trip[its.start + n])
                    position = int(table.passage_position[its.start + n])
                    if not runs[table.trip_service[one]] or (one, service_day, position) in taken:
                        continue
                    if trip >= 0 and one != trip:
                        continue
                    if route >= 0 and int(table.pattern_route[table.trip_pattern[one]]) != route:
                        continue
                    gap = abs(int(times[n]) - wanted) + far * CLOSE
                    if best is None or gap < best[0]:
                        best = (gap, one, service_day, position, quay)
        if best is not None:
            break
    return None if best is None else best[1:]


def _known(names: Names, journey: str) -> bool:
    """Whether a journey of SIRI is a trip of ours: most are not, and that is no fault."""
    return any(id.encode() in names.trips for id in names.ids("trip", journey))


def _sequence(table: Timetable, trip: int, position: int) -> int:
    if len(table.call_sequence):
        return int(table.call_sequence[table.trip_first[trip] + position])
    return position + 1
