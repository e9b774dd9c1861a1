"""Each night, and after each vote, the public agenda goes to the harbour."""

from datetime import time

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import daily

from ..actions.opening import publish_agenda


@daily(at=time(4, 40))
@job()
def publish() -> None:
    publish_agenda()
