"""Residents are told of what happens; what was not told is found again."""

from datetime import datetime, time, timedelta
from uuid import UUID

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.clock import now
from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import daily

from ..actions import telling
from ..queries.notifications import untold

FORGOTTEN = timedelta(minutes=5)
"""A step older than that and still untold was lost between its commit and its job: any later one finds it."""


@job(attempts=8)
def tell(*, request: str) -> None:
    """What is new of one request; then of those that were forgotten."""
    telling.tell(request, later=_later)
    _tell_forgotten()


@job(attempts=8)
def send(*, telling_id: str) -> None:
    """One text or notification."""
    telling.send(telling_id)


@daily(at=time(7, 30))
@job()
def sweep() -> None:
    """Whatever is still untold."""
    _tell_forgotten()


def _tell_forgotten() -> None:
    with trust.house():
        found = untold(before=now() - FORGOTTEN)
    for each in found:
        telling.tell(each, later=_later)


def _later(telling_id: UUID, moment: datetime | None) -> None:
    (send.using(run_after=moment) if moment else send).enqueue(telling_id=str(telling_id))
