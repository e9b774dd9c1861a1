"""The one screen of those who decide: what is promised and kept, what is stuck, money, results, territory, lessons.

Everything is worked out of one chart (the whole one, or its public twin) and kept with it: asking again costs nothing
as long as the agenda does not move.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from ..chart import Chart
from ..money.totals import Group, YearSum, grouped, years
from ..nouns import Action, Axis, Budget, Evaluation, Indicator, Kit
from ..nouns.actions import DecisionAsked
from ..nouns.learning import Recommendation
from ..plan.comparing import end_of
from ..plan.overview import NOUGHT, RUNNING, Overview, overview
from ..plan.promises import Promise, Quarter, Tally, promises, quarters, tally
from ..plan.words import PARTICIPATION

RED, RESULTS = 5, 8
HEALTH = {"rouge": 2, "orange": 1, "vert": 0}
OVER = ("realisee", "abandonnee")


@dataclass(frozen=True, slots=True)
class Stuck:
    """An action to look at. `slip`: days its worst promise is late; `unspent`: of the year's credits, against time;
    `waits_for`: what must be done before it and is late itself; `asked`: the decision that is due first."""

    action: Action
    slip: int
    unspent: Decimal
    waits_for: tuple[Action, ...]
    asked: DecisionAsked | None

    @property
    def rank(self) -> tuple[int, int, Decimal, int]:
        return HEALTH[self.action.health], self.slip, self.unspent, len(self.waits_for)


@dataclass(frozen=True, slots=True)
class Learning:
    """`due`: evaluations promised and not published, the latest first; `waiting`: recommendations without an answer;
    `idle`: accepted, and not done; `late`: those of them whose date is over."""

    published: int
    due: tuple[Evaluation, ...]
    late: int
    waiting: tuple[tuple[Evaluation, Recommendation], ...]
    idle: tuple[tuple[Evaluation, Recommendation], ...]
    idle_late: int
    kits: tuple[Kit, ...]
    stages: Mapping[str, int]
    """Stage of adoption → how many communes; empty as long as nothing says how kits are adopted."""
    abandoned: tuple[tuple[str, str], ...]
    """(commune, why) of each adoption that was given up."""


@dataclass(frozen=True, slots=True)
class Screen:
    """`decisions`: all that are asked and not answered, the first due first, with their action."""

    day: date
    overview: Overview
    tally: Tally
    quarters: tuple[Quarter, ...]
    stuck: tuple[Stuck, ...]
    running: YearSum | None
    policies: tuple[Group, ...]
    axes: tuple[Group, ...]
    results: tuple[Indicator, ...]
    decisions: tuple[tuple[Action, DecisionAsked], ...]
    levels: Mapping[str, int]
    """Level of participation → how many actions; those that say none are under the empty level."""
    heard: tuple[Action, ...]
    """Those where participation changed something, and which say what; the highest level first."""
    learning: Learning
    as_of: date | None
    """The day the oldest figures of money of this year speak of."""


@lru_cache(maxsize=12)
def screen(chart: Chart, day: date) -> Screen:
    """Made once for a chart and a day."""
    all_, courses = promises(chart, day), years(chart)
    running = next((each for each in courses if each.year == day.year), None)
    going = [each for each in chart.all(Action) if each.status not in OVER]
    decisions = [(each, asked) for each in going for asked in each.decisions if not asked.answered]
    return Screen(
        day=day,
        overview=overview(chart, day),
        tally=tally(all_),
        quarters=tuple(quarters(all_, day)),
        stuck=stuck(chart, all_, day)[:RED],
        running=running,
        policies=grouped(chart, "politique"),
        axes=grouped(chart, "axe"),
        results=_results(chart),
        decisions=tuple(sorted(decisions, key=lambda each: (each[1].by, each[0].code))),
        levels=Counter(each.participation.level if each.participation else "" for each in chart.all(Action)),
        heard=_heard(chart),
        learning=learning(chart, day),
        as_of=running.as_of if running else None,
    )


def stuck(chart: Chart, all_: Iterable[Promise], day: date) -> tuple[Stuck, ...]:
    """What goes badly, the worst first: by health, delay, credits unspent, and what it waits for."""
    slips: dict[str, int] = {}
    for promise in all_:
        if promise.verdict in ("missed", "slipping"):
            slips[promise.action.id] = max(slips.get(promise.action.id, 0), promise.slip)
    found = []
    for each in chart.all(Action):
        if each.status not in RUNNING:
            continue
        before = [chart.get(Action, one.action) for one in each.dependencies if one.kind in ("apres", "gene-par")]
        waits = tuple(one for one in before if one is not None and _is_late(one, day))
        asked = min((one for one in each.decisions if not one.answered), key=lambda one: one.by, default=None)
        unspent = _unspent(chart.budgets_of_action.get(each.id, ()), day)
        made = Stuck(each, slips.get(each.id, 0), unspent, waits, asked)
        if each.health != "vert" or made.slip or waits:
            found.append(made)
    return tuple(sorted(found, key=lambda one: (*(-part for part in one.rank), one.action.code)))


def _is_late(action: Action, day: date) -> bool:
    end = end_of(action)
    return action.status not in OVER and (action.health == "rouge" or (end is not None and end < day))


def _unspent(budgets: Iterable[Budget], day: date) -> Decimal:
    """What of the year's credits should be paid by now, were they paid evenly, and is not."""
    left = NOUGHT
    for each in budgets:
        for year in each.years:
            if year.year == day.year and year.as_of.year == day.year:
                credit = year.voted if year.revised is None else year.revised
                expected = credit * year.as_of.timetuple().tm_yday / 365
                left += max(expected - year.paid, NOUGHT)
    return left.quantize(Decimal(1))


def _heard(chart: Chart) -> tuple[Action, ...]:
    levels = list(PARTICIPATION)
    found = [each for each in chart.all(Action) if each.participation and each.participation.effect]
    return tuple(sorted(found, key=lambda each: (-levels.index(each.participation.level), each.code)))  # type: ignore[union-attr]


def _results(chart: Chart) -> tuple[Indicator, ...]:
    """Those by which the axes are judged, axis after axis, each once; eight at most, some of every axis."""
    rows = [list(each.outcomes) for each in chart.all(Axis)]
    names = [row[n] for n in range(max(map(len, rows), default=0)) for row in rows if n < len(row)]
    found = [each for name in dict.fromkeys(names) if (each := chart.get(Indicator, name))]
    if not found:
        found = [each for each in chart.all(Indicator) if each.kind in ("resultat", "impact")]
    return tuple(found[:RESULTS])


@lru_cache(maxsize=12)
def learning(chart: Chart, day: date) -> Learning:
    """What evaluations and kits say, on a day."""
    every = chart.all(Evaluation)
    published = [each for each in every if each.published and each.published <= day]
    due = sorted((each for each in every if each not in published and each.due), key=lambda each: each.due or day)
    asked = [(each, one) for each in published for one in each.recommendations]
    idle = [
        (each, one) for each, one in asked if one.answer and one.answer.answer != "refusee" and one.answer.done is None
    ]
    late = [one for _each, one in idle if one.answer and one.answer.due and one.answer.due < day]
    adoptions = [each for (kind, _id), each in chart.objects.items() if kind == "adoption"]
    stages = Counter(each.now.stage for each in adoptions)  # type: ignore[attr-defined]
    gone = [each for each in adoptions if each.now.stage == "abandonne"]  # type: ignore[attr-defined]
    return Learning(
        published=len(published),
        due=tuple(due),
        late=sum(each.due is not None and each.due < day for each in due),
        waiting=tuple((each, one) for each, one in asked if one.answer is None),
        idle=tuple(idle),
        idle_late=len(late),
        kits=chart.all(Kit),
        stages=dict(stages),
        abandoned=tuple((each.commune, each.now.reason.fr if each.now.reason else "") for each in gone),  # type: ignore[attr-defined]
    )
