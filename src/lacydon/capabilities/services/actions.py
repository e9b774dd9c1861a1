"""Every write of the catalogue."""

from collections.abc import Iterable

from django.db import transaction

from lacydon.kernel.snapshots import moved
from lacydon.kernel.tables import make_equal

from . import models
from .queries.catalogue import SNAPSHOT


@transaction.atomic
def load_catalogue(
    *,
    sectors: Iterable[models.Sector],
    events: Iterable[models.Event],
    services: Iterable[models.PublicService],
    local_versions: Iterable[models.LocalVersion],
    words: Iterable[models.WordFile],
) -> dict[str, int]:
    """Make the tables equal to these rows; returns the number of changed rows by table. Changes nothing twice."""
    sectors = list(sectors)
    new_sectors = [row for row in sectors if not models.Sector.objects.filter(pk=row.pk).exists()]
    models.Sector.objects.bulk_create(new_sectors)  # before the services that need them; old ones go after
    changed = {
        "évènements": make_equal(models.Event, events),
        "services": make_equal(models.PublicService, services),
        "secteurs": make_equal(models.Sector, sectors) + len(new_sectors),
        "versions locales": make_equal(models.LocalVersion, local_versions),
        "mots": make_equal(models.WordFile, words),
    }
    if any(changed.values()):
        moved(SNAPSHOT)
    return changed
