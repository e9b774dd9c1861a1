"""Timetables in the background: fetched each night, merged again after a decision, old ones removed."""

from datetime import time

from lacydon.kernel.errors import Refused
from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import daily

from ..actions import feeds as acts
from ..actions.fetching import fetch_feed
from ..models import Feed


@job(attempts=3)
def fetch(*, feed: str) -> None:
    """One feed. What goes wrong is on its page; a source that does not answer is asked again the next night."""
    try:
        fetch_feed(feed=feed)
    except Refused:
        return


@daily(at=time(3, 10))
@job()
def fetch_all() -> None:
    """Each feed that has an address; then the timetables as they are are merged again: communes may have changed."""
    for feed in Feed.objects.exclude(url="").values_list("pk", flat=True):
        fetch.enqueue(feed=feed)
    remerge.enqueue()


@job(attempts=3)
def remerge() -> None:
    """After a decision on quays."""
    acts.remerge()


@daily(at=time(4, 20))
@job()
def tidy() -> None:
    acts.tidy()
