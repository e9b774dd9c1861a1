"""The arithmetic of competences: dated rules → one answer for a place, a date and conditions. No database here.

Hit policy: among the rules valid on the date, at the place and under the conditions, those with the most precise place
win (communes > départements > everywhere). Just one must remain. `timeline()` works out a theme in a commune for every
date and every combination of conditions; it serves both the answer (`Chart.resolve`) and the proof (`faults_of`).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from lacydon.kernel.texts import Localised

NOBODY = "nobody"
SYMBOLS = ("commune", "metropole", "departement", "region", "etat", NOBODY)
Combination = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """The places a rule speaks of. kind: all | communes | departements | except; codes: INSEE or département codes."""

    kind: str = "all"
    codes: frozenset[str] = frozenset()

    def precision(self, *, commune: str, departement: str) -> int:
        """0 when the rule does not speak of this commune; else 1 (everywhere), 2 (département), 3 (commune)."""
        match self.kind:
            case "all":
                return 1
            case "except":
                return 0 if commune in self.codes else 1
            case "departements":
                return 2 if departement in self.codes else 0
        return 3 if commune in self.codes else 0


@dataclass(frozen=True, slots=True, eq=False)
class DatedRule:
    """A rule of competence in memory; `since` and `until` are inclusive, None = no limit. Compared by identity."""

    id: str
    theme: str
    competent: str
    where: Where
    when: Mapping[str, frozenset[str]]
    since: date | None
    until: date | None
    handled_by: str
    legal_basis: str
    sentence: Localised
    status: str
    file: str
    line: int

    def valid_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def allows(self, conditions: Mapping[str, str]) -> bool:
        return all(conditions[fact] in values for fact, values in self.when.items() if fact in conditions)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day on: the winning rules for each combination of the theme's facts (in their order)."""

    since: date
    winners: Mapping[Combination, tuple[DatedRule, ...]]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A theme in a commune, over all dates. `facts`: the facts its combinations are made of."""

    facts: tuple[str, ...]
    periods: tuple[Period, ...]
    starts: tuple[date, ...]

    def on(self, day: date) -> Period:
        """The period a day falls in; the first one for days before it."""
        return self.periods[max(bisect_right(self.starts, day) - 1, 0)]

    def possible(self, *, day: date, known: Mapping[str, str]) -> Iterator[tuple[Combination, tuple[DatedRule, ...]]]:
        """Combinations, and their winners, that remain possible when some facts are known."""
        wanted = tuple(known.get(fact) for fact in self.facts)
        for combination, winners in self.on(day).winners.items():
            if all(want is None or want == value for want, value in zip(wanted, combination, strict=True)):
                yield combination, winners


Applicable = tuple[tuple[DatedRule, int], ...]


def applicable(rules: Iterable[DatedRule], *, commune: str, departement: str) -> Applicable:
    """The rules that speak of this commune, with how precisely; communes with the same ones share a timeline."""
    precisions = ((rule, rule.where.precision(commune=commune, departement=departement)) for rule in rules)
    return tuple(pair for pair in precisions if pair[1])


def timeline(here: Applicable, *, facts: Mapping[str, Sequence[str]], since: date) -> Timeline:
    """Every period from `since` on and, in each, the winners of every combination of `facts` (fact → its values)."""
    starts = {since}
    for rule, _precision in here:
        if rule.since is not None and rule.since > since:
            starts.add(rule.since)
        if rule.until is not None and rule.until >= since:
            starts.add(rule.until + timedelta(days=1))
    names = tuple(facts)
    combinations = tuple(product(*facts.values()))
    periods = []
    for start in sorted(starts):
        valid = [pair for pair in here if pair[0].valid_on(start)]
        winners = {each: _winners(valid, dict(zip(names, each, strict=True))) for each in combinations}
        periods.append(Period(since=start, winners=winners))
    return Timeline(facts=names, periods=tuple(periods), starts=tuple(period.since for period in periods))


def _winners(valid: Sequence[tuple[DatedRule, int]], conditions: Mapping[str, str]) -> tuple[DatedRule, ...]:
    allowed = [pair for pair in valid if pair[0].allows(conditions)]
    best = max((precision for _rule, precision in allowed), default=0)
    return tuple(rule for rule, precision in allowed if precision == best)


def most_telling(
    timeline: Timeline, possible: Sequence[tuple[Combination, tuple[DatedRule, ...]]], known: Mapping[str, str]
) -> str:
    """The unknown fact whose answer leaves the fewest different outcomes on average: the one question to ask."""

    def remaining(position: int) -> float:
        outcomes: dict[str, set[tuple[str, str]]] = {}
        for combination, winners in possible:
            outcomes.setdefault(combination[position], set()).update(outcome(rule) for rule in winners)
        return sum(len(each) for each in outcomes.values()) / len(outcomes)

    unknown = [position for position, fact in enumerate(timeline.facts) if fact not in known]
    return timeline.facts[min(unknown, key=remaining)]


def outcome(rule: DatedRule) -> tuple[str, str]:
    """What distinguishes two answers for a resident: who is competent and who does it."""
    return rule.competent, rule.handled_by
