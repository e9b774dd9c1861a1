"""Asking what became of the payments whose end nobody told."""

from django.db import transaction

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import at_each_beat

from ..actions import payments

MOST = 50


@job(attempts=1)
def ask(*, attempts: list[int]) -> None:
    """What fails is asked again at its next turn, not by this job."""
    payments.ask_again(attempts=attempts)


@at_each_beat
def ask_due() -> None:
    with transaction.atomic():
        if taken := payments.take_due(most=MOST):
            ask.enqueue(attempts=taken)
