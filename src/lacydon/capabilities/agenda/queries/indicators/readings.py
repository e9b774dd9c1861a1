"""The readings as pages and dashboards ask for them: the last of every indicator in one query, or all of one.

gauges()                  every indicator's id → Gauge, one query
gauges(at=moment)         the same as it was known at a moment
gauge("ponctualite")      one
readings("ponctualite")   its series, by day: of each day the reading computed last
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max, OuterRef, Subquery

from lacydon.kernel.clock import LOCAL, today

from ...models import Reading, Standing
from ..nouns import Indicator
from ..nouns.indicators import Target
from .staleness import LATE, is_late, word_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """How an indicator stands: its definition, its last reading (None: never read), why it is stale (empty: it is not).

    What is shown of it: `value` and `day`, those of the last reading, else of the baseline; `estimate` must be said.
    `seen`: the past day it is looked at; None: today.
    """

    indicator: Indicator
    reading: Reading | None = None
    before: Reading | None = None
    stale: str = ""
    why: str = ""
    since: datetime | None = None
    checked_at: datetime | None = None
    seen: date | None = None

    @property
    def value(self) -> Decimal | None:
        if self.reading is not None:
            return self.reading.value
        return self.indicator.baseline.value if self.indicator.baseline else None

    @property
    def day(self) -> date | None:
        if self.reading is not None:
            return self.reading.date
        return self.indicator.baseline.date if self.indicator.baseline else None

    @property
    def estimate(self) -> bool:
        if self.reading is not None:
            return self.reading.quality != "mesure"
        return bool(self.indicator.baseline and self.indicator.baseline.estimate)

    @property
    def quality(self) -> str:
        """`mesure`, `estime`, `provisoire`; empty when there is nothing."""
        if self.reading is not None:
            return self.reading.quality
        return "" if self.indicator.baseline is None else "estime" if self.estimate else "mesure"

    @property
    def computed(self) -> bool:
        """Whether the platform computed it; else what is shown is the baseline that a document quotes."""
        return self.reading is not None

    @property
    def grey(self) -> bool:
        """Whether it may not be shown as true now: stale, or only a value of long ago."""
        return bool(self.stale) or not self.computed

    @property
    def stale_word(self) -> str:
        """Why it is stale, in words; empty when it is not."""
        return word_of(self.stale)

    @property
    def target(self) -> Target | None:
        """The next one that is due on the day it is looked at; the last when all are past."""
        targets = sorted(self.indicator.targets, key=lambda each: each.date)
        day = self.seen or today()
        coming = [each for each in targets if each.date >= day]
        return coming[0] if coming else targets[-1] if targets else None

    @property
    def progress(self) -> Decimal | None:
        """Of the way from the baseline to the target, per cent; None when one of the three is not known."""
        base, target, value = self.indicator.baseline, self.target, self.value
        if base is None or target is None or value is None or base.value == target.value or not self.computed:
            return None
        return ((value - base.value) / (target.value - base.value) * 100).quantize(Decimal(1))

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None when that cannot be told (no target, no value, a stale one)."""
        target, value = self.target, self.value
        if target is None or value is None or self.grey:
            return None
        if self.indicator.direction == "hausse":
            return value >= target.value
        if self.indicator.direction == "baisse":
            return value <= target.value
        return value == target.value

    @property
    def trend(self) -> int:
        """1: better than before; -1: worse; 0: the same, or not known."""
        if self.reading is None or self.before is None or self.reading.value is None or self.before.value is None:
            return 0
        moved = self.reading.value - self.before.value
        if not moved or self.indicator.direction == "cible":
            return 0
        return 1 if (moved > 0) == (self.indicator.direction == "hausse") else -1


def gauges(indicators: Iterable[Indicator], *, at: datetime | None = None) -> Mapping[str, Gauge]:
    """How each of these indicators (those of a chart) stands, by id; one query, however many they are."""
    wanted = tuple(indicators)
    if at is not None:
        return {each.id: _gauge_then(each, found, at) for each, found in _then(wanted, at)}
    rows = {each.indicator: each for each in Standing.objects.select_related("reading", "before")}
    return {each.id: _gauge(each, rows.get(each.id)) for each in wanted}


def gauge(indicator: Indicator, *, at: datetime | None = None) -> Gauge:
    """How one stands."""
    if at is not None:
        ((_, found),) = _then((indicator,), at)
        return _gauge_then(indicator, found, at)
    row = Standing.objects.select_related("reading", "before").filter(pk=indicator.id).first()
    return _gauge(indicator, row)


def readings(indicator: str, *, at: datetime | None = None) -> tuple[Reading, ...]:
    """Its series, oldest day first: of each day the reading that was computed last (before `at`)."""
    rows = Reading.objects.filter(indicator=indicator)
    if at is not None:
        rows = rows.filter(computed_at__lte=at)
    last = rows.values("date").annotate(last=Max("number")).values("last")
    return tuple(rows.filter(number__in=last).order_by("date"))


def series(indicators: Iterable[str], *, at: datetime | None = None) -> Mapping[str, tuple[Reading, ...]]:
    """The same of several, in one statement: id → its series."""
    rows = Reading.objects.filter(indicator__in=list(indicators))
    if at is not None:
        rows = rows.filter(computed_at__lte=at)
    found: dict[str, dict[date, Reading]] = {}
    for each in rows.defer("query", "cells").order_by("number"):
        found.setdefault(each.indicator, {})[each.date] = each
    return {id: tuple(days[day] for day in sorted(days)) for id, days in found.items()}


def _gauge(indicator: Indicator, row: Standing | None) -> Gauge:
    if row is None:
        return Gauge(indicator=indicator)
    stale, why, since = row.stale, row.why, row.since
    if not stale and row.reading is not None and is_late(indicator, row.reading.date, day=today()):
        stale = LATE
    return Gauge(
        indicator=indicator,
        reading=row.reading,
        before=row.before,
        stale=stale,
        why=why,
        since=since,
        checked_at=row.checked_at,
    )


def _gauge_then(indicator: Indicator, found: Reading | None, at: datetime) -> Gauge:
    """Of a past moment only lateness is known: what else made a value stale is kept of now alone."""
    day = at.astimezone(LOCAL).date()
    late = found is not None and is_late(indicator, found.date, day=day)
    return Gauge(indicator=indicator, reading=found, stale=LATE if late else "", seen=day)


def _then(indicators: tuple[Indicator, ...], at: datetime) -> Iterable[tuple[Indicator, Reading | None]]:
    """Of what was computed by a moment, the last day of each; one statement."""
    of_it = Reading.objects.filter(indicator=OuterRef("pk"), computed_at__lte=at).order_by("-date", "-number")
    wanted = Standing.objects.filter(pk__in=[each.id for each in indicators])
    last = wanted.annotate(then=Subquery(of_it.values("pk")[:1])).values("then")
    found = {each.indicator: each for each in Reading.objects.filter(pk__in=last)}
    return [(each, found.get(each.id)) for each in indicators]
