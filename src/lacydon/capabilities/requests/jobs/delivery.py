"""Handing over and following up, in the background.

At each beat of a worker's heart (every 15 s), what is due is taken from the outbox and enqueued: the taking and the
jobs are one transaction. A request that was just opened does not wait for the beat: `deliver_now` is called once it is
committed, and whatever it misses the beat finds.
"""

from datetime import time

from django.db import transaction

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import at_each_beat, daily

from ..actions import delivery, following, relaying

MOST = 200
"""Taken at one beat; the next takes the rest."""
TOGETHER = 25
"""Asked about in one job."""


@job()
def deliver(*, delivery_id: str, turn: int) -> None:
    """One try."""
    delivery.attempt(delivery=delivery_id, turn=turn)


@job()
def relay(*, delivery_id: str, turn: int) -> None:
    """What the resident did since it was handed over."""
    relaying.relay(delivery=delivery_id, turn=turn)


@job(attempts=1)
def pull_statuses(*, deliveries: list[str]) -> None:
    """Ask about each what became of it. What fails is asked again at its next turn, not by this job."""
    following.pull_all(deliveries=deliveries)


@transaction.atomic
def deliver_now(delivery_id: str) -> None:
    """Enqueue one that has just been put in the outbox."""
    for id, turn in delivery.take_due(most=1, only=delivery_id):
        deliver.enqueue(delivery_id=id, turn=turn)


@transaction.atomic
def relay_now(request: str) -> None:
    """Enqueue what a resident has just done, for the systems that have their request."""
    for id in relaying.mark_due(request=request):
        for taken, turn in delivery.take_due(most=1, only=id, states=delivery.HANDED):
            relay.enqueue(delivery_id=taken, turn=turn)


@daily(at=time(4, 0))
@job()
def relay_forgotten() -> None:
    """What was committed by a process that died before it said so."""
    relaying.mark_forgotten()


@at_each_beat
def deliver_due() -> None:
    """Enqueue what is due: first tries that nobody announced, tries after a failure, tries that were interrupted."""
    with transaction.atomic():
        for id, turn in delivery.take_due(most=MOST):
            deliver.enqueue(delivery_id=id, turn=turn)
        for id, turn in delivery.take_due(most=MOST, states=delivery.HANDED):
            relay.enqueue(delivery_id=id, turn=turn)


@at_each_beat
def follow_due() -> None:
    """Enqueue the questions whose turn it is."""
    with transaction.atomic():
        taken = following.take_pulls(most=MOST)
        for start in range(0, len(taken), TOGETHER):
            pull_statuses.enqueue(deliveries=taken[start : start + TOGETHER])
