"""How a source is doing, in a word and a sentence."""

import re
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


MACHINE: Final = r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?"
HOST: Final = re.compile(rf"«\s*(?:{MACHINE}|[a-z\d][a-z\d.-]*(?::\d+)?)\s*»|{MACHINE}")
"""A machine, an address: of no use to who waits for a bus, and not ours to tell to everybody."""


def health_of(source: LiveSource, moment: datetime, *, other_timetable: bool = False) -> SourceHealth:
    """As riders are told of it: the reason names the source, never a machine; `detail` is for agents."""
    turn: LiveTurn | None = getattr(source, "turn", None)
    status, reason = _status(source, turn, moment)
    if status is SourceStatus.UP and other_timetable:
        status = SourceStatus.LATE
        reason = _("Les horaires viennent de changer : « %s » va dire de nouveau ce qu’il en est.") % source.name
    return SourceHealth(
        id=source.pk,
        name=source.name,
        kind=source.kind,
        status=status,
        reason=reason,
        detail=turn.error if turn is not None and turn.failures else "",
        asked_at=turn.asked_at if turn else None,
        answered_at=turn.answered_at if turn else None,
        said_at=turn.said_at if turn else None,
        prefixes=tuple(source.prefixes),
    )


def without_machines(error: str) -> str:
    """What went wrong, without the machines that it names."""
    return HOST.sub(_("la source"), error)


def _status(source: LiveSource, turn: LiveTurn | None, moment: datetime) -> tuple[SourceStatus, str]:
    stale = timedelta(seconds=source.stale_after)
    if turn is None or turn.asked_at is None:
        return SourceStatus.NEVER, _("« %s » n’a encore rien dit.") % source.name
    if turn.failures and (turn.answered_at is None or moment - turn.answered_at > stale):
        words = {"name": source.name, "since": hour(turn.failing_since or turn.asked_at)}
        if turn.state.get("unreadable"):
            return SourceStatus.DOWN, _("« %(name)s » ne répond pas comme il faut depuis %(since)s.") % words
        return SourceStatus.DOWN, _("« %(name)s » ne répond pas depuis %(since)s.") % words
    words = {"name": source.name, "since": hour(turn.asked_at)}
    pace = max(source.every, RARELY if source.per_minute else 0)
    if moment - turn.asked_at > 3 * timedelta(seconds=pace) + FORGOTTEN + stale:
        return SourceStatus.DOWN, _("Nous ne demandons plus rien à « %(name)s » depuis %(since)s.") % words
    if turn.answered_at and turn.said_at and turn.answered_at - turn.said_at > stale:
        words["since"] = hour(turn.said_at)
        return SourceStatus.LATE, _("« %(name)s » répond, mais ce qui y est dit date de %(since)s.") % words
    return SourceStatus.UP, ""


def live_healths(kind: str) -> list[tuple[str, bool, str]]:
    """The sources of a connector, as `lacydon connectors` tells them: id, whether it works, in a sentence."""
    moment = clock.now()
    told = []
    for source in LiveSource.objects.filter(kind=kind, enabled=True).select_related("turn"):
        health = health_of(source, moment)
        sentence = " ".join(filter(None, (health.reason, health.detail))) or _(
            "Elle répond ; sa dernière réponse date de %s."
        ) % hour(health.said_at or moment)
        told.append((source.pk, health.status in (SourceStatus.UP, SourceStatus.NEVER), sentence))
    return told
