"""Handing over and following up, in the background.

At each beat of a worker's heart (every 15 s), what is due is taken from the outbox and enqueued: the taking and the
jobs are one transaction. A request that was just opened does not wait for the beat: `deliver_now` is called once it is
committed, and whatever it misses the beat finds.
"""

from django.db import transaction

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import at_each_beat

from ..actions import delivery, following

MOST = 200
"""Taken at one beat; the next takes the rest."""
TOGETHER = 25
"""Asked about in one job."""


@job()
def deliver(*, delivery_id: str, turn: int) -> None:
    """One try."""
    delivery.attempt(delivery=delivery_id, turn=turn)


@job(attempts=1)
def pull_statuses(*, deliveries: list[str]) -> None:
    """Ask about each what became of it. What fails is asked again at its next turn, not by this job."""
    following.pull_all(deliveries=deliveries)


@transaction.atomic
def deliver_now(delivery_id: str) -> None:
    """Enqueue one that has just been put in the outbox."""
    for id, turn in delivery.take_due(most=1, only=delivery_id):
        deliver.enqueue(delivery_id=id, turn=turn)


@at_each_beat
def deliver_due() -> None:
    """Enqueue what is due: first tries that nobody announced, tries after a failure, tries that were interrupted."""
    with transaction.atomic():
        for id, turn in delivery.take_due(most=MOST):
            deliver.enqueue(delivery_id=id, turn=turn)


@at_each_beat
def follow_due() -> None:
    """Enqueue the questions whose turn it is."""
    with transaction.atomic():
        taken = following.take_pulls(most=MOST)
        for start in range(0, len(taken), TOGETHER):
            pull_statuses.enqueue(deliveries=taken[start : start + TOGETHER])
