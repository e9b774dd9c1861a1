"""A vehicle that stands at a stop of its trip: this call is measured, whatever was predicted."""

from collections.abc import Sequence

import numpy as np

from ...ports import SaidCall, SaidCalls, SaidTrip, SaidVehicle
from ...ports.said import FIRST, MEASURED, SKIPPED, STANDS


def standing(trips: list[SaidTrip], calls: SaidCalls, vehicles: Sequence[SaidVehicle]) -> SaidCalls:
    """The calls, those where vehicles stand being marked, or put in when they were not told; `trips` grows by those
    of which only the vehicle is known. A trip that has one delay for all of it gets a call that tells it."""
    told = set(np.unique(calls.owner).tolist())
    more = [
        (_before(calls, n), n, SaidCall(sequence=FIRST, departure_delay=each.delay))
        for n, each in enumerate(trips)
        if each.delay is not None and each.state == "scheduled" and n not in told
    ]
    by_trip: dict[str, list[int]] = {}
    for n, trip in enumerate(trips):
        by_trip.setdefault(trip.trip, []).append(n)
    for vehicle in vehicles:
        if not (vehicle.stopped and vehicle.trip and (vehicle.stop or vehicle.sequence >= 0)):
            continue
        call = SaidCall(sequence=vehicle.sequence, stop=vehicle.stop, arrival=vehicle.said_at, flags=STANDS)
        its = [n for n in by_trip.get(vehicle.trip, ()) if vehicle.day in (None, trips[n].day) or trips[n].day is None]
        if not its:
            trips.append(
                SaidTrip(
                    trip=vehicle.trip, route=vehicle.route, day=vehicle.day, start=vehicle.start,
                    said_at=vehicle.said_at, vehicle=vehicle.label or vehicle.id,
                )
            )  # fmt: skip
            by_trip.setdefault(vehicle.trip, []).append(len(trips) - 1)
            more.append((len(calls), len(trips) - 1, call))
        elif trips[its[0]].state == "scheduled" and its[0] in told:
            place = _measured(calls, its[0], call)
            if place is not None:
                more.append((place, its[0], call))
        elif trips[its[0]].state == "scheduled":
            more.append((_before(calls, its[0]), its[0], call))
    return calls.inserted(more)


def _before(calls: SaidCalls, owner: int) -> int:
    """Where the calls of a trip without any are to be: those of all trips stand in the order of the trips."""
    return int(np.searchsorted(calls.owner, owner))


def _measured(calls: SaidCalls, owner: int, seen: SaidCall) -> int | None:
    """Mark the call where the vehicle stands; or before which place to put it, None when that cannot be known."""
    its = calls.its(owner)
    sequences = calls.sequence[its]
    if seen.sequence >= 0 and (sequences >= 0).all():
        same = np.flatnonzero(sequences == seen.sequence)
    else:
        same = np.flatnonzero([calls.names[n] == seen.stop for n in calls.stop[its].tolist()])
    if len(same):
        n = its.start + int(same[0])
        if not calls.flags[n] & SKIPPED:
            calls.flags[n] |= MEASURED
        return None
    if seen.sequence < 0 or (sequences < 0).any():
        return None
    return its.start + int(np.searchsorted(sequences, seen.sequence))
