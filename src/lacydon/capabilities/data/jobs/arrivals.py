"""Large files, the watched folder, and what is left over."""

from datetime import time

from lacydon.kernel.errors import Refused
from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import at_each_beat, daily

from ..actions import arrivals
from ..models import Arrival


@job(attempts=3)
def read_arrival(*, arrival: str) -> None:
    row = Arrival.objects.filter(pk=arrival).first()
    if row is not None:
        arrivals.read(arrival=row)


@job(attempts=3)
def publish_arrival(*, arrival: str) -> None:
    """What is refused is told on the page of the file, where it can be mended."""
    row = Arrival.objects.select_related("dataset", "version").filter(pk=arrival).first()
    if row is None:
        return
    try:
        arrivals.publish(arrival=row, actor=arrivals.sender_of(row))
    except Refused as refusal:
        row.refresh_from_db()
        row.report = {**row.report, "trouble": str(refusal.sentence)}
        row.progress = 0
        row.save(update_fields=["report", "progress"])


@job(attempts=1)
def look_into_the_inbox() -> None:
    arrivals.take_from_inbox()


@at_each_beat
def look_at_the_inbox() -> None:
    """A look at names only: what is there is read by a job."""
    if arrivals.is_waiting():
        look_into_the_inbox.enqueue()


@daily(at=time(3, 40))
@job()
def sweep_arrivals() -> None:
    arrivals.sweep()
