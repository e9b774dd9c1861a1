"""Background work of the desk: thin."""

from datetime import time

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import daily

from ..actions import bulk as acts
from ..actions.digest import post_digests
from ..actions.merging import tell_who_follows


@job()
def carry_on_bulk(*, bulk: str) -> None:
    acts.carry_on(bulk=bulk)


@job()
def tell_followers(*, main: str) -> None:
    """A request was closed: those whose own was joined to it are told."""
    tell_who_follows(main=main)


@daily(at=time(5, 0))
@job()
def carry_on_forgotten_bulks() -> None:
    acts.carry_on_forgotten()


@daily(at=time(5, 10))
@job()
def tell_all_followers() -> None:
    """What a process that died had not told."""
    tell_who_follows()


@daily(at=time(7, 45))
@job()
def tell_lateness() -> None:
    """Agents are told what is late, or nearly."""
    post_digests()
