"""What a stop says of vehicles without a name in the timetable (SIRI): joined to planned rows where it can be."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..live import TripState, Visit
from ..timetable import Timetable
from .nouns import Departure, Sureness
from .planned import Candidates
from .reading import reading

SAME = 60
"""Seconds between two sayings of one planned time: some sources cut seconds off, others round."""
BEFORE, AFTER = 120, 600
"""Seconds early and late within which a vehicle without a planned time may be a planned one."""
RANK: Mapping[Sureness, int] = {
    Sureness.MEASURED: 3,
    Sureness.PREDICTED: 2,
    Sureness.THEORETICAL: 1,
    Sureness.SOURCE_DOWN: 0,
}


def claims(table: Timetable, found: Candidates, visits: Sequence[Visit]) -> dict[int, Visit]:
    """Which candidate each visit is, when it is one; of two visits of one candidate, the surer, then the fresher."""
    held = reading(table)
    routes = held.pattern_route[held.trip_pattern[found.trip]] if len(found.trip) else np.zeros(0, np.int64)
    claimed: dict[int, Visit] = {}
    pairs: list[tuple[int, int, int, Visit]] = []
    for number, visit in enumerate(visits):
        same = np.flatnonzero((found.stop == visit.stop) & (routes == visit.route))
        if visit.aimed is not None:
            gaps = np.abs(found.planned[same] - visit.aimed)
            near = gaps <= SAME
        elif visit.expected is not None:
            ahead = visit.expected - found.planned[same]
            gaps = np.abs(ahead)
            near = (ahead >= -BEFORE) & (ahead <= AFTER)
        else:
            continue
        for n, gap in zip(same[near].tolist(), gaps[near].tolist(), strict=True):
            if _agree(table, int(found.trip[n]), visit):
                pairs.append((int(gap), number, n, visit))
    used: set[int] = set()
    for _gap, number, n, visit in sorted(pairs, key=lambda pair: (*pair[:2], pair[2])):
        if number in used:
            continue
        other = claimed.get(n)
        if other is None:
            claimed[n] = visit
            used.add(number)
        elif visit.source != other.source and visit.aimed is not None:
            used.add(number)
            claimed[n] = max(other, visit, key=lambda each: (each.measured, each.said_at))
    return claimed


def _agree(table: Timetable, trip: int, visit: Visit) -> bool:
    """Whether the two may go to the same end: a word in common in their headsigns, or nothing said."""
    held = reading(table)
    ours = held.headsign(table, int(held.trip_pattern[trip]), int(held.trip_headsign[trip]))
    if not visit.headsign or not ours:
        return True
    return bool(_words(ours) & _words(visit.headsign))


def _words(text: str) -> set[str]:
    folded = "".join(sign if sign.isalnum() else " " for sign in text.casefold())
    return {word for word in folded.split() if len(word) > 1} or {folded.strip()}


def of_visit(table: Timetable, visit: Visit, *, planned: Departure | None = None) -> Departure:
    """The row of a visit; of the planned row it is, unless that one is told of by something surer or fresher."""
    sureness = Sureness.MEASURED if visit.measured else Sureness.PREDICTED
    if visit.expected is None and not visit.cancelled:
        sureness = Sureness.THEORETICAL
    if planned is not None:
        mine = (RANK[sureness], visit.said_at)
        theirs = (RANK[planned.sureness], planned.said_at or 0)
        if mine < theirs:
            return planned
        shift = visit.expected - planned.planned if visit.expected is not None and planned.planned is not None else None
        return planned._replace(
            expected=visit.expected,
            expected_arrival=None if shift is None else (planned.planned_arrival or 0) + shift,
            sureness=sureness, source=visit.source, said_at=visit.said_at, reason="", cancelled=visit.cancelled,
            skipped=False, platform=visit.platform or planned.platform, id=visit.journey,
        )  # fmt: skip
    return Departure(
        trip=-1, day=None, position=0, route=visit.route, headsign=visit.headsign, direction=-1, stop=visit.stop,
        planned_stop=visit.stop, planned=visit.aimed, expected=visit.expected, planned_arrival=visit.aimed,
        expected_arrival=visit.expected, sureness=sureness, source=visit.source, said_at=visit.said_at, reason="",
        cancelled=visit.cancelled, skipped=False, state=TripState.SCHEDULED, wheelchair=0, bikes=0,
        platform=visit.platform or table.stops[visit.stop].platform, id=visit.journey,
    )  # fmt: skip


def without_twins(rows: Sequence[Departure], visits: Sequence[Departure]) -> list[Departure]:
    """Rows and visits together; two sources that tell of the same vehicle make one row, the surer, then the fresher.

    A visit is the twin of an added trip or of another visit: same stop, same line, expected within a minute and a half
    (or the same planned time), from another source or of the same journey.
    """
    kept = list(rows)
    for visit in visits:
        twin = next((n for n, row in enumerate(kept) if _twins(row, visit)), None)
        if twin is None:
            kept.append(visit)
        elif (RANK[visit.sureness], visit.said_at or 0) > (RANK[kept[twin].sureness], kept[twin].said_at or 0):
            kept[twin] = visit
    return kept


def _twins(row: Departure, visit: Departure) -> bool:
    if row.stop != visit.stop or row.route != visit.route or (row.planned is not None and row.trip >= 0):
        return False
    if row.id and row.id == visit.id and row.source == visit.source:
        return True
    if row.source == visit.source:
        return False
    if row.planned is not None and visit.planned is not None:
        return abs(row.planned - visit.planned) <= SAME
    return abs(row.when - visit.when) <= SAME * 3 // 2
