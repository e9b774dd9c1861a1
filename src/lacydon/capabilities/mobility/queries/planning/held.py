"""Networks and days that a process holds: planned ones by day, the one of now again when real time has moved."""

import threading
import time
from collections import OrderedDict
from datetime import date

from ..live import LiveState, live
from ..timetable import Timetable
from .days import Day
from .network import Network, network
from .now import alive
from .planned import planned
from .walking import Access

DAYS = 2
"""Planned days kept: some 20 MB each for a large town."""
REFRESH = 15.0
"""Seconds during which what real time said is not worked into the lines again."""
Key = tuple[str, date, Access, bool]

_networks: dict[tuple[str, Access], Network] = {}
_days: "OrderedDict[Key, Day]" = OrderedDict()
_now: dict[Key, tuple[float, LiveState, Day]] = {}
_lock = threading.Lock()


def network_of(table: Timetable, *, access: Access = Access.ANYBODY) -> Network:
    """The network of a timetable, made once."""
    with _lock:
        return _network(table, access)


def _network(table: Timetable, access: Access) -> Network:
    key = (table.content, access)
    if key not in _networks:
        for old in [each for each in _networks if each[0] != table.content]:
            del _networks[old]
        _networks[key] = network(table, access=access)
    return _networks[key]


def planned_day(table: Timetable, day: date, *, access: Access = Access.ANYBODY, school: bool = False) -> Day:
    """What is planned on this day."""
    key = (table.content, day, access, school)
    with _lock:
        if key not in _days:
            _days[key] = planned(_network(table, access), day, school=school)
            while len(_days) > DAYS:
                _days.popitem(last=False)
        _days.move_to_end(key)
        return _days[key]


def day_now(
    table: Timetable, day: date, *, access: Access = Access.ANYBODY, school: bool = False, said: LiveState | None = None
) -> Day:
    """The day as it runs: what is planned and what real time says of it (`said`, or what it says now)."""
    base = planned_day(table, day, access=access, school=school)
    if said is not None:
        return alive(base, said)
    state = live()
    if not state.trips and not state.added:
        return base
    key = (table.content, day, access, school)
    with _lock:
        kept = _now.get(key)
        if kept is not None and (kept[1] is state or time.monotonic() - kept[0] < REFRESH):
            return kept[2]
        made = alive(base, state)
        for old in [each for each in _now if each != key][:-1]:
            del _now[old]
        _now[key] = (time.monotonic(), state, made)
        return made
