"""Background work of trust."""

import threading
import time
from datetime import time as hour
from datetime import timedelta

import structlog

from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused
from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import daily

from .actions import exports
from .actions.publication import publish_checkpoint
from .actions.retention import purge_all
from .actions.witnesses import ask_witness
from .queries.witnesses import witnesses

WITHIN = 10.0
"""Seconds after which a recorded entry is in the tree, when a worker is running."""
log = structlog.get_logger("lacydon.journal")
_due = 0.0
_lock = threading.Lock()


@job()
def publish() -> None:
    """Put what was recorded in the journal's tree, sign its head, have it cosigned."""
    if publish_checkpoint() is None:
        return
    for witness in witnesses():
        try:
            ask_witness(witness)
        except Refused as refusal:  # the next publication asks again, with a proof from what it last signed
            log.warning("journal.witness-refused", witness=str(witness), sentence=str(refusal.sentence))


def publish_soon() -> None:
    """See that what was just committed is published within WITHIN seconds; one job at a time from each process."""
    global _due
    moment = time.monotonic()
    with _lock:
        if moment < _due:
            return
        _due = moment + WITHIN
    publish.using(run_after=now() + timedelta(seconds=WITHIN)).enqueue()


@daily(at=hour(3, 30))
@job()
def purge() -> None:
    """What has passed its time goes."""
    purge_all()


@job()
def make_export(*, export: str) -> None:
    """A large copy of one's data."""
    exports.make(export=export)
