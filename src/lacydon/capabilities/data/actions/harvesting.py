"""Visiting a catalogue: what is new there becomes a dataset here, what changed changes it, what is gone is withdrawn.

A visit holds no transaction over the network: records are taken a hundred at a time, each hundred in one transaction
that also notes how far the visit has come. Killed in between, what was taken stays, and the next visit says that this
one was interrupted, then goes on from there. Only one visit of a source is under way (a constraint says so); one whose
worker has not given a sign of life for `queries.harvests.LEASE` is over.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused

from ..models import Harvest, Source
from ..ports import Catalogue, Record, Visit, VisitLimits, VisitOver, catalogues
from ..queries.harvests import due, is_under_way
from .records import Taking, settle_missing

TOGETHER: Final = 100
WHOLE_EVERY: Final = timedelta(hours=20)
"""Between two visits that list all of it, so that what is gone is seen; those between ask for what changed."""
MARGIN: Final = timedelta(hours=1)
"""Clocks differ, and a catalogue may index late."""
RESUME_WITHIN: Final = timedelta(days=1)
"""After that, a visit that was cut short begins again."""
KEPT: Final = 200
"""Visits of a source that stay on record."""
SOON: Final = timedelta(minutes=10)
FIRST_WAIT: Final = timedelta(minutes=15)
LONGEST_WAIT: Final = timedelta(days=1)

log = structlog.get_logger("lacydon.harvest")


class _Superseded(Exception):  # noqa: N818
    """Another worker took this visit for dead: it is theirs now."""


def harvest(*, source: str, limits: VisitLimits = VisitLimits()) -> Harvest | None:  # noqa: B008 (frozen)
    """Visit a source now; None when another worker is at it. What goes wrong is told in `failure` and `faults`."""
    run = _begin(source)
    if run is None:
        return None
    row = Source.objects.get(pk=source)
    kind = catalogues.get(row.kind)
    if kind is None:
        return _end(run, row, None, failure=_("Aucun connecteur ne s’appelle « %s ».") % row.kind)
    try:
        visit = _visit(row, limits, run.started_at)
    except Refused as refusal:
        return _end(run, row, None, failure=str(refusal.sentence))
    taking = Taking(source=row, run=run, since=_begun(row, run.started_at))
    cut = False
    failure = ""
    try:
        failure, cut = _listed(visit, kind, taking, run, row)
        return _end(run, row, visit, failure=failure, cut=cut, taking=taking)
    except _Superseded:
        log.warning("harvest.superseded", source=source)
        return None


def _begin(source: str) -> Harvest | None:
    """A row that says a visit is under way; a dead one's is closed first. None when one is alive."""
    try:
        with transaction.atomic():
            Source.objects.select_for_update().get(pk=source)
            moment = now()
            under_way = Harvest.objects.filter(source_id=source, ended_at=None).first()
            if under_way is not None:
                if is_under_way(under_way):
                    return None
                Harvest.objects.filter(pk=under_way.pk).update(
                    ended_at=moment, failure=_("Interrompue : le programme s’est arrêté en cours de visite.")
                )
            return Harvest.objects.create(source_id=source, started_at=moment, beat_at=moment)
    except IntegrityError:  # the other one was a moment faster
        return None


def _visit(row: Source, limits: VisitLimits, moment: datetime) -> Visit:
    """What the connector is told. Raises AddressRefused."""
    state = dict(row.state)
    resumed = _begun(row, moment) != moment
    whole_due = row.whole_at is None or moment - row.whole_at >= WHOLE_EVERY
    good = Harvest.objects.filter(source=row, failure="").exclude(ended_at=None).order_by("-started_at").first()
    since = None if whole_due or good is None else good.started_at - MARGIN
    if resumed:
        since = datetime.fromisoformat(state["since"]) if state.get("since") else None
    return Visit(
        url=row.url,
        options=row.options,
        state=state.get("connector", {}),
        since=since,
        cursor=state.get("cursor") if resumed else None,
        limits=limits,
    )


def _begun(row: Source, moment: datetime) -> datetime:
    """When the listing began that this visit goes on with: now, unless one was cut short."""
    if row.state.get("cursor") is None or not row.state.get("begun"):
        return moment
    begun = datetime.fromisoformat(row.state["begun"])
    return begun if moment - begun < RESUME_WITHIN else moment


def _listed(visit: Visit, kind: Catalogue, taking: Taking, run: Harvest, row: Source) -> tuple[str, bool]:
    """List the catalogue and take what it has; why it ended early, and whether only because it had taken all it may."""
    batch: list[Record] = []
    failure, cut = "", False
    try:
        for record in _bounded(visit, kind):
            batch.append(record)
            if len(batch) >= TOGETHER:
                _take(batch, visit, taking, run, row)
                batch = []
    except VisitOver as over:
        failure, cut = str(over.sentence), visit.cursor is not None
    except Refused as refusal:
        failure = str(refusal.sentence)
    except _Superseded:
        raise
    except Exception as error:
        log.exception("harvest.failed", source=row.pk)
        failure = (
            _("Le catalogue a répondu une chose imprévue (%s) : signalez-le à l’exploitant.") % type(error).__name__
        )
    _take(batch, visit, taking, run, row)
    return failure, cut


def _bounded(visit: Visit, kind: Catalogue) -> Iterator[Record]:
    """Each record once, up to the limits of a visit. Raises VisitOver, Unavailable."""
    seen: set[str] = set()
    for record in kind.records(visit):
        visit.check_limits()
        if record.identifier in seen:
            continue
        seen.add(record.identifier)
        if len(seen) > visit.most_records:
            raise VisitOver(_("Ce catalogue a plus de %d jeux : la suite à la prochaine visite.") % visit.most_records)
        yield record


def _take(batch: list[Record], visit: Visit, taking: Taking, run: Harvest, row: Source) -> None:
    """A hundred records and the faults met on the way, in one transaction, with how far this came."""
    with transaction.atomic():
        if not Harvest.objects.select_for_update().filter(pk=run.pk, ended_at=None).exists():
            raise _Superseded
        taking.take(batch, faults=visit.faults)
        visit.faults.clear()
        run.beat_at = now()
        run.save(update_fields=["beat_at", "found", "added", "changed", "same", "faults"])
        if visit.cursor is not None:
            since = visit.since.isoformat() if visit.since else None
            row.state = {**row.state, "cursor": visit.cursor, "begun": taking.since.isoformat(), "since": since}
            Source.objects.filter(pk=row.pk).update(state=row.state)


def _end(
    run: Harvest,
    row: Source,
    visit: Visit | None,
    *,
    failure: str,
    cut: bool = False,
    taking: Taking | None = None,
) -> Harvest:
    """Close the visit: withdraw what is gone, if it listed all; say when the next is."""
    moment = now()
    with transaction.atomic():
        fresh = Source.objects.select_for_update().get(pk=row.pk)
        if not Harvest.objects.select_for_update().filter(pk=run.pk, ended_at=None).exists():
            raise _Superseded
        listed = visit is not None and not failure and (visit.whole or visit.unchanged)
        if visit is not None and taking is not None and listed and not visit.nameless:
            run.whole = True
            run.removed = settle_missing(source=fresh, seen_since=taking.since, unchanged=visit.unchanged)
            fresh.whole_at = moment
        if visit is not None and not failure:
            fresh.state = {"connector": _kept(visit, fresh.state, clean=not run.faults)}
        over = cut and run.found > 0  # going on from where the last visit stopped gained something
        fresh.failures = 0 if not failure or over else fresh.failures + 1
        fresh.next_at = moment + (SOON if over else _wait(fresh) if failure else timedelta(hours=fresh.every_hours))
        fresh.save(update_fields=["state", "whole_at", "failures", "next_at"])
        run.ended_at, run.failure = moment, failure
        run.save(update_fields=["ended_at", "failure", "whole", "removed"])
        old = list(Harvest.objects.filter(source=fresh).values_list("pk", flat=True)[KEPT : KEPT + TOGETHER])
        Harvest.objects.filter(pk__in=old).delete()
    log.info("harvest.done", source=row.pk, found=run.found, added=run.added, changed=run.changed, failure=failure)
    return run


def _kept(visit: Visit, state: dict[str, Any], *, clean: bool) -> dict[str, Any]:
    """What the connector is told next time. While faults are left, even an unchanged catalogue is read again."""
    if visit.unchanged:
        return dict(state.get("connector", {}))
    return visit.kept if clean else {}


def _wait(row: Source) -> timedelta:
    """After failures in a row: longer and longer, a day at most."""
    return min(FIRST_WAIT * 2 ** min(row.failures - 1, 10), LONGEST_WAIT)


def take_due(*, most: int, until: datetime) -> list[str]:
    """The sources whose turn it is; their next turn is `until` meanwhile. In the caller's transaction.

    Two workers at once: the second waits for the rows on PostgreSQL, and for the first one's commit on SQLite; what it
    then reads is not due any more.
    """
    taken = []
    for source in due(most=most):
        moved_on = Source.objects.filter(pk=source, active=True).filter(Q(next_at=None) | Q(next_at__lte=now()))
        if moved_on.update(next_at=until):
            taken.append(source)
    return taken
