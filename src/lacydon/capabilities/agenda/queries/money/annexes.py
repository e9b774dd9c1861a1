"""The document annexed to a vote against the agenda: what this act voted, line by line, and what the agenda says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ...models import Annex
from ..chart import Chart
from ..nouns import Budget
from ..plan.overview import NOUGHT


@dataclass(frozen=True, slots=True)
class Line:
    """One authorisation: what the document says, what the agenda says (None: nothing). `gap`: agenda less document."""

    policy: str
    code: str
    annexed: Decimal | None
    ours: Decimal | None
    budget: Budget | None
    elsewhere: str = ""
    """The policy under which the agenda has it, when it is another."""

    @property
    def gap(self) -> Decimal:
        return (self.ours or NOUGHT) - (self.annexed or NOUGHT)

    @property
    def equal(self) -> bool:
        return self.annexed is not None and self.ours is not None and not self.gap and not self.elsewhere


@dataclass(frozen=True, slots=True)
class PolicyLines:
    """A policy: its total in both, and the lines it is made of."""

    policy: str
    annexed: Decimal
    ours: Decimal
    lines: tuple[Line, ...]

    @property
    def gap(self) -> Decimal:
        return self.ours - self.annexed


@dataclass(frozen=True, slots=True)
class Compared:
    """`equal`: every line is the same in both."""

    annex: Annex
    policies: tuple[PolicyLines, ...]

    @property
    def annexed(self) -> Decimal:
        return sum((each.annexed for each in self.policies), NOUGHT)

    @property
    def ours(self) -> Decimal:
        return sum((each.ours for each in self.policies), NOUGHT)

    @property
    def gap(self) -> Decimal:
        return self.ours - self.annexed

    @property
    def wrong(self) -> int:
        return sum(not line.equal for each in self.policies for line in each.lines)

    @property
    def equal(self) -> bool:
        return not self.wrong


def voted_by(chart: Chart, act: str) -> Mapping[str, tuple[Budget, Decimal]]:
    """Code of the authorisation → the line of credits, and the amount that this act voted (at first, or revised to)."""
    found = {}
    for each in chart.all(Budget):
        given = each.authorisation
        amounts = [given.voted] if given.act == act else []
        amounts += [revision.amount for revision in given.revisions if revision.act == act]
        if amounts:
            found[given.code] = (each, amounts[-1])
    return found


def compared_with(annex: Annex, chart: Chart) -> Compared:
    """Every authorisation of the document or of the agenda for this act; in the order of the document."""
    ours = dict(voted_by(chart, annex.act))
    lines = []
    for row in annex.lines:
        budget, amount = ours.pop(row["code"], (None, None))
        other = budget.policy if budget is not None and budget.policy != row["policy"] else ""
        lines.append(Line(row["policy"], row["code"], Decimal(row["amount"]), amount, budget, elsewhere=other))
    lines += [Line(budget.policy, code, None, amount, budget) for code, (budget, amount) in ours.items()]
    return Compared(annex, tuple(_policies(lines)))


def _policies(lines: Iterable[Line]) -> Iterable[PolicyLines]:
    """The money of a line that the agenda has under another policy is counted where the agenda has it."""
    by: dict[str, list[Line]] = {}
    for each in lines:
        by.setdefault(each.policy, []).append(each)
    for each in [each for found in by.values() for each in found]:
        if each.elsewhere:
            by.setdefault(each.elsewhere, [])
    for policy, found in by.items():
        moved_here = sum(
            (each.ours or NOUGHT for all_ in by.values() for each in all_ if each.elsewhere == policy), NOUGHT
        )
        yield PolicyLines(
            policy,
            annexed=sum((each.annexed or NOUGHT for each in found), NOUGHT),
            ours=sum((each.ours or NOUGHT for each in found if not each.elsewhere), NOUGHT) + moved_here,
            lines=tuple(found),
        )


def gaps(chart: Chart) -> tuple[Compared, ...]:
    """Every annexed document there is, each against the agenda, the last received first."""
    return tuple(compared_with(each, chart) for each in Annex.objects.order_by("-at"))
