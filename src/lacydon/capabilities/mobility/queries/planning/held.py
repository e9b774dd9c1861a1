"""Networks and days that a process holds: planned ones by day, the one of now again when real time has moved."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from lacydon.kernel import clock, metrics

from ..live import LiveState, live
from ..timetable import Timetable, timetable
from . import engine, shelf
from .days import Day
from .ends import quays
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
_made_for: ContextVar[str] = ContextVar("made_for", default="visitor")


def prepare() -> None:
    """Before this process serves anybody: network, today, kernels. Raises NoTimetable when there is none."""
    with _before_serving():
        make_ready(timetable())


def keep_network(table: Timetable, *, access: Access = Access.ANYBODY) -> None:
    """Beside a timetable that was just written: what its processes will map rather than make."""
    if shelf.kept(table, access) is None:
        shelf.keep(network(table, access=access))


def keep_the_rest(table: Timetable) -> None:
    """Once it is in force: the networks of riders in a wheelchair, and compiled kernels where they are worth it."""
    if engine.wanted(table):
        engine.compile_ahead()
    for access in Access:
        keep_network(table, access=access)


def make_ready(table: Timetable) -> None:
    """What journeys of today need; each process does it when it takes a timetable."""
    day = planned_day(table, clock.today())
    day.lines, day.back, quays(table)  # each is made when it is first looked at
    if engine.wanted(table):
        engine.warm(wait=True)


@contextmanager
def _before_serving() -> Iterator[None]:
    token = _made_for.set("server")
    try:
        yield
    finally:
        _made_for.reset(token)


def network_of(table: Timetable, *, access: Access = Access.ANYBODY) -> Network:
    """The network of a timetable, made once."""
    with _lock:
        return _network(table, access)


def _network(table: Timetable, access: Access) -> Network:
    key = (table.content, access)
    if key not in _networks:
        for old in [each for each in _networks if each[0] != table.content]:
            del _networks[old]
        _networks[key] = _opened(table, access)
    return _networks[key]


def _opened(table: Timetable, access: Access) -> Network:
    """As it is kept on the disk; made, and kept there, when it is not."""
    found = shelf.kept(table, access)
    if found is not None:
        return found
    made = network(table, access=access)
    metrics.made(what="network of journeys", whom=_made_for.get())
    shelf.keep(made)
    return shelf.kept(table, access) or made


def planned_day(table: Timetable, day: date, *, access: Access = Access.ANYBODY, school: bool = False) -> Day:
    """What is planned on this day."""
    key = (table.content, day, access, school)
    with _lock:
        if key not in _days:
            _days[key] = planned(_network(table, access), day, school=school)
            metrics.made(what="day of journeys", whom=_made_for.get())
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
