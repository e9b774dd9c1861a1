"""Each morning, who answers for what evaluations ask is told what is near, or late."""

from datetime import time

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import daily

from ..actions.reminding import remind


@daily(at=time(7, 50))
@job()
def tell_what_is_due() -> None:
    remind()
