"""Measuring indicators: what their sources say now is written beside what was said; the journal tells what moved.

What cannot be computed any more is marked stale with its reason; its last value stays, and stays grey. It is never
computed again over other columns until somebody says so (`accept_columns`), or changes its definition.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import Draft, record_all
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Conflict
from lacydon.kernel.events import publish
from lacydon.kernel.snapshots import hold

from ...events import IndicatorMoved
from ...models import Reading, Standing
from ...queries.chart import chart
from ...queries.indicators.asking import hash_of
from ...queries.indicators.cells import Value, plain
from ...queries.indicators.computing import Computed, Stale, computed, figures, of_figure, pinned
from ...queries.indicators.staleness import FIGURE, PATIENCE, SCHEMA
from ...queries.nouns import Indicator
from ...queries.nouns.indicators import Source

WRITING = "agenda.readings"
"""Readings are numbered by one at a time."""


@dataclass(slots=True, kw_only=True)
class _Outcome:
    """What was found of an indicator: values, or why there are none; neither: as it stood."""

    indicator: Indicator
    source: str
    found: Computed | None = None
    stale: Stale | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How many indicators were looked at, moved, became stale."""

    asked: int
    moved: int
    stale: int


def measure(
    *, indicators: Iterable[str] | None = None, dataset: str = "", actor: Actor = MACHINE, anew: bool = False
) -> Measured:
    """Compute these indicators (all of them without), or those that read a dataset.

    What reads the same version by the same question is not asked again, unless `anew`. Raises Unavailable when the
    engine is busy: a job tries again.
    """
    wanted = None if indicators is None else frozenset(indicators)
    chosen = [
        each
        for each in chart().all(Indicator)
        if each.source is not None
        and (wanted is None or each.id in wanted)
        and (not dataset or dataset == each.source.dataset or dataset in each.source.query)
    ]
    stood = {each.indicator: each for each in Standing.objects.select_related("reading")}
    offered = figures() if any(each.source and each.source.figure for each in chosen) else {}
    outcomes = []
    for each in chosen:
        assert each.source is not None
        outcomes.append(_outcome(each, each.source, stood.get(each.id), offered, anew=anew))
    return _kept(outcomes, actor=actor)


def accept_columns(*, indicator: str, actor: Actor) -> Measured:
    """Compute over the columns that are now an indicator whose dataset changed its own: somebody looked at it.

    Raises Conflict when nothing of the kind waits.
    """
    one = chart().one(Indicator, indicator)
    with transaction.atomic():
        if not Standing.objects.filter(pk=one.id, stale=SCHEMA).update(columns={}):
            raise Conflict(_("Les colonnes de cet indicateur n’ont pas changé."))
        record_all([Draft(actor=actor, action="agenda.accept-columns", purpose="agenda", object=f"indicator:{one.id}")])
    return measure(indicators=[one.id], actor=actor, anew=True)


def _outcome(each: Indicator, source: Source, stood: Standing | None, offered: Any, *, anew: bool) -> _Outcome:
    outcome = _Outcome(indicator=each, source=hash_of(source))
    same = stood is not None and stood.source == outcome.source
    try:
        if source.figure:
            outcome.found = of_figure(source, offered)
            return outcome
        at = pinned(source, columns=stood.columns if stood and same else {})
        last = stood.reading if stood and same and not stood.stale else None
        if anew or last is None or (last.query_hash, last.content) != (at.query_hash, at.content):
            outcome.found = computed(source, at)
    except Stale as stale:
        outcome.stale = stale
    return outcome


def _kept(outcomes: list[_Outcome], *, actor: Actor) -> Measured:
    if not outcomes:
        return Measured(asked=0, moved=0, stale=0)
    with transaction.atomic():
        hold(WRITING)
        at = now()
        ids = [each.indicator.id for each in outcomes]
        standings = {each.indicator: each for each in Standing.objects.filter(pk__in=ids).select_related("reading")}
        series = _series([each.indicator.id for each in outcomes if each.found is not None])
        made: list[_Written] = []
        for each in outcomes:
            standing = standings.setdefault(
                each.indicator.id, Standing(indicator=each.indicator.id, checked_at=at)
            )  # fmt: skip
            made.append(_compared(each, standing, series.get(each.indicator.id, {}), at=at))
        told = [each for each in made if each.said]
        entries = record_all(
            Draft(
                actor=actor, action=each.action, purpose="agenda", object=f"indicator:{each.standing.indicator}",
                basis=each.said[:200],
            )
            for each in told
        )  # fmt: skip
        for said, entry in zip(told, entries, strict=True):
            said.entry = entry
        _write(made)
        for one in made:
            if one.moved:
                publish(IndicatorMoved(indicator=one.standing.indicator, before=one.before, after=one.after))
    return Measured(
        asked=len(outcomes), moved=sum(each.moved for each in made), stale=sum(bool(e.standing.stale) for e in made)
    )


@dataclass(slots=True, kw_only=True)
class _Written:
    standing: Standing
    readings: list[Reading]
    action: str = ""
    said: str = ""
    """For the journal; empty: nothing to tell."""
    moved: bool = False
    before: Decimal | None = None
    after: Decimal | None = None
    entry: UUID | None = None
    newest: Reading | None = None
    previous: Reading | None = None


def _series(ids: list[str]) -> dict[str, dict[Any, Reading]]:
    """Of each of these, day → the reading computed last."""
    found: dict[str, dict[Any, Reading]] = {}
    for each in Reading.objects.filter(indicator__in=ids).order_by("number"):
        found.setdefault(each.indicator, {})[each.date] = each
    return found


def _compared(outcome: _Outcome, standing: Standing, days: dict[Any, Reading], *, at: datetime) -> _Written:
    """What is to be written of an indicator, of what was found and what stood."""
    written = _Written(standing=standing, readings=[])
    standing.checked_at = at
    if outcome.stale is not None and outcome.stale.reason == FIGURE and standing.reading is None:
        standing.source = outcome.source
        return written  # the platform does not give it yet: nothing went
    if outcome.stale is not None:
        reason, why = outcome.stale.reason, outcome.stale.why[:500]
        if (standing.stale, standing.why) != (reason, why):
            written.action, written.said = "agenda.doubt", f"{reason} {why}"
            standing.stale, standing.why, standing.since = reason, why, standing.since or at
        if reason != SCHEMA:
            standing.source = outcome.source
        return written
    if outcome.found is None:
        return written
    found = outcome.found
    written.before = standing.reading.value if standing.reading else None
    number = max((each.number for each in days.values()), default=0)
    last = found.values[-1]
    for value in found.values:
        if _already(days.get(value.date), value, found, last=value is last, days=days, indicator=outcome.indicator):
            continue
        number += 1
        row = _row(outcome, value, number=number, at=at)
        written.readings.append(row)
        days[value.date] = row
    ordered = sorted(days)
    if ordered:
        written.newest = days[ordered[-1]]
        written.previous = days[ordered[-2]] if len(ordered) > 1 else None
        written.after = written.newest.value
    was_stale = bool(standing.stale)
    standing.stale, standing.why, standing.since = "", "", None
    standing.source = outcome.source
    standing.columns = dict(found.pinned.columns) if found.pinned else {}
    written.moved = written.before != written.after
    if written.readings or was_stale:
        origin = f"{found.pinned.dataset}@{found.pinned.version}" if found.pinned else found.figure
        shown = [("–" if each is None else plain(each)) for each in (written.before, written.after)]
        written.action, written.said = "agenda.measure", f"{origin} : {' → '.join(shown)}"
    return written


def _already(
    stands: Reading | None, value: Value, found: Computed, *, last: bool, days: dict[Any, Reading], indicator: Indicator
) -> bool:
    """Whether this is said already. The last day is said again when its evidence is another."""
    if found.pinned is None and days:
        # The figure of a capability may be given anew each day: the same one is kept now and then.
        newest = days[max(days)]
        young = (value.date - newest.date).days < PATIENCE.get(indicator.frequency, 90) // 3
        if young and _said(newest) == _said(value):
            return True
    if stands is None or _said(stands) != _said(value):
        return False
    evidence = (found.pinned.query_hash, found.pinned.content) if found.pinned else ("", "")
    return not last or (stands.query_hash, stands.content) == evidence


def _said(each: Reading | Value) -> tuple[Any, ...]:
    return each.value, each.lower, each.upper, each.quality, dict(each.cells)


def _row(outcome: _Outcome, value: Value, *, number: int, at: datetime) -> Reading:
    found = outcome.found
    assert found is not None
    source = outcome.indicator.source
    row = Reading(
        indicator=outcome.indicator.id, number=number, date=value.date, value=value.value, lower=value.lower,
        upper=value.upper, quality=value.quality, cells=dict(value.cells), suppressed=value.suppressed,
        figure=found.figure, comment=found.comment, computed_at=at, min_cell=source.min_cell if source else 0,
    )  # fmt: skip
    if found.pinned is not None:
        row.dataset, row.version, row.content = found.pinned.dataset, found.pinned.version, found.pinned.content
        row.query, row.query_hash = found.pinned.query, found.pinned.query_hash
    return row


def _write(made: list[_Written]) -> None:
    rows = [row for each in made for row in each.readings]
    for each in made:
        for row in each.readings:
            assert each.entry is not None
            row.entry = each.entry
    Reading.objects.bulk_create(rows, batch_size=500)
    for each in made:
        if each.newest is not None:
            each.standing.reading, each.standing.before = each.newest, each.previous
    Standing.objects.bulk_create(
        [each.standing for each in made],
        update_conflicts=True,
        unique_fields=["indicator"],
        update_fields=["reading", "before", "stale", "why", "since", "source", "columns", "checked_at"],
    )
