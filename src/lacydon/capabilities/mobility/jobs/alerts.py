"""Telling of disruptions: looked for at each beat of a worker (some fifteen seconds), one job a message."""

from datetime import datetime, time

from lacydon.kernel.clock import now
from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import at_each_beat, daily

from ..actions import alerts
from ..models import AlertTold, Disruption


@job()
def tell(*, disruption: int) -> None:
    """Everybody whom it concerns. Done twice, it tells nobody twice."""
    alerts.tell(disruption=disruption, later=_later)


@job(attempts=8)
def send(*, telling: int) -> None:
    """One letter or notification; what the push service does not take is tried again for about twenty minutes."""
    alerts.send(telling=telling)


@at_each_beat
def tell_what_is_new() -> None:
    """What was published, foreseen for now, or said by a source since; and what a worker that died left unsent."""
    for each in alerts.waiting():
        alerts.tell(disruption=each, later=_later)


@daily(at=time(12, 0))
@job()
def tell_what_comes() -> None:
    """Works announced long before: whoever they concern within a week from now is told. And what was left unsent."""
    current = Disruption.objects.filter(state=Disruption.State.PUBLISHED).exclude(ends_at__lt=now())
    for each in current.exclude(shown_from__gt=now()).values_list("pk", flat=True):
        alerts.tell(disruption=each, later=_later)
    for each in AlertTold.objects.filter(sent_at=None, due_at__lt=now()).values_list("pk", flat=True)[:5_000]:
        send.enqueue(telling=each)


def _later(telling: int, due: datetime) -> None:
    (send.using(run_after=due) if due > now() else send).enqueue(telling=telling)
