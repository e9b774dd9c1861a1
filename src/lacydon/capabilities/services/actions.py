"""Every write of the catalogue."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from lacydon.kernel.snapshots import moved
from lacydon.kernel.tables import make_equal

from . import models
from .queries.catalogue import SNAPSHOT
from .queries.written import LocalText, ServiceText, stored


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
    # What was laid over the folder may stand on what another capability has just loaded or taken away.
    if any(changed.values()) or models.Layered.objects.exists():
        moved(SNAPSHOT)
    return changed


@transaction.atomic
def lay(
    *, layer: str, citycode: str, services: Iterable[ServiceText] = (), local: Mapping[str, LocalText] | None = None
) -> None:
    """Lay services of one commune, and what it says otherwise of others, over what the folder says.

    Nothing of the folder is touched: `lift` gives back exactly what it says by then. The caller has checked that who
    asks may, and that what is laid stands on something (`wrong_with`).
    """
    kinds = models.LayeredKind
    rows = [(kinds.SERVICE, each.id, stored(each, only_given=True)) for each in services]
    rows += [(kinds.LOCAL, id, stored(each, only_given=True)) for id, each in (local or {}).items()]
    models.Layered.objects.bulk_create(
        models.Layered(layer=layer, kind=kind, service=id, commune_id=citycode, fields=fields)
        for kind, id, fields in rows
    )
    moved(SNAPSHOT)


@transaction.atomic
def lift(*, layer: str, but: Iterable[str] = ()) -> int:
    """Take away what this layer laid, `but` some services; how many things."""
    count, _by_table = models.Layered.objects.filter(layer=layer).exclude(service__in=list(but)).delete()
    if count:
        moved(SNAPSHOT)
    return count
