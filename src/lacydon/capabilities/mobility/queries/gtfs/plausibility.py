"""Whether a vehicle can be that fast: mistakes of times and of positions show there."""

import numpy as np

from .calls import FILE, Calls
from .gathered import Reading

FASTEST = {0: 100, 1: 150, 2: 500, 3: 150, 4: 80, 5: 30, 6: 50, 7: 50, 11: 150, 12: 150}
"""Kilometres an hour by route_type; those of MobilityData's validator (fast_travel_between_consecutive_stops)."""
OTHERS = 500
RADIUS = 6_371_008.8
SLACK = 60
"""Seconds: two stops of one minute may be up to one minute apart."""
PART = 1 << 16


def look_at_speeds(reading: Reading, calls: Calls) -> None:
    """Say which trips go from one stop to the next faster than any vehicle of their kind."""
    to = reading.to
    where = np.radians(np.array([(stop.lon, stop.lat) for stop in to.stops] or np.zeros((0, 2))))
    fastest = np.array([FASTEST.get(route.type, OTHERS) / 3.6 for route in to.routes], np.float32)
    order = np.argsort(calls.first, kind="stable")
    order = order[calls.length[order] > 1]
    if not len(order):
        return
    firsts = calls.first[order]
    route = np.frombuffer(to.trip_route, np.int32)[reading.first_trip + order]
    wrong: set[int] = set()
    for start in range(0, len(calls) - 1, PART):
        stop = calls.stop[start : start + PART + 1]
        here = where[stop]
        dx = np.diff(here[:, 0]) * np.cos((here[1:, 1] + here[:-1, 1]) / 2)
        metres = RADIUS * np.hypot(dx, np.diff(here[:, 1]))
        seconds = calls.arrival[start + 1 : start + PART + 1] - calls.departure[start : start + PART][: len(metres)]
        suspect = np.flatnonzero(metres > (np.maximum(seconds, 0) + SLACK) * 8.3)
        if len(suspect):
            at = suspect + start
            rank = np.maximum(np.searchsorted(firsts, at, side="right") - 1, 0)
            trip = order[rank]
            inside = (at >= firsts[rank]) & (at + 1 < firsts[rank] + calls.length[trip])
            fast = metres[suspect] > (np.maximum(seconds[suspect], 0) + SLACK) * fastest[route[rank]]
            wrong.update(trip[inside & fast].tolist())
    if wrong:
        mark = len(reading.mark)
        shown = [to.trip_ids[reading.first_trip + n][mark:] for n in sorted(wrong)[:3]]
        reading.remarks.add_all("too-fast", FILE, lines=(), count=len(wrong), examples=shown)
