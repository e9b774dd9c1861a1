"""When indicators moved: from which value to which, by which version of which data, at which line of the journal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from lacydon.capabilities.trust.public import Doer, doers_of

from ...models import Reading
from ..nouns import Indicator
from .words import with_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One computing that wrote something. `before`: what was said until then; `first`: nothing was."""

    indicator: str
    at: datetime
    before: Decimal | None
    after: Decimal | None
    day: date
    first: bool
    dataset: str
    version: int | None
    figure: str
    doer: Doer | None


def from_to(each: Movement, indicator: Indicator) -> str:
    """« 2 728 places → 3 228 places », or its first value."""
    after = with_unit(each.after, indicator)
    return after if each.first else f"{with_unit(each.before, indicator)} → {after}"


def movements(
    indicators: Iterable[str],
    *,
    limit: int,
    since: datetime | None = None,
    until: datetime | None = None,
    at: Iterable[datetime] | None = None,
) -> list[Movement]:
    """Those that changed what is said of these indicators, the latest first; a first value is one too.

    `at`: only those of these measurings.
    """
    wanted = _among(indicators, until)
    if since is not None:
        wanted = wanted.filter(computed_at__gt=since)
    if at is not None:
        wanted = wanted.filter(computed_at__in=list(at))
    return _told(list(_moving(wanted).order_by("-computed_at", "indicator")[:limit]))


def measurings(*, indicators: Iterable[str], limit: int, until: datetime | None = None) -> list[datetime]:
    """The last moments at which something of these indicators was measured anew."""
    rows = _moving(_among(indicators, until))
    return list(rows.order_by("-computed_at").values_list("computed_at", flat=True).distinct()[:limit])


def _among(indicators: Iterable[str], until: datetime | None) -> QuerySet[Reading]:
    rows = Reading.objects.filter(indicator__in=list(indicators))
    return rows if until is None else rows.filter(computed_at__lte=until)


def _moving(wanted: QuerySet[Reading]) -> QuerySet[Reading]:
    """Of each computing among these the last day, when it was the newest of its indicator and said another value."""
    ours = Reading.objects.filter(indicator=OuterRef("indicator"))
    written = ours.filter(computed_at__lte=OuterRef("computed_at")).order_by("-date", "-number")
    earlier = ours.filter(computed_at__lt=OuterRef("computed_at")).order_by("-date", "-number")
    last = wanted.values("indicator", "computed_at").annotate(last=Max("pk")).values("last")
    rows = Reading.objects.filter(pk__in=last).alias(newest=Subquery(written.values("pk")[:1]))
    rows = rows.annotate(was=Subquery(earlier.values("value")[:1]), was_one=Subquery(earlier.values("pk")[:1]))
    return rows.filter(newest=F("pk")).exclude(SAME)


SAME = Q(was_one__isnull=False) & (Q(was=F("value")) | Q(was__isnull=True, value__isnull=True))


def _told(rows: list[Reading]) -> list[Movement]:
    doers = doers_of((each.entry for each in rows), capability="agenda")
    return [
        Movement(
            indicator=each.indicator, at=each.computed_at, before=each.was, after=each.value, day=each.date,  # type: ignore[attr-defined]
            first=each.was_one is None, dataset=each.dataset, version=each.version, figure=each.figure,  # type: ignore[attr-defined]
            doer=doers.get(each.entry),
        )
        for each in rows
    ]  # fmt: skip
