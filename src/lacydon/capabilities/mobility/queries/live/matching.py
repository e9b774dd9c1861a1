"""From what a source says to the timetable: which trips, which of their calls, at which moments.

Rules of GTFS-RT 2.0: a call is named by its stop_sequence, else by its stop; a moment wins over a delay; what is
contradictory is left out and counted, never repaired by guesswork.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from ...ports import Remark, SaidCalls, SaidTrip
from ...ports.said import FIRST, MEASURED, NO_DELAY, SKIPPED, STANDS, UNCERTAIN
from ..timetable import Timetable, start_of
from .names import Names
from .nouns import TripState
from .parts import STATES, Part

FARTHEST: Final = 12 * 3600
"""Seconds from the planned moment beyond which what is said is taken for a mistake."""
Columns = dict[str, NDArray[Any]]


@dataclass
class Matched:
    """Trips found in the timetable, with their calls in columns."""

    trips: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Trip, day (ordinal), place of its state in STATES, when it was said."""
    said: list[SaidTrip] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """Of each in what was said."""
    faults: Counter[str] = field(default_factory=Counter)


def matched(
    trips: Sequence[SaidTrip],
    calls: SaidCalls,
    *,
    names: Names,
    table: Timetable,
    part: Part,
    now: int,
    others: Sequence[str] = (),
) -> list[Remark]:
    """Write in `part` the trips that the timetable knows; what was odd. `others`: states dealt with elsewhere."""
    found = _named(trips, names=names, table=table, part=part, now=now, others=frozenset(others))
    if found.trips:
        columns = _columns(found, calls, names, of=len(trips))
        _place(columns, found, table)
        _time(columns, found, table)
        _write(part, columns, found, calls)
    return _remarks(found.faults)


def _named(
    trips: Sequence[SaidTrip], *, names: Names, table: Timetable, part: Part, now: int, others: frozenset[str]
) -> Matched:
    found = Matched()
    rows: dict[tuple[int, int], int] = {}
    places = {state.value: n for n, state in enumerate(STATES)}
    running: dict[int, Any] = {}
    today = date.fromtimestamp(now)  # noqa: DTZ012 (only a place to look from: the days around it are tried too)
    for place, said in enumerate(trips):
        if said.state in others:
            continue
        trip = names.trip(said.trip, start=said.start)
        if trip < 0:
            continue
        day = said.day or _day_of(table, trip, today=today, now=now)
        if day is None:
            found.faults["no-day"] += 1
            continue
        ordinal = day.toordinal()
        runs = running.get(ordinal)
        if runs is None:
            runs = running[ordinal] = table.running(day)
        if not runs[table.trip_service[trip]] and said.state != "replaced":
            found.faults["other-day"] += 1
            continue
        told_at = min(said.said_at or part.said_at, max(part.said_at, now))
        row = (trip, ordinal, places[said.state], told_at)
        earlier = rows.get((trip, ordinal))
        if earlier is None:
            rows[trip, ordinal] = len(found.trips)
            found.trips.append(row)
            found.said.append(said)
            found.places.append(place)
            continue
        found.faults["twice"] += 1
        if told_at > found.trips[earlier][3]:
            found.trips[earlier], found.said[earlier], found.places[earlier] = row, said, place
    return found


def _day_of(table: Timetable, trip: int, *, today: date, now: int) -> date | None:
    """The service day of a trip when the source does not say: that on which it runs nearest to now."""
    first, last = int(table.trip_first[trip]), int(table.trip_first[trip + 1]) - 1
    leaves, arrives = int(table.departure[first]), int(table.arrival[last])
    service = int(table.trip_service[trip])
    best: tuple[int, date] | None = None
    for away in (0, -1, 1, -2):
        day = today + timedelta(days=away)
        place = (day - table.first_day).days
        if not (0 <= place < len(table.service_runs) and table.service_runs[place, service]):
            continue
        start = start_of(day)
        gap = max(start + leaves - now, now - start - arrives, 0)
        if best is None or gap < best[0]:
            best = (gap, day)
    return None if best is None else best[1]


def _columns(found: Matched, calls: SaidCalls, names: Names, *, of: int) -> Columns:
    """The calls of the trips that were found, by row; `of`: how many trips were said."""
    rows = np.full(of, -1, np.int64)
    rows[found.places] = np.arange(len(found.places))
    row = rows[calls.owner] if len(calls) else np.zeros(0, np.int64)
    kept = np.flatnonzero(row >= 0)
    order = kept[np.argsort(row[kept], kind="stable")]
    used = np.bincount(np.concatenate((calls.stop[order], calls.assigned[order])), minlength=len(calls.names))
    stops = np.full(len(calls.names), -1, np.int64)
    for n in np.flatnonzero(used).tolist():
        stops[n] = names.stop(calls.names[n], times=int(used[n]))
    return {
        "row": row[order],
        "sequence": calls.sequence[order],
        "stop": stops[calls.stop[order]],
        "arrival": calls.arrival[order],
        "departure": calls.departure[order],
        "late": calls.late[order],
        "late_out": calls.late_out[order],
        "flags": calls.flags[order],
        "assigned": stops[calls.assigned[order]],
        "aimed": calls.aimed[order],
        "said": order,
    }


def _keep(columns: Columns, mask: NDArray[np.bool_]) -> None:
    for name, values in columns.items():
        columns[name] = values[mask]


def _place(columns: Columns, found: Matched, table: Timetable) -> None:
    """Find the position of each call in its trip; leave out those that have none."""
    trip = np.array([each[0] for each in found.trips], np.int64)
    first = table.trip_first[trip].astype(np.int64)
    lengths = table.trip_first[trip + 1].astype(np.int64) - first
    starts = np.cumsum(lengths) - lengths
    flat_row = np.repeat(np.arange(len(trip)), lengths)
    flat_position = np.arange(len(flat_row)) - starts[flat_row]
    calls = first[flat_row] + flat_position
    flat_stop = table.pattern_stops[table.pattern_first[table.trip_pattern[trip]][flat_row] + flat_position]
    flat_sequence = _sequences(columns, table, calls, flat_position)
    replaced = np.array([STATES[each[2]] is TripState.REPLACED for each in found.trips], np.bool_)

    row, sequence, stop = columns["row"], columns["sequence"], columns["stop"]
    position = np.where(sequence == FIRST, 0, -1)
    keys, wanted = (flat_row << 40) + flat_sequence, (row << 40) + sequence
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    if len(keys):
        fits = (sequence >= 0) & (keys[at] == wanted)
        position[fits] = flat_position[at[fits]]
    planned = np.full(len(row), -1, np.int64)
    has = position >= 0
    planned[has] = flat_stop[starts[row[has]] + position[has]]

    # By the stop: those without a sequence, and those whose sequence leads to quite another place.
    place_of = np.fromiter((each.place for each in table.stops), np.int64, len(table.stops))
    elsewhere = has & (stop >= 0) & (planned != stop) & (place_of[planned] != place_of[stop])
    by_stop = (stop >= 0) & (~has | elsewhere)
    if by_stop.any():
        _place_by_stop(columns, by_stop, position, (flat_row, flat_stop, starts, lengths, calls), table, found)
        found.faults["contradictory"] += int((elsewhere & (position >= 0)).sum())
    of_replaced = replaced[row]
    if of_replaced.any():  # the calls of its own, in their order
        order = np.arange(len(row)) - np.searchsorted(row, row)
        position[of_replaced] = np.where(stop[of_replaced] >= 0, order[of_replaced], -1)
    good = position >= 0
    found.faults["no-call"] += int((~good).sum())
    columns["position"] = position
    columns["replaced"] = of_replaced
    columns["call"] = np.where(of_replaced, -1, first[row] + position)
    _keep(columns, good)
    row, position = columns["row"], columns["position"]
    key = (row << 20) + position
    forward = key > np.concatenate(([-1], np.maximum.accumulate(key)[:-1])) if len(key) else np.zeros(0, np.bool_)
    found.faults["contradictory"] += int((~forward).sum())
    _keep(columns, forward)
    here = columns["call"]
    pattern = table.trip_pattern[trip[columns["row"]]]
    planned = np.where(
        columns["replaced"], columns["stop"], table.pattern_stops[table.pattern_first[pattern] + columns["position"]]
        if not columns["replaced"].any()
        else _planned(table, pattern, columns),
    )  # fmt: skip
    other = (columns["stop"] >= 0) & (place_of[columns["stop"]] == place_of[planned]) if len(here) else here > 0
    columns["quay"] = np.where(columns["assigned"] >= 0, columns["assigned"], np.where(other, columns["stop"], planned))


def _planned(table: Timetable, pattern: NDArray[Any], columns: Columns) -> NDArray[Any]:
    last = table.pattern_first[pattern + 1] - table.pattern_first[pattern] - 1
    return table.pattern_stops[table.pattern_first[pattern] + np.minimum(columns["position"], last)]


def _sequences(columns: Columns, table: Timetable, calls: NDArray[Any], position: NDArray[Any]) -> NDArray[np.int64]:
    if len(table.call_sequence):
        return table.call_sequence[calls].astype(np.int64)
    # A timetable that did not keep them: from 0 when a source says 0, else from 1, which nearly all feeds do.
    begin = 0 if (columns["sequence"] == 0).any() else 1
    return (position + begin).astype(np.int64)


def _place_by_stop(
    columns: Columns,
    which: NDArray[np.bool_],
    position: NDArray[np.int64],
    flat: tuple[NDArray[Any], ...],
    table: Timetable,
    found: Matched,
) -> None:
    """The first call at this stop; where a trip comes back to it, the next one after the call before, or the one
    whose planned moment is told."""
    flat_row, flat_stop, starts, lengths, calls = flat
    key = (flat_row << 32) + flat_stop
    order = np.argsort(key, kind="stable")
    ranked = key[order]
    wanted = (columns["row"][which] << 32) + columns["stop"][which]
    at = np.minimum(np.searchsorted(ranked, wanted), len(ranked) - 1)
    fits = ranked[at] == wanted
    where = np.flatnonzero(which)
    position[where] = np.where(fits, order[at] - starts[columns["row"][where]], -1)
    twice = set(flat_row[order[1:][ranked[1:] == ranked[:-1]]].tolist())
    if not twice:
        return
    for row in sorted(twice):
        its = np.flatnonzero(columns["row"] == row)
        stops = flat_stop[starts[row] : starts[row] + lengths[row]]
        times = start_of(date.fromordinal(found.trips[row][1])) + table.departure[calls[starts[row]] :][: lengths[row]]
        after = -1
        for n in its.tolist():
            if which[n]:
                fitting = np.flatnonzero(stops == columns["stop"][n])
                later = fitting[fitting > after]
                if columns["aimed"][n] and len(fitting):
                    position[n] = fitting[np.argmin(np.abs(times[fitting] - columns["aimed"][n]))]
                else:
                    position[n] = later[0] if len(later) else -1
            after = max(after, int(position[n]))


def _time(columns: Columns, found: Matched, table: Timetable) -> None:
    """From delays to moments; what cannot be is left out."""
    row, call = columns["row"], columns["call"]
    starts = {ordinal: start_of(date.fromordinal(ordinal)) for ordinal in {each[1] for each in found.trips}}
    start = np.array([starts[each[1]] for each in found.trips], np.int64)[row]
    known = call >= 0
    in_table = np.where(known, call, 0)
    planned_in, planned_out = start + table.arrival[in_table], start + table.departure[in_table]
    arrival, departure = columns["arrival"].copy(), columns["departure"].copy()
    for moment, late, planned in (
        (arrival, columns["late"], planned_in),
        (departure, columns["late_out"], planned_out),
    ):
        by_delay = (moment == 0) & (late != NO_DELAY) & known
        moment[by_delay] = planned[by_delay] + late[by_delay]
    flags = columns["flags"]
    stands = (flags & STANDS) > 0
    departure[stands] = np.maximum(np.maximum(departure[stands], planned_out[stands]), arrival[stands])
    arrival[stands] = 0
    silent = (flags & (SKIPPED | UNCERTAIN)) > 0
    arrival[silent] = departure[silent] = 0
    far = known & (
        ((arrival > 0) & (np.abs(arrival - planned_in) > FARTHEST))
        | ((departure > 0) & (np.abs(departure - planned_out) > FARTHEST))
    )
    found.faults["too-far"] += int(far.sum())
    crossed = (arrival > 0) & (departure > 0) & (departure < arrival) & ~far
    found.faults["backwards"] += int(crossed.sum())
    departure[crossed] = arrival[crossed]
    begins = np.where(arrival > 0, arrival, departure)
    ends = np.maximum(arrival, departure)
    keyed = np.where(ends > 0, (row << 36) + ends, 0)
    before = np.concatenate(([0], np.maximum.accumulate(np.where(far, 0, keyed))[:-1])) if len(keyed) else keyed
    back = (begins > 0) & ~far & ((row << 36) + begins < before)
    found.faults["backwards"] += int(back.sum())
    columns["arrival"], columns["departure"] = arrival, departure
    columns["flags"] = np.where(stands, (flags | MEASURED) & ~STANDS, flags)
    _keep(columns, ~(far | back) | (columns["flags"] & SKIPPED > 0))


def _write(part: Part, columns: Columns, found: Matched, calls: SaidCalls) -> None:
    trips = np.array(found.trips, np.int64).reshape(-1, 4)
    part.trip, part.day = trips[:, 0].astype(np.int32), trips[:, 1].astype(np.int32)
    part.state, part.told_at = trips[:, 2].astype(np.int8), trips[:, 3]
    part.first = np.searchsorted(columns["row"], np.arange(len(trips) + 1)).astype(np.int32)
    part.position, part.stop = columns["position"].astype(np.int16), columns["quay"].astype(np.int32)
    part.arrival, part.departure = columns["arrival"], columns["departure"]
    part.flags = columns["flags"].astype(np.int8)
    part.trip_vehicles = {n: each.vehicle for n, each in enumerate(found.said) if each.vehicle}
    part.trip_headsigns = {n: each.headsign for n, each in enumerate(found.said) if each.headsign}
    if calls.platforms:
        told = (calls.platforms.get(n, "") for n in columns["said"].tolist())
        part.platforms = {n: text for n, text in enumerate(told) if text}


def _remarks(faults: Counter[str]) -> list[Remark]:
    sentences = {
        "no-day": _("Courses sans date, qui ne circulent pas ces jours-ci."),
        "other-day": _("Courses annoncées un jour où elles ne circulent pas."),
        "twice": _("Courses dites deux fois dans le même message : la plus récente est crue."),
        "contradictory": _("Passages dont l’arrêt et le numéro d’ordre se contredisent."),
        "no-call": _("Passages qui ne sont pas dans la course dont ils parlent."),
        "too-far": _("Passages à plus de douze heures de l’heure prévue : laissés de côté."),
        "backwards": _("Passages dont l’heure recule le long de la course : laissés de côté."),
    }
    return [Remark(code=code, sentence=sentences[code], count=count) for code, count in faults.items() if count]
