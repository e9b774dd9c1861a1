"""Visiting catalogues in the background: at each beat of a worker's heart, those whose turn it is."""

from datetime import timedelta

from django.db import transaction

from lacydon.kernel.clock import now
from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import at_each_beat

from ..actions import copying, harvesting
from ..queries.harvests import due, to_copy

MOST = 5
"""Taken at one beat; the next takes the rest."""
TAKEN = timedelta(minutes=30)
"""A source that was taken is due again after that, should its job be lost."""


@job(attempts=3)
def harvest(*, source: str) -> None:
    """One visit. What goes wrong is told on the source's page, and its next turn is later."""
    if harvesting.harvest(source=source) is not None:
        for dataset in to_copy(source):
            copy_rows.enqueue(dataset=dataset)


@job(attempts=3)
def copy_rows(*, dataset: str) -> None:
    """The rows of one harvested dataset, where its source wants them here. Done twice, it does no more than once."""
    copying.copy_rows(dataset=dataset)


@at_each_beat
def harvest_due() -> None:
    """Enqueue the sources whose turn it is, each once: the turn is moved in the transaction that enqueues."""
    if not due(most=1):
        return
    with transaction.atomic():
        for source in harvesting.take_due(most=MOST, until=now() + TAKEN):
            harvest.enqueue(source=source)
