"""Promised and kept: each milestone against the date that was voted for it, which nobody changes afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import median
from typing import Literal

from ..chart import Chart
from ..nouns import Action, Milestone

Verdict = Literal["kept", "late", "missed", "slipping", "coming", "dropped"]
DUE: tuple[Verdict, ...] = ("kept", "late", "missed")
ORDER: tuple[Verdict, ...] = ("missed", "late", "kept", "slipping", "coming", "dropped")
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Promise:
    """`slip`: days between what was voted and what was (or is now thought to be); negative: ahead of time."""

    action: Action
    milestone: Milestone
    verdict: Verdict
    slip: int

    @property
    def due(self) -> bool:
        return self.verdict in DUE


@dataclass(frozen=True, slots=True)
class Tally:
    """Of the promises whose date is over: how many were kept on time, kept late, not yet kept."""

    kept: int = 0
    late: int = 0
    missed: int = 0
    ahead: int = 0
    """Those to come."""
    slip: int | None = None
    """Median days of delay of those that are due."""

    @property
    def due(self) -> int:
        return self.kept + self.late + self.missed

    @property
    def done(self) -> int:
        return self.kept + self.late

    @property
    def share(self) -> int | None:
        """Per cent of those due that were kept on time."""
        return round(100 * self.kept / self.due) if self.due else None


@dataclass(frozen=True, slots=True)
class Quarter:
    year: int
    number: int
    tally: Tally


def judged(action: Action, milestone: Milestone, day: date) -> Promise:
    """One promise on a day."""
    expected = milestone.actual or milestone.forecast
    if milestone.actual and milestone.actual <= day:
        verdict: Verdict = "kept" if milestone.actual <= milestone.baseline else "late"
        slip = (milestone.actual - milestone.baseline).days
    elif action.status == "abandonnee":
        verdict, slip = "dropped", 0
    elif milestone.baseline < day:
        verdict, slip = "missed", (max(day, expected or day) - milestone.baseline).days
    else:
        slip = (expected - milestone.baseline).days if expected else 0
        verdict = "slipping" if slip > 0 else "coming"
    return Promise(action, milestone, verdict, slip)


@lru_cache(maxsize=12)
def promises(chart: Chart, day: date) -> tuple[Promise, ...]:
    """All of them, in the order of the dates that were voted."""
    found = [judged(action, each, day) for action in chart.all(Action) for each in action.milestones]
    return tuple(sorted(found, key=lambda each: (each.milestone.baseline, each.action.code, each.milestone.id)))


def tally(found: Iterable[Promise]) -> Tally:
    many: dict[str, int] = {}
    slips = []
    for each in found:
        many[each.verdict] = many.get(each.verdict, 0) + 1
        if each.due:
            slips.append(max(0, each.slip))
    return Tally(
        kept=many.get("kept", 0),
        late=many.get("late", 0),
        missed=many.get("missed", 0),
        ahead=many.get("coming", 0) + many.get("slipping", 0),
        slip=round(median(slips)) if slips else None,
    )


def of_axis(found: Iterable[Promise]) -> Mapping[str, tuple[Promise, ...]]:
    """Those of each axis; an action of two axes is in both."""
    by: dict[str, list[Promise]] = {}
    for each in found:
        for share in each.action.axes:
            by.setdefault(share.axis, []).append(each)
    return {axis: tuple(all) for axis, all in by.items()}


def quarters(found: Sequence[Promise], day: date) -> list[Quarter]:
    """The last four quarters that have begun, the oldest first: what was due in each."""
    year, number = day.year, (day.month - 1) // 3 + 1
    wanted = []
    for _each in range(QUARTERS):
        wanted.append((year, number))
        year, number = (year - 1, 4) if number == 1 else (year, number - 1)
    by: dict[tuple[int, int], list[Promise]] = {each: [] for each in wanted}
    for each in found:
        if each.due and (when := _quarter(each)) in by:
            by[when].append(each)
    return [Quarter(*when, tally(by[when])) for when in reversed(wanted)]


def _quarter(each: Promise) -> tuple[int, int]:
    return each.milestone.baseline.year, (each.milestone.baseline.month - 1) // 3 + 1
