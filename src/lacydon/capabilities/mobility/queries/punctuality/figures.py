"""Figures of a month, by line, stop, hour, day or commune: asked of the closed days, kept while these do not change."""

import json
import os
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path

from ..archive.engine import PLANNED, archive, asking, days_kept, month_files, table_of
from .definition import SMALL, early, late
from .names import dataset_of
from .recipes import recipe

HELD = 64
"""Answers that a process keeps."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A month (2026-11); one line, one place, or all."""

    month: str
    line: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Departures observed, and what they were."""

    key: str
    name: str
    departures: int
    on_time: int
    early: int
    late: int
    median: int
    """Seconds after the planned time."""
    gaps: int
    """Gaps observed on frequent lines."""
    regular: int

    @property
    def small(self) -> bool:
        return self.departures < SMALL

    @property
    def share(self) -> float:
        """Per cent on time."""
        return 100 * self.on_time / self.departures if self.departures else 0.0

    @property
    def share_early(self) -> float:
        return 100 * self.early / self.departures if self.departures else 0.0

    @property
    def share_late(self) -> float:
        return 100 * self.late / self.departures if self.departures else 0.0

    @property
    def share_regular(self) -> float | None:
        return 100 * self.regular / self.gaps if self.gaps >= SMALL else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """An answer, with the question as anybody can ask it again."""

    rows: tuple[Row, ...]
    sql: str
    days: int
    planned: Mapping[str, int] = field(default_factory=dict)
    """Departures planned on the same days, by line (`tout` for all); empty when not known."""


_held: OrderedDict[tuple[object, ...], Figures] = OrderedDict()


def months() -> list[str]:
    """Months that have closed days, the latest first."""
    return sorted({day.isoformat()[:7] for day in days_kept()}, reverse=True)


def figures(wish: Wish, *, by: str) -> Figures:
    """By `ligne`, `arret`, `heure`, `jour`, `commune` or `tout`. Raises TooMuch."""
    files = month_files(wish.month)
    key = (by, wish, early(), late(), tuple((each.parent.name, each.stat().st_mtime_ns) for each in files))
    if key in _held:
        _held.move_to_end(key)
        return _held[key]
    if not (line_or_place := wish.line or wish.place) and (kept := _kept(wish, by, key)):
        return _hold(key, kept)
    shown = recipe(by=by, table=f'"{dataset_of(wish.month)}"', line=wish.line, place=wish.place)
    rows: tuple[Row, ...] = ()
    if files:
        with asking() as base:
            asked = recipe(by=by, table=table_of(files), line=wish.line, place=wish.place)
            rows = tuple(_row(each) for each in base.execute(asked).fetchall() if each[2])
    made = Figures(rows=rows, sql=shown, days=len(files), planned=_planned(files))
    if not line_or_place and files:
        _keep(wish, by, key, made)
    return _hold(key, made)


def _hold(key: tuple[object, ...], made: Figures) -> Figures:
    _held[key] = made
    while len(_held) > HELD:
        _held.popitem(last=False)
    return made


def _kept(wish: Wish, by: str, key: tuple[object, ...]) -> Figures | None:
    """What was computed of a whole month, by whatever process (the night does it), if its days did not change since."""
    try:
        told = json.loads(_place(wish, by).read_bytes())
    except (OSError, ValueError):
        return None
    if told.get("key") != repr(key):
        return None
    return Figures(
        rows=tuple(Row(*each) for each in told["rows"]), sql=told["sql"], days=told["days"], planned=told["planned"]
    )  # fmt: skip


def _keep(wish: Wish, by: str, key: tuple[object, ...], made: Figures) -> None:
    told = {"key": repr(key), "sql": made.sql, "days": made.days, "planned": dict(made.planned)}
    place = _place(wish, by)
    with suppress(OSError):  # a full disk: it is computed again
        place.parent.mkdir(exist_ok=True)
        making = place.with_name(f".{place.name}.{os.getpid()}")
        making.write_text(json.dumps(told | {"rows": [astuple(each) for each in made.rows]}))
        making.replace(place)


def _place(wish: Wish, by: str) -> Path:
    return archive() / "figures" / f"{wish.month}-{by}.json"


def whole(month: str) -> Row | None:
    """Of everything in a month; None when nothing was observed."""
    found = figures(Wish(month), by="tout").rows
    return found[0] if found else None


def _row(answer: tuple[object, ...]) -> Row:
    key, name, *counts = answer
    departures, on_time, before, after, median, gaps, regular = (int(each or 0) for each in counts)  # type: ignore[call-overload]
    return Row(str(key), str(name), departures, on_time, before, after, median, gaps, regular)


def _planned(files: list[Path]) -> dict[str, int]:
    """Of the days that were observed only."""
    plans = [each.parent / PLANNED for each in files if (each.parent / PLANNED).exists()]
    if not plans or len(plans) < len(files):
        return {}
    with asking() as base:
        found = base.execute(f"SELECT ligne_id, sum(prevus) FROM {table_of(plans)} GROUP BY ligne_id").fetchall()  # noqa: S608
    by_line = {str(line): int(many) for line, many in found}
    return by_line | {"tout": sum(by_line.values())}
