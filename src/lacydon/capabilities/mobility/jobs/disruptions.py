"""What sources say of disruptions is taken in as soon as it is heard."""

from collections import defaultdict

from lacydon.kernel.jobs import job
from lacydon.kernel.schedule import at_each_beat

from ..actions.disruptions import take_in
from ..actions.disruptions.datasets import take_in_dataset
from ..queries.live import Alert, SourceStatus, live

_taken: dict[str, int] = {}
"""Of this worker: what each source said last, by its identity; the same object again is not looked at."""


@at_each_beat
def hear_alerts() -> None:
    """All that the sources that answer say now. One that fails is left alone: what it said stays."""
    state = live()
    said: dict[str, list[Alert]] = defaultdict(list)
    for alert in state.alerts:
        said[alert.source].append(alert)
    for source in state.sources:
        if source.status in (SourceStatus.UP, SourceStatus.LATE):
            alerts = tuple(said.get(source.id, ()))
            fresh = hash(tuple((each.id, each.version, each.said_at) for each in alerts))
            if _taken.get(source.id) != fresh:
                take_in(source=source.id, alerts=alerts)
                _taken[source.id] = fresh


@job()
def hear_dataset(*, dataset: str) -> None:
    """A dataset that says disruptions has a new version."""
    take_in_dataset(dataset)
