"""Who says a disruption, by the name riders know."""

from ...models import LiveSource
from .views import DisruptionView


def source_names(view: DisruptionView) -> list[str]:
    """The names of its sources; the identifier of one that is not a source of real time (a dataset)."""
    names = dict(LiveSource.objects.filter(pk__in=view.sources).values_list("pk", "name"))
    return [names.get(each, each) for each in view.sources]
