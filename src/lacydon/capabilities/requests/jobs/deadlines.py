"""What time does to requests, once a day."""

from datetime import time

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import daily

from ..actions.deadlines import pass_time


@daily(at=time(4, 10))
@job()
def lapse() -> None:
    """Silences that decide, warnings, reminders."""
    pass_time()
