"""Telling of new versions: one job finds whom, then one for each, so that a slow machine makes nobody wait."""

from datetime import time

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import daily

from ..actions import following
from ..models import Dataset, Hook


@job()
def tell(*, dataset: str, number: int) -> None:
    """Everybody who follows a dataset. Done twice, it tells nobody twice."""
    for each in following.waiting(id=dataset, number=number):
        following.tell_follower(subscription=each, number=number)
    for hook in Hook.objects.filter(dataset=dataset, stopped_at=None, told__lt=number).values_list("pk", flat=True):
        call.enqueue(hook=hook, number=number)


@job(attempts=8)
def call(*, hook: int, number: int) -> None:
    """One machine; what it does not take is tried again for about twenty minutes."""
    following.call(hook=hook, number=number)


@daily(at=time(5, 40))
@job()
def tell_what_was_missed() -> None:
    """A process that died between a publication and its telling: whoever was not told is told now."""
    for id, number in Dataset.objects.filter(current__isnull=False).values_list("pk", "current__number"):
        behind = Hook.objects.filter(dataset=id, stopped_at=None, told__lt=number).exists()
        if behind or following.waiting(id=id, number=number):
            tell.enqueue(dataset=id, number=number)
