"""What every source last said, as each process holds it: versions are looked at now and then, words read when they
have changed, and what has grown too old is left out."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

import structlog
from django.conf import settings
from django.utils.translation import get_language

from lacydon.kernel import clock

from ...errors import NoTimetable
from ...models import LiveSource, LiveWords
from ..timetable import timetable
from .health import health_of
from .nouns import LiveState, SourceHealth, TripNow, TripState
from .parts import STATES, Part, decoded

LOOK: Final = 2.0
"""Seconds between two looks at the versions."""
UNDATED: Final = frozenset(STATES.index(each) for each in (TripState.CANCELLED, TripState.DELETED))
"""A cancellation holds as long as its source repeats it, however long ago it was decided."""
log = structlog.get_logger("lacydon.live")


class TripsNow(Mapping[tuple[int, date], TripNow]):
    """Trips by place in the timetable and service day; each is made when it is asked for, and kept."""

    def __init__(self, rows: Mapping[tuple[int, int], tuple[tuple[Part, int], ...]]) -> None:
        self._rows = rows

    @property
    def rows(self) -> Mapping[tuple[int, int], tuple[tuple[Part, int], ...]]:
        """By trip and day (ordinal): where it is told, for who reads arrays and makes no object of each call."""
        return self._rows

    def __getitem__(self, key: tuple[int, date]) -> TripNow:
        return _one(self._rows[key[0], key[1].toordinal()])

    def get(self, key: tuple[int, date], default: Any = None) -> Any:
        rows = self._rows.get((key[0], key[1].toordinal()))
        return default if rows is None else _one(rows)

    def __iter__(self) -> Iterator[tuple[int, date]]:
        return ((trip, date.fromordinal(day)) for trip, day in self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and (key[0], key[1].toordinal()) in self._rows


def _one(rows: tuple[tuple[Part, int], ...]) -> TripNow:
    """Of several words of one source (SIRI: stop by stop), the newest of each call."""
    if len(rows) == 1:
        part, row = rows[0]
        return part.trip_now(row)
    told = sorted((part.trip_now(row) for part, row in rows), key=lambda each: each.said_at)
    newest = told[-1]
    calls = {call.position: call for each in told for call in each.calls}
    return TripNow(
        trip=newest.trip, day=newest.day, state=newest.state, source=newest.source, said_at=newest.said_at,
        calls=tuple(calls[position] for position in sorted(calls)), id=newest.id, route=newest.route,
        headsign=newest.headsign, vehicle=next((each.vehicle for each in reversed(told) if each.vehicle), ""),
    )  # fmt: skip


@dataclass
class _Held:
    """Of this process: the words read, by source and subject, with their version."""

    words: dict[tuple[str, str], tuple[str, Part | None]] = field(default_factory=dict)
    state: LiveState = field(default_factory=lambda: LiveState(taken_at=0))
    told: dict[str, LiveState] = field(default_factory=dict)
    """The same, its sentences in each language."""
    healths: Callable[[], tuple[SourceHealth, ...]] = tuple
    looked: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


_held = _Held()


def live() -> LiveState:
    """What is known of now. Without any source, or any timetable, it is empty: everything is then theoretical."""
    interval = min(LOOK, 2 * settings.SNAPSHOT_SECONDS)
    if time.monotonic() - _held.looked >= interval and _held.lock.acquire(blocking=_held.state.taken_at == 0):
        # When another thread is looking, what is held is two seconds old: it will do.
        try:
            if time.monotonic() - _held.looked >= interval:
                _look()
        finally:
            _held.lock.release()
    language = get_language() or ""
    told = _held.told
    if language not in told:
        told[language] = replace(_held.state, sources=_held.healths())
    return told[language]


def _look() -> None:
    moment = clock.now()
    sources = list(LiveSource.objects.select_related("turn").exclude(enabled=False))
    if sources:
        _read_words()
    else:
        _held.words.clear()
    try:
        content = timetable().content if sources else ""
    except NoTimetable:
        content = ""
    behind = {id for (id, _subject), (_version, part) in _held.words.items() if part and part.timetable != content}

    def healths() -> tuple[SourceHealth, ...]:
        return tuple(health_of(each, moment, other_timetable=each.pk in behind) for each in sources)

    _held.state, _held.healths, _held.told = _assembled(sources, content=content, moment=moment), healths, {}
    _held.looked = time.monotonic()


def _read_words() -> None:
    """Read the words whose version changed."""
    versions = {(row[0], row[1]): row[2] for row in LiveWords.objects.values_list("source_id", "subject", "version")}
    for key in set(_held.words) - set(versions):
        del _held.words[key]
    for key, version in versions.items():
        if key in _held.words and _held.words[key][0] == version:
            continue
        row = LiveWords.objects.filter(source=key[0], subject=key[1]).first()
        if row is None:
            continue
        try:
            part = decoded(bytes(row.content))
        except Exception:  # written by another version of this program: the next answer replaces it
            log.warning("live.unread", source=key[0], subject=key[1])
            part = None
        _held.words[key] = (row.version, part)


def _assembled(sources: list[LiveSource], *, content: str, moment: datetime) -> LiveState:
    when = int(moment.timestamp())
    rows: dict[tuple[int, int], tuple[tuple[Part, int], ...]] = {}
    added: list[TripNow] = []
    visits: dict[int, list[Any]] = {}
    vehicles: list[Any] = []
    alerts: list[Any] = []
    for source in sources:
        oldest = when - source.stale_after
        believed = [
            part
            for (id, _subject), (_version, part) in _held.words.items()
            if id == source.pk and part and part.timetable == content
        ]
        mine: dict[tuple[int, int], tuple[tuple[Part, int], ...]] = {}
        for part in believed:
            if part.said_at >= oldest:
                take_rows(mine, part, oldest)
                added += [each for each in part.added if each.said_at >= oldest]
                for visit in part.visits:
                    if visit.said_at >= oldest:
                        visits.setdefault(visit.stop, []).append(visit)
                vehicles += [each for each in part.vehicles if each.said_at >= oldest]
            # Words are worth hours where times are worth seconds: an hour of silence is not the end of a strike.
            if part.said_at >= when - max(3_600, source.stale_after):
                alerts += part.alerts
        for key, its in mine.items():
            rows.setdefault(key, its)
    return LiveState(
        taken_at=when,
        trips=TripsNow(rows),
        added=tuple(added),
        visits={stop: tuple(its) for stop, its in visits.items()},
        vehicles=tuple(vehicles),
        alerts=tuple(alerts),
    )


def take_rows(into: dict[tuple[int, int], tuple[tuple[Part, int], ...]], part: Part, oldest: int) -> None:
    """The trips of a word by their key, those that were not said since `oldest` left out."""
    good = part.told_at >= oldest
    if not good.all():
        good |= [state in UNDATED for state in part.state.tolist()]
    everything = bool(good.all())
    for row, key in enumerate(part.keys):
        if everything or good[row]:
            into[key] = (*into.get(key, ()), (part, row))
