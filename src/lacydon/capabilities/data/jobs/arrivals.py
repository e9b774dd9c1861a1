"""Large files, the watched folder, and what is left over."""

from datetime import time

from lacydon.kernel.errors import Refused
from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import at_each_beat, daily

from ..actions import arrivals, inbox
from ..models import Arrival


@job(attempts=3)
def read_arrival(*, arrival: str) -> None:
    _working(arrival)


@job(attempts=3)
def prepare_arrival(*, arrival: str) -> None:
    _working(arrival, prepare=True)


def _working(id: str, *, prepare: bool = False) -> None:
    """What is refused is told on the page of the file, where it can be mended."""
    row = Arrival.objects.select_related("dataset").filter(pk=id).first()
    if row is None:
        return
    try:
        arrivals.prepare(arrival=row) if prepare else arrivals.read(arrival=row)
    except Refused as refusal:
        arrivals.give_up(arrival=row, why=str(refusal.sentence))


@job(attempts=1)
def look_into_the_inbox() -> None:
    inbox.take_from_inbox()


@at_each_beat
def look_at_the_inbox() -> None:
    """A look at names only: what is there is read by a job."""
    if inbox.is_waiting():
        look_into_the_inbox.enqueue()


@daily(at=time(3, 40))
@job()
def sweep_arrivals() -> None:
    arrivals.sweep()
