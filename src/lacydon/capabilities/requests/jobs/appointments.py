"""Writing to who comes: soon after each change, again while it fails, and on the day before."""

from datetime import time

from django.db import transaction

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import at_each_beat, daily

from ..actions import appointments

MOST = 100


@job()
def tell(*, appointment: str) -> None:
    appointments.tell(appointment=appointment)


@at_each_beat
def tell_late() -> None:
    """What no job wrote."""
    with transaction.atomic():
        for id in appointments.take_untold(most=MOST):
            tell.enqueue(appointment=id)


@daily(at=time(9, 0))
@job()
def remind() -> None:
    """Those who come tomorrow."""
    appointments.remind()
