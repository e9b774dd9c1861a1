"""The dataset and the file an address names, when they are of the organisation of who asks."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor

from ...errors import UnknownDataset
from ...models import Arrival, Dataset
from ...queries.arrivals import arrival_of


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def dataset_of(request: HttpRequest, id: str) -> Dataset:
    """Raises UnknownDataset, also for another organisation's."""
    found = Dataset.objects.filter(pk=id, organisation=actor_of(request).organisation).first()
    if found is None:
        raise UnknownDataset(_("Votre organisme n’a pas de jeu de données « %s ».") % id[:80])
    return found


def file_of(request: HttpRequest, id: str, arrival: UUID) -> tuple[Dataset, Arrival]:
    """Raises UnknownDataset, UnknownArrival."""
    dataset = dataset_of(request, id)
    return dataset, arrival_of(arrival, organisation=dataset.organisation_id)
