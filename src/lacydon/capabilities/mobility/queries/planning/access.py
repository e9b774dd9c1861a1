"""How much of the territory one reaches from each commune: worked out once a timetable, kept beside it.

One leaves the centre of the commune every five minutes of an hour; the median counts, not the lucky minute. What is
kept is a file named after the content of the timetable: another timetable, another file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import orjson
from django.conf import settings
from django.utils.translation import gettext_lazy as _l
from numpy.typing import NDArray

from ...ports.journeys import Spot
from ..timetable import Timetable
from .held import planned_day
from .kernels import FAR
from .reaching import usual

LONGEST = 3_600
WINDOW = 3_600
MINUTES = (15, 30, 45, 60)
HOURS = (8, 12, 18, 21)
KINDS: Mapping[str, tuple[int, object]] = {
    "semaine": (1, _l("un mardi")), "samedi": (5, _l("un samedi")), "dimanche": (6, _l("un dimanche")),
}  # fmt: skip
"""Of each kind of day: its weekday (0 is Monday), how it is called."""


@dataclass(frozen=True, slots=True)
class Access:
    """What one reaches from a point: shares (0 to 1) of the places of the timetable, by MINUTES."""

    code: str
    near: bool
    """Whether there is a stop that one can walk to."""
    shares: tuple[float, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """A work that goes on, or that is done: `found` is then whole."""

    done: int
    total: int
    found: Mapping[str, Access]
    day: date | None = None

    @property
    def whole(self) -> bool:
        return self.total > 0 and self.done >= self.total


def day_like(table: Timetable, kind: str, *, today: date) -> date:
    """The next day of this kind that the timetable knows; its own first one when today is after it."""
    first, last = table.days()
    start = today if first <= today <= last else first
    ahead = (KINDS[kind][0] - start.weekday()) % 7
    found = start + timedelta(days=ahead)
    return found if found <= last else start


def reached_places(table: Timetable, seconds: NDArray[np.int32]) -> list[int]:
    """[places] seconds to the nearest quay of each, FAR where none is reached."""
    return [min((int(seconds[stop]) for stop in place.stops), default=FAR) for place in table.places]


def of_point(table: Timetable, day: date, spot: Spot, *, hour: int, code: str = "") -> tuple[Access, list[int]]:
    """What one reaches from a point at this hour of this day, and the seconds to each place."""
    runs = planned_day(table, day)
    found = reached_places(table, usual(runs, spot, since=hour * 3_600, window=WINDOW, longest=LONGEST))
    total = max(len(found), 1)
    counts = tuple(sum(each <= minutes * 60 for each in found) for minutes in MINUTES)
    return Access(code, any(each < FAR for each in found), tuple(each / total for each in counts), counts), found


def kept(content: str, kind: str, hour: int) -> Path:
    """Where the work of this timetable is: HOME/mobility/access."""
    folder = settings.HOME / "mobility" / "access"
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / f"{content[:32]}-{kind}-{hour}.json"
    return path


def progress(content: str, kind: str, hour: int) -> Progress:
    """How far the work is; nothing of it when it never began."""
    try:
        said = orjson.loads(kept(content, kind, hour).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return Progress(0, 0, {})
    found = {
        code: Access(code, its["near"], tuple(its["shares"]), tuple(its["places"]))
        for code, its in said["found"].items()
    }
    return Progress(len(found), said["total"], found, date.fromisoformat(said["day"]))


def work_out(
    table: Timetable, points: Sequence[tuple[str, Spot]], *, kind: str, hour: int, today: date,
    each: Callable[[int, int], None] = lambda _done, _total: None,
) -> Progress:  # fmt: skip
    """Every commune, one after another; what is done is kept at each tenth, so that a page can tell how far it is."""
    day = day_like(table, kind, today=today)
    path = kept(table.content, kind, hour)
    before = progress(table.content, kind, hour)
    found = dict(before.found) if before.day == day else {}
    for code, spot in points:
        if code not in found:
            found[code] = of_point(table, day, spot, hour=hour, code=code)[0]
            if len(found) % 10 == 0:
                _write(path, found, len(points), day)
                each(len(found), len(points))
    _write(path, found, len(points), day)
    return Progress(len(found), len(points), found, day)


def begin(table: Timetable, *, kind: str, hour: int, today: date, total: int) -> None:
    """Note that the work is asked, so that it is asked once."""
    _write(kept(table.content, kind, hour), {}, total, day_like(table, kind, today=today))


def _write(path: Path, found: Mapping[str, Access], total: int, day: date) -> None:
    rows = {code: {"near": its.near, "shares": its.shares, "places": its.places} for code, its in found.items()}
    beside = path.with_name(f".{path.name}-{uuid4().hex}")
    beside.write_bytes(orjson.dumps({"total": total, "day": day.isoformat(), "found": rows}))
    beside.replace(path)
