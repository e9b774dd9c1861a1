"""What is being looked at, without who: a source that answers few questions is asked only about that.

A page that shows a stop says so (`looked_at`); the row of the stop has a moment and nothing else. Whoever asks the
source takes them in turn, the one that waited longest first, and never one whose last answer still holds.
"""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from lacydon.kernel import clock

from ...errors import NoTimetable
from ...models import LiveSource, LiveTurn, LookedAt
from ...ports import LiveConnector, Subject
from ...queries.live.names import Names
from ...queries.timetable import Timetable, timetable

INTEREST: Final = timedelta(seconds=90)
"""How long somebody is taken to look at a page that says nothing any more (it refreshes itself every half minute)."""
NOTED: Final = 20.0
"""Seconds between two notes of one subject by one process: a stop in front of a thousand eyes is one row."""
VALID: Final = 30
"""Seconds for which an answer holds when the source does not say."""
NEWS: Final = 600
"""Seconds between two questions about messages, and about the mere state of a source nobody looks at."""
STATE: Final = 300
PAUSE: Final = 1.0
FORGOTTEN: Final = timedelta(hours=1)
MOST: Final = 2_000
_noted: dict[str, float] = {}


def looked_at(*, places: Iterable[str] = (), routes: Iterable[str] = ()) -> None:
    """Somebody looks at these places (ids of `Place`) and lines (ids of `Route`) now. Cheap; never raises for a
    reader's sake: what is not noted is asked about a little later."""
    if not _asks_on_demand():
        return
    moment = time.monotonic()
    for subject in (*(f"place:{each}" for each in places), *(f"route:{each}" for each in routes)):
        if moment - _noted.get(subject, float("-inf")) < NOTED:
            continue
        if len(_noted) > MOST:
            _noted.clear()
        _noted[subject] = moment
        LookedAt.objects.update_or_create(subject=subject[:220], defaults={"looked_at": clock.now()})


_asking: list[tuple[float, bool]] = [(float("-inf"), False)]


def _asks_on_demand() -> bool:
    """Whether any source is asked only about what is looked at; looked up once a minute."""
    moment, answer = _asking[0]
    if time.monotonic() - moment > 60:
        answer = LiveSource.objects.filter(enabled=True, per_minute__gt=0).exists()
        _asking[0] = (time.monotonic(), answer)
    return answer


def forget_the_past() -> None:
    """What nobody looks at any more."""
    LookedAt.objects.filter(looked_at__lt=clock.now() - FORGOTTEN).delete()


def next_subject(turn: LiveTurn, connector: LiveConnector, *, moment: datetime) -> Subject | None:
    """What to ask about now: of what is looked at, that which waited longest; None when every answer still holds."""
    when = int(moment.timestamp())
    asked: dict[str, list[int]] = turn.state.get("asked", {})
    kinds = connector.subjects(turn.source.options)
    candidates = []
    for subject in _subjects(turn.source, kinds, moment):
        last, until = asked.get(subject.key, (0, 0))
        if when >= until:
            candidates.append((last, subject.key, subject))
    if not candidates:
        return None
    return min(candidates, key=lambda each: each[:2])[2]


def somebody_looks(source: LiveSource, *, moment: datetime) -> bool:
    """Whether somebody looks at a stop or a line that this source speaks of."""
    try:
        table = timetable()
    except NoTimetable:
        return False
    recent = LookedAt.objects.filter(looked_at__gte=moment - INTEREST).order_by("-looked_at")[:MOST]
    for told in recent.values_list("subject", flat=True):
        kind, _mark, id = told.partition(":")
        place = table.place_of_id.get(id) if kind == "place" else None
        ids = [table.stops[quay].id for quay in table.places[place].stops] if place is not None else [id]
        if any(each.partition(":")[0] in source.prefixes for each in ids):
            return True
    return False


def asked_about(
    state: dict[str, Any], subject: Subject, *, when: int, valid_until: int = 0, failed: bool = False
) -> None:
    """Note that the source was asked about it, and until when its answer holds."""
    wait = {"news": NEWS, "state": STATE}.get(subject.kind, VALID)
    if failed:  # asked again as soon as the source may be: how long it is left alone grows with its failures
        wait = 0
    longest = when + 10 * wait
    asked = {key: told for key, told in state.get("asked", {}).items() if when - told[0] < 3_600}
    asked[subject.key] = [when, min(max(when + wait, valid_until), longest)]
    if not failed:  # any answer tells that the source is there
        asked["state"] = [when, when + STATE]
    state["asked"] = asked


def _subjects(source: LiveSource, kinds: tuple[str, ...], moment: datetime) -> Iterator[Subject]:
    """What this source may be asked about now: what is looked at, its messages, whether it is there."""
    if "news" in kinds:
        yield Subject(kind="news")
    if "state" in kinds:
        yield Subject(kind="state")
    if not {"stop", "line"} & set(kinds):
        return
    try:
        table = timetable()
    except NoTimetable:
        return
    names = Names(table, prefixes=source.prefixes, patterns=source.options.get("patterns", {}))
    recent = LookedAt.objects.filter(looked_at__gte=moment - INTEREST).order_by("-looked_at")[:MOST]
    for told in recent.values_list("subject", flat=True):
        kind, _mark, id = told.partition(":")
        if kind == "place" and "stop" in kinds:
            yield from _stops(source, table, names, id)
        ours = id.partition(":")[0] in source.prefixes
        if kind == "route" and "line" in kinds and ours and id in table.route_of_id:
            yield Subject(kind="line", ref=names.written("route", id), id=id)


def _stops(source: LiveSource, table: Timetable, names: Names, id: str) -> Iterator[Subject]:
    """The quays of a place that this source knows, each by the name it gives it."""
    place = table.place_of_id.get(id)
    if place is None:
        return
    by_station = source.options.get("ask") == "station"
    seen = set()
    for quay in table.places[place].stops:
        stop = table.stops[quay]
        if by_station and stop.parent >= 0:
            stop = table.stops[stop.parent]
        if stop.id in seen or stop.id.partition(":")[0] not in source.prefixes:
            continue
        seen.add(stop.id)
        ref = stop.netex_id or names.written("stop", stop.id)
        yield Subject(kind="stop", ref=ref, id=stop.id)
