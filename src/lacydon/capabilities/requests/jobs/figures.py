"""The figures of the months that are over."""

from datetime import time

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import daily

from ..actions import figures


@daily(at=time(4, 0))
@job()
def publish_figures() -> None:
    """Every day: what a month without a worker, or an error, left out is made up for on the next."""
    figures.publish_figures()
