"""What is seen is kept at each beat of a worker; days are closed and published at night."""

from datetime import time, timedelta

from lacydon.kernel.clock import today
from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import at_each_beat, daily

from ..actions import archive
from ..queries.punctuality import Wish, figures
from ..queries.punctuality.recipes import GROUPS


@at_each_beat
def record_what_is_seen() -> None:
    """Some fifteen seconds apart: what a worker that dies had not written is one beat."""
    archive.record()


@daily(at=time(5, 15))
@job()
def close_yesterday() -> None:
    """Each passage once; then the month as open data, and how sources answered."""
    closed = archive.close_days()
    months = {day.isoformat()[:7] for day in closed} | {(today() - timedelta(days=1)).isoformat()[:7]}
    for month in sorted(months):
        archive.publish_month(month=month)
        for by in GROUPS:
            figures(Wish(month), by=by)
    archive.publish_sources()
