"""The rows of harvested datasets, copied here as versions so that they can be asked: through the same door as any file.

A source says so (`with_rows`). A dataset's first table that can be read is copied when its record is new or changed,
and looked at again every week: its file may change without a word of its catalogue.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused
from lacydon.kernel.snapshots import moved

from ..errors import NotPublishable
from ..models import Arrival, Dataset
from ..queries.datasets import SNAPSHOT
from ..queries.harvests import is_to_copy, table_to_copy
from . import arrivals


def copy_rows(*, dataset: str) -> bool:
    """Copy the table of a harvested dataset, if it is time; whether a new version was made.

    What prevents it is kept with the dataset's origin, and shown on the page of its source.
    """
    row = Dataset.objects.select_related("source").filter(pk=dataset).first()
    if row is None or not is_to_copy(row):
        return False
    table = table_to_copy(row)
    if table is None:
        _told(row, fault=_("Aucun de ses fichiers n’est un tableau qui puisse être copié ici."))
        return False
    try:
        made = _copied(row, table.download_url)
    except Refused as refusal:
        _told(row, fault=str(refusal.sentence))
        return False
    _told(row)
    return made


def _copied(row: Dataset, url: str) -> bool:
    """Raises Refused: the address, the file, or what it holds of people."""
    arrival = arrivals.fetch(dataset=row.pk, actor=MACHINE, url=url)
    if arrival is None:  # the same file as last time
        return False
    try:
        arrival = arrivals.read(arrival=arrival)
        if arrival.state == Arrival.State.REFUSED:
            raise NotPublishable(arrival.refusal)
        arrivals.publish(
            arrival=arrival, actor=MACHINE, reason=_("Copié du catalogue « %s ».") % row.origin.get("catalogue", "")
        )
    except Refused:
        if arrival.state != Arrival.State.REFUSED:
            arrivals.refuse(arrival=arrival, why=_("Ce fichier moissonné ne peut pas être publié tel quel."))
        raise
    return True


@transaction.atomic
def _told(row: Dataset, *, fault: str = "") -> None:
    """Note of which record a copy was made or tried, and when."""
    fresh = Dataset.objects.select_for_update().get(pk=row.pk)
    told: dict[str, Any] = {"of": row.origin.get("hash", ""), "at": now().isoformat()}
    fresh.origin = {**fresh.origin, "copy": told | ({"fault": fault} if fault else {})}
    fresh.save(update_fields=["origin"])
    moved(SNAPSHOT)
