"""How a source is doing, in a word and a sentence."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from lacydon.kernel import clock
from lacydon.kernel.clock import hour

from ...models import LiveSource, LiveTurn
from .nouns import SourceHealth, SourceStatus

FORGOTTEN: Final = timedelta(minutes=1)
"""Beyond three of its turns: nobody asks this source any more."""
RARELY: Final = 300
"""Seconds between two questions to a source asked on demand that nobody looks at."""


def health_of(source: LiveSource, moment: datetime, *, other_timetable: bool = False) -> SourceHealth:
    """As riders are told of it."""
    turn: LiveTurn | None = getattr(source, "turn", None)
    status, reason = _status(source, turn, moment)
    if status is SourceStatus.UP and other_timetable:
        status = SourceStatus.LATE
        reason = _("Les horaires viennent de changer : cette source est interrogée de nouveau.")
    return SourceHealth(
        id=source.pk,
        name=source.name,
        kind=source.kind,
        status=status,
        reason=reason,
        asked_at=turn.asked_at if turn else None,
        answered_at=turn.answered_at if turn else None,
        said_at=turn.said_at if turn else None,
        prefixes=tuple(source.prefixes),
    )


def _status(source: LiveSource, turn: LiveTurn | None, moment: datetime) -> tuple[SourceStatus, str]:
    stale = timedelta(seconds=source.stale_after)
    if turn is None or turn.asked_at is None:
        return SourceStatus.NEVER, _("Cette source n’a pas encore été interrogée.")
    if turn.failures and (turn.answered_at is None or moment - turn.answered_at > stale):
        since = turn.failing_since or turn.asked_at
        words = {"error": turn.error.rstrip(". "), "since": hour(since)}
        return SourceStatus.DOWN, _("%(error)s (depuis %(since)s).") % words
    pace = max(source.every, RARELY if source.per_minute else 0)
    if moment - turn.asked_at > 3 * timedelta(seconds=pace) + FORGOTTEN + stale:
        return SourceStatus.DOWN, _("Cette source n’est plus interrogée depuis %s.") % hour(turn.asked_at)
    if turn.answered_at and turn.said_at and turn.answered_at - turn.said_at > stale:
        return SourceStatus.LATE, _("La source répond, mais ce qu’elle dit date de %s.") % hour(turn.said_at)
    return SourceStatus.UP, ""


def live_healths(kind: str) -> list[tuple[str, bool, str]]:
    """The sources of a connector, as `lacydon connectors` tells them: id, whether it works, in a sentence."""
    moment = clock.now()
    told = []
    for source in LiveSource.objects.filter(kind=kind, enabled=True).select_related("turn"):
        health = health_of(source, moment)
        sentence = health.reason or _("Elle répond ; sa dernière réponse date de %s.") % hour(health.said_at or moment)
        told.append((source.pk, health.status in (SourceStatus.UP, SourceStatus.NEVER), sentence))
    return told
