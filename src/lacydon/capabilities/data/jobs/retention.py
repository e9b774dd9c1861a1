"""Every night: what is not kept any more."""

from datetime import time

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import daily

from ..actions.retention import purge_versions, sweep


@daily(at=time(3, 45))
@job()
def tidy_the_lake() -> None:
    purge_versions()
    sweep()
