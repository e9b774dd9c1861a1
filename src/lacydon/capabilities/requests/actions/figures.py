"""Publishing the figures of requests: once a month, the same for ever."""

from django.db import IntegrityError, transaction

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.clock import now, today
from lacydon.kernel.snapshots import moved

from ..models import PublishedFigures
from ..queries.figures import SNAPSHOT, content, period
from ..queries.tallies import tallies


def publish_figures() -> bool:
    """Work out and publish the figures of the twelve months that are over, unless they are; whether it had to."""
    since, until = period(today())
    if PublishedFigures.objects.filter(pk=until).exists():
        return False
    with trust.house():
        counted = content(tallies(since=since, until=until), since=since, until=until)
    try:
        with transaction.atomic():
            PublishedFigures.objects.create(until=until, made_at=now(), content=counted)
            moved(SNAPSHOT)
    except IntegrityError:  # another process was faster
        return False
    return True
