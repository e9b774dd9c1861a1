"""Whose turn it is to ask a source: one process at a time, for a while; and how many questions are left this minute.

All of it is in one row a source, changed by statements that say in what state they expect it: no lock is held while the
network is waited for, and a process that was killed is replaced when its while is over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from ...models import LiveSource, LiveTurn

LEASE: Final = timedelta(seconds=30)
"""Longer than any question may last (ports.sources.PATIENCE)."""
MINUTE: Final = 60.0


def due(moment: datetime, *, kinds: Sequence[str]) -> list[str]:
    """Sources that nobody is asking and whose time has come."""
    free = Q(turn=None) | Q(turn__held_until=None) | Q(turn__held_until__lte=moment)
    ripe = Q(turn=None) | Q(turn__next_at=None) | Q(turn__next_at__lte=moment)
    found = LiveSource.objects.filter(free, ripe, enabled=True, kind__in=kinds)
    return list(found.order_by("turn__next_at").values_list("pk", flat=True))


def take(source: str, *, holder: str, moment: datetime) -> LiveTurn | None:
    """Take the turn of this source; None when another process was quicker."""
    LiveTurn.objects.get_or_create(source_id=source)
    free = Q(held_until=None) | Q(held_until__lte=moment)
    ripe = Q(next_at=None) | Q(next_at__lte=moment)
    taken = LiveTurn.objects.filter(free, ripe, source=source).update(holder=holder, held_until=moment + LEASE)
    if not taken:
        return None
    return LiveTurn.objects.select_related("source").get(source=source)


def failing(*, asked_before: datetime, next_after: datetime) -> list[LiveTurn]:
    """Sources that fail, that nobody asked since, and whose time has not come."""
    found = LiveTurn.objects.filter(failures__gt=0, asked_at__lte=asked_before, next_at__gt=next_after)
    return list(found.filter(source__enabled=True).select_related("source"))


def wake(source: str, *, moment: datetime) -> None:
    """Its time has come after all."""
    LiveTurn.objects.filter(source=source, next_at__gt=moment).update(next_at=moment)


def give_back(source: str, *, holder: str) -> None:
    """Leave it to the others at once: this process stops."""
    LiveTurn.objects.filter(source=source, holder=holder).update(holder="", held_until=None)


def give_all_back(*, holder: str) -> None:
    LiveTurn.objects.filter(holder=holder).update(holder="", held_until=None)


def hurry() -> None:
    """Every source that answers is due now."""
    LiveTurn.objects.filter(failures=0).update(next_at=None)


def wait_for_quota(spent: Sequence[float], *, per_minute: int, when: float) -> float:
    """Seconds to wait before another question; 0: now. `spent`: when each of the last ones was asked.

    Never more than `per_minute` in any sixty seconds. The first half goes as fast as people look; the rest is spread
    over what is left of the minute, so that somebody who comes late is not left without an answer.
    """
    if per_minute <= 0:
        return 0.0
    recent = sorted(each for each in spent if when - each < MINUTE)
    if len(recent) >= per_minute:
        return recent[-per_minute] + MINUTE - when
    if recent and len(recent) >= per_minute / 2:
        return max(0.0, recent[-1] + MINUTE / per_minute - when)
    return 0.0


def spend(turn: LiveTurn, *, when: float) -> bool:
    """Note one question of this minute, before it is asked; False when none is left. The holder only may."""
    if turn.source.per_minute <= 0:
        return True
    if wait_for_quota(turn.spent, per_minute=turn.source.per_minute, when=when) > 0:
        return False
    spent = [each for each in turn.spent if when - each < MINUTE] + [when]
    if not LiveTurn.objects.filter(source=turn.source_id, holder=turn.holder).update(spent=spent):
        return False
    turn.spent = spent
    return True
