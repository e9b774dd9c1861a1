"""Sources of real time as the territory's folder describes them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from lacydon.kernel import clock

from ...models import LiveHour, LiveSource

KEPT: Final = timedelta(days=400)
"""How long the availability of a source, hour by hour, is kept."""


def save_sources(*, described: Sequence[dict[str, Any]]) -> int:
    """Make the sources those of the folder, in its order; how many rows changed. Loading twice changes nothing."""
    changed = 0
    wanted = {each["id"]: {**each, "position": n} for n, each in enumerate(described)}
    for gone in LiveSource.objects.exclude(pk__in=wanted):
        gone.delete()
        changed += 1
    for id, values in wanted.items():
        source = LiveSource.objects.filter(pk=id).first()
        if source is None:
            LiveSource.objects.create(**values)
            changed += 1
        elif any(getattr(source, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(source, name, value)
            source.save()
            changed += 1
    return changed


def any_enabled() -> bool:
    """Whether there is anything to ask."""
    return LiveSource.objects.filter(enabled=True).exists()


def forget_old_hours() -> None:
    LiveHour.objects.filter(hour__lt=clock.now() - KEPT).delete()
