"""Background work of trust."""

import threading
import time
from datetime import timedelta

from lacydon.kernel.clock import now
from lacydon.kernel.jobs import job

from .actions.publication import publish_checkpoint

WITHIN = 10.0
"""Seconds after which a recorded entry is in the tree, when a worker is running."""
_due = 0.0
_lock = threading.Lock()


@job()
def publish() -> None:
    """Put what was recorded in the journal's tree and sign its head."""
    publish_checkpoint()


def publish_soon() -> None:
    """See that what was just committed is published within WITHIN seconds; one job at a time from each process."""
    global _due
    moment = time.monotonic()
    with _lock:
        if moment < _due:
            return
        _due = moment + WITHIN
    publish.using(run_after=now() + timedelta(seconds=WITHIN)).enqueue()
