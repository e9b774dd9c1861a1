"""The report of a year: the public agenda as it stood on 31 December, or as it stands while the year runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from lacydon.kernel import clock

from ...errors import UnknownObject
from ...models import Frozen
from ..chart import Chart
from ..indicators import Gauge, gauges
from ..money.totals import YearSum, years
from ..nouns import Action, Evaluation, Indicator, LegalAct
from ..plan.history import frozen_versions
from ..plan.moments import Moment, moment
from ..plan.overview import Overview, overview
from ..plan.promises import Promise, promises
from .followup import FollowUp, follow_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`told`: the promises this year is accountable for: due in it, kept in it, or still not kept.

    `version`: the last vote that froze the agenda by then; `credits`: those of the year, when there are any.
    """

    year: int
    over: bool
    moment: Moment
    overview: Overview
    told: tuple[Promise, ...]
    version: Frozen | None
    credits: YearSum | None
    gauges: Mapping[str, Gauge]
    follow: FollowUp
    examples: bool
    """Whether some of it is invented, and must be said to be."""


def years_reported(chart: Chart) -> tuple[int, ...]:
    """From the year of the vote to this one, the latest first; none as long as nothing is voted."""
    agenda = chart.agenda()
    act = chart.get(LegalAct, agenda.adopted_by) if agenda else None
    return tuple(range(clock.today().year, act.date.year - 1, -1)) if act else ()


def report(year: int) -> Report:
    """Raises UnknownObject: no agenda was voted yet, or the year has not begun."""
    if year not in years_reported(moment().chart):
        raise UnknownObject(_("Il n’y a pas de rapport pour l’année %(year)s.") % {"year": year})
    over = year < clock.today().year
    when = moment(date(year, 12, 31) if over else None)
    chart, day = when.chart, when.day
    agenda = chart.agenda()
    versions = frozen_versions(agenda.id, until=chart.at) if agenda and not when.rebuilt else []
    return Report(
        year=year,
        over=over,
        moment=when,
        overview=overview(chart, day),
        told=tuple(each for each in promises(chart, day) if _is_of(each, year)),
        version=versions[0] if versions else None,
        credits=next((each for each in years(chart) if each.year == year), None),
        gauges=gauges(chart.all(Indicator), at=_end_of(day) if when.past else None),
        follow=follow_up(chart, today=day),
        examples=any(each.example for kind in (Action, Evaluation, Indicator) for each in chart.all(kind)),
    )


def _is_of(each: Promise, year: int) -> bool:
    done = each.milestone.actual if each.verdict in ("kept", "late") else None
    return each.verdict == "missed" or year in (each.milestone.baseline.year, done.year if done else None)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=clock.LOCAL) - timedelta(microseconds=1)
