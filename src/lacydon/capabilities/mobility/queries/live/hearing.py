"""A whole answer of a source, matched: what becomes the last word of this source."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from ...ports import Remark, Said, SaidCall, SaidCalls, SaidTrip, SaidVehicle
from ...ports.said import MEASURED, SKIPPED, STANDS, UNCERTAIN
from ..timetable import Timetable, start_of
from .alerting import alerts_of
from .matching import matched
from .names import Names
from .nouns import CallTime, TripNow, TripState, Vehicle
from .parts import Part
from .standing import standing
from .visiting import visits_of

OTHERS: Final = ("added", "duplicated")
EARLY: Final = 60
"""Seconds by which the clock of a source may be ahead of ours before it is remarked."""


def heard(
    said: Said,
    *,
    source: str,
    prefixes: Sequence[str],
    patterns: Mapping[str, str],
    table: Timetable,
    said_at: int,
    now: int,
) -> tuple[Part, list[Remark]]:
    """What a source says, by places in the timetable; and what was odd in it. `said_at`: when it is taken to have
    been said (a clock that is ahead, or absent, was dealt with)."""
    names = Names(table, prefixes=prefixes, patterns=patterns)
    part = Part(source=source, timetable=table.content, said_at=said_at)
    remarks = list(said.remarks)
    visits, from_visits = visits_of(said.visits, names=names, source=source, said_at=said_at)
    calls = said.calls if said.calls is not None else SaidCalls.of(said.trips)
    calls = calls.joined(SaidCalls.of(from_visits, first=len(said.trips)))
    trips = [*said.trips, *from_visits]
    calls = standing(trips, calls, said.vehicles)
    remarks += matched(trips, calls, names=names, table=table, part=part, now=now, others=OTHERS)
    part.added = tuple(
        trip
        for n, each in enumerate(said.trips)
        if each.state in OTHERS
        and (trip := _added(each, calls.objects(n), names=names, source=source, said_at=said_at, now=now))
    )
    part.visits = visits
    part.vehicles = _vehicles(said.vehicles, names=names, source=source, said_at=said_at, part=part)
    part.alerts = alerts_of(said.alerts, names=names, source=source, said_at=said_at)
    return part, [*remarks, *names.remarks()]


def _added(
    said: SaidTrip, of_its_own: Sequence[SaidCall], *, names: Names, source: str, said_at: int, now: int
) -> TripNow | None:
    """A trip that is not in the timetable: its calls in the order they are told, or those of the one it repeats."""
    day = said.day or date.fromtimestamp(now)  # noqa: DTZ012 (the machine's day: better than none)
    route = names.route(said.route)
    copied = names.trip(said.copied, start=None) if said.copied else -1
    calls: list[CallTime] = []
    if copied >= 0:
        table = names.table
        its = table.calls_of(copied)
        start = said.start if said.start is not None else int(table.departure[its.start])
        shift = start_of(day) + start - int(table.departure[its.start])
        stops = table.stops_of(int(table.trip_pattern[copied])).tolist()
        times = zip(table.arrival[its].tolist(), table.departure[its].tolist(), stops, strict=True)
        for n, (arrival, departure, stop) in enumerate(times):
            calls.append(CallTime(position=n, stop=stop, arrival=arrival + shift, departure=departure + shift))
        route = route if route >= 0 else int(table.pattern_route[table.trip_pattern[copied]])
    told = [_call(n, each, names) for n, each in enumerate(of_its_own) if names.stop(each.assigned or each.stop) >= 0]
    if calls and told:
        by_stop = {each.stop: each for each in told}
        calls = [by_stop.get(each.stop, each) for each in calls]
        calls = [_at(n, each) for n, each in enumerate(calls)]
    elif told:
        calls = [_at(n, each) for n, each in enumerate(told)]
    if not calls:
        return None
    return TripNow(
        trip=-1, day=day, state=TripState.ADDED, source=source, said_at=min(said.said_at or said_at, now),
        calls=tuple(calls), id=said.trip, route=route, headsign=said.headsign, vehicle=said.vehicle,
    )  # fmt: skip


def _call(position: int, said: SaidCall, names: Names) -> CallTime:
    return CallTime(
        position=position,
        stop=names.stop(said.assigned or said.stop),
        arrival=said.arrival or None,
        departure=said.departure or None,
        skipped=bool(said.flags & SKIPPED),
        uncertain=bool(said.flags & UNCERTAIN),
        measured=bool(said.flags & (MEASURED | STANDS)),
        platform=said.platform,
    )


def _at(position: int, call: CallTime) -> CallTime:
    return CallTime(
        position=position, stop=call.stop, arrival=call.arrival, departure=call.departure, skipped=call.skipped,
        uncertain=call.uncertain, measured=call.measured, platform=call.platform,
    )  # fmt: skip


def _vehicles(
    said: Sequence[SaidVehicle], *, names: Names, source: str, said_at: int, part: Part
) -> tuple[Vehicle, ...]:
    """Where vehicles are; of two words about one, the newest."""
    newest: dict[str, SaidVehicle] = {}
    for each in said:
        if each.id not in newest or each.said_at >= newest[each.id].said_at:
            newest[each.id] = each
    days: dict[int, int] = dict(part.keys)
    found = []
    for id, each in newest.items():
        trip = names.trip(each.trip, start=each.start) if each.trip else -1
        route = names.route(each.route) if each.route else -1
        if trip >= 0 and route < 0:
            route = int(names.table.pattern_route[names.table.trip_pattern[trip]])
        day = each.day or (date.fromordinal(days[trip]) if trip in days else None)
        stop = names.stop(each.stop)
        if stop < 0 and trip >= 0 and each.sequence >= 0:
            stop = _stop_of_sequence(names.table, trip, each.sequence)
        found.append(
            Vehicle(
                id=id, lon=each.lon, lat=each.lat, source=source, said_at=each.said_at or said_at,
                estimated=each.estimated, bearing=each.bearing, speed=each.speed, trip=trip, day=day, route=route,
                headsign=each.headsign, stop=stop, stopped=each.stopped, occupancy=each.occupancy, label=each.label,
            )
        )  # fmt: skip
    return tuple(found)


def _stop_of_sequence(table: Timetable, trip: int, sequence: int) -> int:
    its = table.calls_of(trip)
    if not len(table.call_sequence):
        return -1
    told: list[Any] = table.call_sequence[its].tolist()
    if sequence not in told:
        return -1
    return int(table.stops_of(int(table.trip_pattern[trip]))[told.index(sequence)])


def when_said(told: int, *, first_seen: int, now: int) -> tuple[int, list[Remark]]:
    """When an answer is taken to have been said. A clock ahead of ours is believed no further than the moment when
    its word was first heard, so that an answer that never changes grows old all the same."""
    if not told:
        return now, []
    if told <= now + EARLY:
        return min(told, now), []
    sentence = _("L’horloge de la source avance de %d secondes : l’âge de ses réponses est compté d’ici.")
    return min(first_seen, now), [Remark(code="ahead", sentence=sentence % (told - now))]
