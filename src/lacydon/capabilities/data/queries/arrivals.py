"""Files that arrived to become versions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.kernel.errors import NotFound

from ..models import Arrival
from . import lake
from .intake import Inspection, read_inspection

QUICK = 5_000_000
"""Bytes up to which a file is read and published while its sender waits; beyond, a job does it."""


class UnknownArrival(NotFound):
    """No such file, or it is another organisation's."""

    code = "unknown-arrival"


def path_of(arrival: Arrival | UUID) -> Path:
    """Where the file that was sent is kept until it is published or refused."""
    return lake.workshop() / str(arrival.pk if isinstance(arrival, Arrival) else arrival)


def arrival_of(id: str | UUID, *, organisation: str) -> Arrival:
    """Raises UnknownArrival."""
    found = Arrival.objects.select_related("dataset").filter(pk=id, organisation=organisation).first()
    if found is None:
        raise UnknownArrival(_("Ce fichier n’est plus là : envoyez-le de nouveau."))
    return found


def inspection_of(arrival: Arrival) -> Inspection:
    """What was found of it."""
    return read_inspection(arrival.guessed)


def corrections_of(arrival: Arrival) -> Mapping[str, Mapping[str, Any]]:
    """What its sender corrected."""
    found: Mapping[str, Mapping[str, Any]] = arrival.corrected
    return found


def waiting(*, dataset: str) -> list[Arrival]:
    """The files of a dataset that are neither published nor refused, newest first."""
    states = [Arrival.State.RECEIVED, Arrival.State.READ]
    return list(Arrival.objects.filter(dataset=dataset, state__in=states)[:20])
